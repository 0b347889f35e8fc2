"""Conversations."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET

from application.conversations.edit_conversation import EditConversation
from application.conversations.get_conversation import GetConversation, GetConversationStatus
from application.conversations.list_conversations import ListConversations
from application.conversations.open_conversation import OpenConversation
from application.conversations.queries import ConversationFilter, ConversationOrder, ConversationView
from domain.conversations.values import Customer, Particulars, Priority
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, private_id
from entrypoints.http.conversations.bodies import (
    ConversationBody,
    ConversationChanges,
    ConversationEnvelope,
    ConversationList,
    ConversationStatusBody,
    ConversationStatusEnvelope,
    ConversationSummary,
    NewConversation,
)
from entrypoints.http.conversations.fields import (
    AssigneeFilter,
    ChannelFilter,
    ConversationIdInPath,
    CreatedAfter,
    CreatedBefore,
    IsAssigned,
    PriorityFilter,
    StatusFilter,
    members_of,
    moment_of,
)
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import CursorText, IfMatch, Limit
from entrypoints.http.once import OnlyOnce

Query = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=200,
        description=(
            "Words in messages, subjects and customers' names. Each also finds longer words that begin so; quotes, "
            "`or` and `-` work as in a web search. Where nothing has the words, similar ones are found."
        ),
        examples=[Example(value="winter tyres")],
    ),
]
Sort = Annotated[
    Literal["-created_at", "created_at", "-last_message_at"],
    QueryParameter(
        description=(
            "By creation, nothing is repeated or missed while conversations are added and change; by last message, one "
            "that gets a message meanwhile moves to the front."
        ),
        examples=[Example(value="-created_at")],
    ),
]


class ConversationController(Controller):
    path = "/conversations"
    tags = ("Conversations",)

    @get(operation_id="conversations_list")
    async def page(  # noqa: PLR0913, PLR0917 -- one name for each filter
        self,
        actor: NamedDependency[Actor],
        list_conversations: NamedDependency[ListConversations],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
        status: StatusFilter = None,
        priority: PriorityFilter = None,
        channel: ChannelFilter = None,
        assignee_id: AssigneeFilter = None,
        is_assigned: IsAssigned = None,
        created_after: CreatedAfter = None,
        created_before: CreatedBefore = None,
        q: Query = None,
        sort: Sort = "-created_at",
    ) -> ConversationList:
        """List and search conversations.

        No filter is applied unless asked for. Items are light; read the messages of one under its `/messages`.
        """
        wanted = ConversationFilter(
            statuses=_values(status),
            priorities=_values(priority),
            channels=_values(channel),
            assignee_ids=members_of(assignee_id, "assignee_id"),
            is_assigned=is_assigned,
            created_after=moment_of(created_after, "created_after"),
            created_before=moment_of(created_before, "created_before"),
            q=q,
        )
        page = await list_conversations(
            actor=actor, wanted=wanted, order=ConversationOrder(sort), after=paging.after(cursor), limit=limit
        )
        lines = [ConversationSummary.of(line) for line in page.items]
        return ConversationList(data=lines, page=paging.info(page, limit))

    @post(operation_id="conversations_create")
    async def create(
        self,
        actor: NamedDependency[Actor],
        open_conversation: NamedDependency[OpenConversation],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[NewConversation],
    ) -> Response[ConversationEnvelope]:
        """Open a conversation.

        It gets the workspace's next number. `text`, if given, becomes the customer's first message.
        """
        customer = data.customer
        particulars = Particulars(
            customer=Customer(name=customer.name, email=customer.email, external_id=customer.external_id),
            channel=data.channel,
            subject=data.subject,
            priority=data.priority,
        )

        async def act(open_conversation: OpenConversation) -> Response[ConversationEnvelope]:
            made = await open_conversation(actor=actor, particulars=particulars, first_text=data.text)
            body = ConversationBody.of(ConversationView.of(made))
            return created(ConversationEnvelope(body), f"/api/v1/conversations/{body.id}", version=made.version)

        return await once(open_conversation, act)

    @get("/{conversation_id:str}", operation_id="conversations_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        get_conversation: NamedDependency[GetConversation],
        conversation_id: ConversationIdInPath,
    ) -> Response[ConversationEnvelope]:
        """Show a conversation."""
        wanted = ConversationId(private_id("conv", conversation_id))
        view = await get_conversation(actor=actor, conversation_id=wanted)
        return tagged(ConversationEnvelope(ConversationBody.of(view)), view.version)

    @get("/{conversation_id:str}/status", operation_id="conversations_status")
    async def status(
        self,
        actor: NamedDependency[Actor],
        get_conversation_status: NamedDependency[GetConversationStatus],
        conversation_id: ConversationIdInPath,
    ) -> Response[ConversationStatusEnvelope]:
        """Show where a conversation stands.

        Made for polling: send the `ETag` as `If-None-Match`, and 304 says that nothing happened.
        """
        wanted = ConversationId(private_id("conv", conversation_id))
        found = await get_conversation_status(actor=actor, conversation_id=wanted)
        return tagged(ConversationStatusEnvelope(ConversationStatusBody.of(found)), found.version)

    @patch(
        "/{conversation_id:str}",
        operation_id="conversations_update",
        opt={"problems": ("precondition_failed",)},
    )
    async def update(
        self,
        actor: NamedDependency[Actor],
        edit_conversation: NamedDependency[EditConversation],
        once: NamedDependency[OnlyOnce],
        conversation_id: ConversationIdInPath,
        data: JSONBody[ConversationChanges],
        if_match: IfMatch = None,
    ) -> Response[ConversationEnvelope]:
        """Change a conversation's subject or priority."""
        wanted = ConversationId(private_id("conv", conversation_id))
        seen = seen_version(if_match)
        subject = None if data.subject is UNSET else data.subject or ""
        priority = None if data.priority is UNSET else data.priority or Priority.NORMAL

        async def act(edit_conversation: EditConversation) -> Response[ConversationEnvelope]:
            edited = await edit_conversation(
                actor=actor, conversation_id=wanted, subject=subject, priority=priority, seen_version=seen
            )
            body = ConversationBody.of(ConversationView.of(edited))
            return tagged(ConversationEnvelope(body), edited.version)

        return await once(edit_conversation, act)


def _values(chosen: Sequence[StrEnum] | None) -> tuple[str, ...]:
    """Each value once: a repeated one asks for nothing more."""
    return tuple(dict.fromkeys(each.value for each in chosen or ()))
