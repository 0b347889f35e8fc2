"""What tests of conversations and sources share: the contexts wired over some transactions, and ready-made things."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from adapters.memory.conversations import MemoryConversationQueries
from adapters.memory.database import MemoryDatabase
from adapters.memory.knowledge import MemorySourceQueries
from adapters.postgres.conversations.queries import PostgresConversationQueries
from adapters.postgres.database import PostgresDatabase, open_pool
from adapters.postgres.knowledge.queries import PostgresSourceQueries
from adapters.system import TimeOrderedIds
from application.conversations.assign_conversation import AssignConversation
from application.conversations.close_conversation import CloseConversation
from application.conversations.edit_conversation import EditConversation
from application.conversations.import_conversations import ImportConversations
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.conversations.queries import ConversationFilter, ConversationOrder, ConversationQueries
from application.conversations.reopen_conversation import ReopenConversation
from application.knowledge.add_sources import AddSource, AddSources, NewSource
from application.knowledge.archive_source import ArchiveSource
from application.knowledge.change_source import ChangeSource
from application.knowledge.queries import SourceQueries
from domain.conversations.conversation import Conversation
from domain.conversations.message import Author, Message
from domain.conversations.past import PastConversation, PastTurn
from domain.conversations.ports import ConversationsTx
from domain.conversations.values import Customer, Particulars
from domain.identity.roles import Role
from domain.identity.users import User
from domain.identity.workspaces import Membership, Workspace
from domain.knowledge.ports import KnowledgeTx
from domain.knowledge.source import Content, Scope, Source, SourceKind
from domain.shared.access import Actor
from domain.shared.ids import PLATFORM, ConversationId, MessageId, UserId, WorkspaceId
from domain.shared.ports import Ids, Transactions

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERMISSIONS = frozenset({"conversations:read", "conversations:write", "sources:read", "sources:write"})


@dataclass
class TickingClock:
    """`Clock` that goes on by a second each time it is looked at."""

    moment: datetime = NOON

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class TalkTx(ConversationsTx, KnowledgeTx, Protocol):
    """Both contexts' slices at once."""


def a_conversation(**known: Any) -> Conversation:
    """A conversation that was just opened; its events are gone."""
    customer = Customer(name=known.pop("customer", "Ada Byron"), email=known.pop("email", None))
    now = known.pop("now", NOON)
    conversation = Conversation.open(
        id=known.pop("id", None) or ConversationId(TimeOrderedIds().new()),
        workspace_id=known.pop("workspace_id", WorkspaceId(TimeOrderedIds().new())),
        number=known.pop("number", 1),
        particulars=Particulars(customer=customer, **known),
        now=now,
    )
    conversation.events.clear()
    return conversation


def a_past(external_id: str, *texts: str, is_closed: bool = False) -> PastConversation:
    """A conversation on file: the customer begins, staff answers, a minute apart."""
    authors = (Author.CUSTOMER, Author.STAFF)
    turns = [PastTurn(author=authors[n % 2], text=text, at=NOON + timedelta(minutes=n)) for n, text in enumerate(texts)]
    return PastConversation(
        external_id=external_id,
        particulars=Particulars(customer=Customer(name="Ada Byron")),
        began_at=NOON,
        turns=turns,
        is_closed=is_closed,
    )


@dataclass(kw_only=True)
class Talk:
    """The contexts of conversations and sources, wired over one kind of transactions, and one workspace's actor."""

    transactions: Transactions[TalkTx]
    raw: Transactions[Any]
    queries: ConversationQueries
    sources: SourceQueries
    clock: TickingClock
    ids: Ids = field(default_factory=TimeOrderedIds)

    def __post_init__(self) -> None:
        tx, clock, ids = self.transactions, self.clock, self.ids
        self.actor = self.somebody()
        self.open = OpenConversation(tx, clock, ids)
        self.post = PostMessage(tx, clock, ids)
        self.close = CloseConversation(tx, clock)
        self.reopen = ReopenConversation(tx, clock)
        self.assign = AssignConversation(tx)
        self.edit = EditConversation(tx)
        self.load = ImportConversations(tx, ids)
        self.add_source = AddSource(tx, clock, ids)
        self.add_sources = AddSources(tx, clock, ids)
        self.change_source = ChangeSource(tx, clock)
        self.archive_source = ArchiveSource(tx, clock)

    def somebody(self, permissions: frozenset[str] = PERMISSIONS) -> Actor:
        """A person in a workspace of their own, which nobody else has."""
        return Actor(
            user_id=UserId(self.ids.new()),
            workspace_id=WorkspaceId(self.ids.new()),
            permissions=permissions,
            role="staff",
        )

    async def begin(
        self, *, actor: Actor | None = None, customer: str = "Ada Byron", first: str | None = None, **known: Any
    ) -> Conversation:
        """A stored conversation, with the customer's first message if there is one."""
        particulars = Particulars(customer=Customer(name=customer), **known)
        return await self.open(actor=actor or self.actor, particulars=particulars, first_text=first)

    async def say(
        self, conversation: Conversation, text: str = "Hello", author: Author = Author.CUSTOMER, **more: Any
    ) -> Message:
        """A stored message."""
        posted = await self.post(
            actor=more.pop("actor", self.actor),
            conversation_id=conversation.id,
            text=text,
            author=author,
            **more,
        )
        return posted.message

    async def draft(self, conversation: Conversation, text: str = "A draft") -> Message:
        """A stored draft."""
        async with self.transactions.begin(self.actor.tenant) as tx:
            present = await tx.conversations.get(conversation.id)
            draft = present.draft(MessageId(self.ids.new()), text, self.clock.now())
            await tx.conversations.save(present, draft)
            return draft

    async def a_member(self) -> UserId:
        """A member of the actor's workspace."""
        user = User.register(
            id=UserId(self.ids.new()),
            email=f"{self.ids.new().hex}@example.test",
            display_name="Grace",
            now=NOON,
        )
        workspace = Workspace.found(id=self.actor.tenant, name="Harbour Cars", owner_id=user.id, now=NOON)
        member = Membership.add(
            id=self.ids.new(), workspace_id=workspace.id, user_id=user.id, role=Role.OWNER, now=NOON
        )
        async with self.raw.begin(PLATFORM) as tx:
            await tx.users.register(user, "hash")
            await tx.workspaces.found(workspace, member)
        return user.id

    async def walk(
        self, limit: int = 2, order: ConversationOrder = ConversationOrder.NEWEST, **wanted: Any
    ) -> list[int]:
        """The numbers on all pages."""
        numbers: list[int] = []
        after = None
        while True:
            page = await self.queries.page(
                self.actor.tenant, ConversationFilter(**wanted), order, after=after, limit=limit
            )
            numbers += [line.number for line in page.items]
            after = page.after
            if after is None:
                return numbers

    async def know(self, title: str = "Golf", *, actor: Actor | None = None, **known: Any) -> Source:
        """A stored source; `fields`, `text`, `entity`, `service` and `scope` as given."""
        new = a_source(title, **known)
        return await self.add_source(actor=actor or self.actor, new=new)


def a_source(title: str = "Golf", *, kind: str = "inventory", scope: Scope | None = None, **known: Any) -> NewSource:
    """A fact to add."""
    external_id = known.pop("external_id", None)
    known.setdefault("fields", {"price": "18950 EUR"})
    return NewSource(
        kind=SourceKind(kind),
        content=Content(title=title, **known),
        scope=scope or Scope(),
        external_id=external_id,
    )


def in_memory() -> Talk:
    """Over dictionaries."""
    clock, ids = TickingClock(), TimeOrderedIds()
    memory = MemoryDatabase(clock, ids)
    return Talk(
        transactions=memory,
        raw=memory,
        queries=MemoryConversationQueries(memory),
        sources=MemorySourceQueries(memory),
        clock=clock,
    )


@asynccontextmanager
async def on_postgres(url: str, **options: int) -> AsyncGenerator[Talk]:
    """Over PostgreSQL, as the application's role."""
    pool = await open_pool(url)
    clock, ids = TickingClock(), TimeOrderedIds()
    database = PostgresDatabase(pool, clock, ids)
    try:
        yield Talk(
            transactions=database,
            raw=database,
            queries=PostgresConversationQueries(database, **options),
            sources=PostgresSourceQueries(database),
            clock=clock,
        )
    finally:
        await pool.close()
