"""Fills an empty installation with the demo workspace. Every step looks first: a seed that died goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Final

import msgspec

from application.assistance.request_suggestion import RequestSuggestion
from application.conversations.import_conversations import ImportConversations
from application.identity.actors import as_member, as_person
from application.identity.add_member import AddMember
from application.identity.create_api_key import CreateApiKey
from application.identity.found_workspace import FoundWorkspace
from application.identity.queries import ListApiKeys, ListWorkspaces
from application.identity.register import CreateAccount
from application.knowledge.add_sources import AddSources, NewSource
from domain.conversations.message import Author
from domain.conversations.past import PastConversation, PastTurn
from domain.conversations.values import Channel, Customer, Particulars, Priority
from domain.identity.roles import Role
from domain.knowledge.source import Content, SourceKind
from domain.shared.access import Actor
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, UserId, WorkspaceId
from domain.shared.ports import Clock

KEY_SCOPES: Final = (
    "conversations:read",
    "conversations:write",
    "sources:read",
    "sources:write",
    "assistance:use",
    "jobs:read",
    "events:read",
)


class DemoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who works there."""

    email: str
    display_name: str
    role: Role


class DemoSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact of the dealership."""

    external_id: str
    kind: SourceKind
    service: str
    title: str
    entity: str
    fields: dict[str, str]
    text: str = ""


class DemoMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was said."""

    author: Author
    text: str


class DemoCustomer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks."""

    name: str
    email: str


class DemoConversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One talk in the morning's inbox."""

    external_id: str
    customer: DemoCustomer
    channel: Channel
    subject: str
    priority: Priority
    messages: list[DemoMessage]


class DemoWorkspace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class Demo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `dealership.json`."""

    password: str
    workspace: DemoWorkspace
    staff: list[DemoPerson]
    sources: list[DemoSource]
    conversations: list[DemoConversation]


class Login(msgspec.Struct, frozen=True):
    """How to sign in as one of the staff."""

    role: str
    email: str
    password: str


class Seeded(msgspec.Struct, frozen=True):
    """What is there now. `api_key` is None where it was made before: a key is told once."""

    workspace_id: WorkspaceId
    logins: list[Login]
    api_key: str | None
    sources: int
    conversations: int


def read_demo() -> Demo:
    """The demo data that ships with the product."""
    return msgspec.json.decode(files("entrypoints.demo").joinpath("dealership.json").read_bytes(), type=Demo)


@dataclass(frozen=True, slots=True)
class SeedDemo:
    """Make the demo workspace, or what is missing of it."""

    create_account: CreateAccount
    found_workspace: FoundWorkspace
    list_workspaces: ListWorkspaces
    add_member: AddMember
    create_api_key: CreateApiKey
    list_api_keys: ListApiKeys
    add_sources: AddSources
    import_conversations: ImportConversations
    request_suggestion: RequestSuggestion
    clock: Clock

    async def __call__(self, *, renew_key: bool = False) -> Seeded:
        """Repeatable; asks for a draft in each conversation that is new.

        Args:
            renew_key: make another API key where there is one whose text nobody kept.
        """
        demo = read_demo()
        people = {person.email: await self._account(person, demo.password) for person in demo.staff}
        owner_id = people[demo.staff[0].email]
        workspace_id = await self._workspace(owner_id, demo.workspace.name)
        owner = as_member(owner_id, workspace_id, Role.OWNER)
        await self._members(owner, demo, people)
        await self.add_sources(actor=owner, batch=[_source(source) for source in demo.sources])
        await self._conversations(owner, demo)
        return Seeded(
            workspace_id=workspace_id,
            logins=[Login(person.role.value, person.email, demo.password) for person in demo.staff],
            api_key=await self._api_key(owner, renew=renew_key),
            sources=len(demo.sources),
            conversations=len(demo.conversations),
        )

    async def _account(self, person: DemoPerson, password: str) -> UserId:
        try:
            user = await self.create_account(email=person.email, password=password, display_name=person.display_name)
        except AlreadyExists as there:
            return UserId(msgspec.convert(there.facts["user_id"], type=UserId))
        return user.id

    async def _workspace(self, owner_id: UserId, name: str) -> WorkspaceId:
        owner = as_person(owner_id)
        known = await self.list_workspaces(actor=owner, limit=100)
        for line in known.items:
            if line.name == name:
                return WorkspaceId(line.id)
        return (await self.found_workspace(actor=owner, name=name)).id

    async def _members(self, owner: Actor, demo: Demo, people: Mapping[str, UserId]) -> None:
        for person in demo.staff:
            if people[person.email] != owner.user_id:
                try:
                    await self.add_member(
                        actor=owner, workspace_id=owner.workspace_id, email=person.email, role=person.role
                    )
                except AlreadyExists:
                    continue

    async def _conversations(self, owner: Actor, demo: Demo) -> None:
        now = self.clock.now()
        batch = [
            _past(conversation, now - timedelta(minutes=7 * back))
            for back, conversation in enumerate(reversed(demo.conversations), 1)
        ]
        done = await self.import_conversations(actor=owner, batch=batch[::-1])
        if done.new_conversations:
            for conversation_id in done.ids.values():
                await self.request_suggestion(actor=owner, conversation_id=ConversationId(conversation_id))

    async def _api_key(self, owner: Actor, *, renew: bool) -> str | None:
        known = await self.list_api_keys(actor=owner, limit=100)
        if not renew and any(key.name == "Demo" and key.revoked_at is None for key in known.items):
            return None
        _, text = await self.create_api_key(actor=owner, name="Demo", scopes=KEY_SCOPES)
        return text.text


def _source(source: DemoSource) -> NewSource:
    content = Content(
        title=source.title, entity=source.entity, service=source.service, fields=source.fields, text=source.text
    )
    return NewSource(kind=source.kind, content=content, external_id=source.external_id)


def _past(conversation: DemoConversation, began_at: datetime) -> PastConversation:
    customer = Customer(name=conversation.customer.name, email=conversation.customer.email)
    return PastConversation(
        external_id=conversation.external_id,
        particulars=Particulars(
            customer=customer,
            channel=conversation.channel,
            subject=conversation.subject,
            priority=conversation.priority,
        ),
        began_at=began_at,
        turns=[
            PastTurn(author=message.author, text=message.text, at=began_at + timedelta(minutes=minute))
            for minute, message in enumerate(conversation.messages)
        ],
    )
