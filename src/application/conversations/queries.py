"""What lists and screens show of conversations: Structs, selected as columns."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

import msgspec

from application.shared.excerpts import Span
from application.shared.pages import Key, Page
from domain.conversations.conversation import Conversation
from domain.conversations.message import Message
from domain.conversations.statuses import allowed_moves
from domain.shared.errors import FieldProblem
from domain.shared.ids import ConversationId, MessageId, WorkspaceId


class ConversationOrder(StrEnum):
    """Orders of the list. By creation, nothing repeats and nothing is missed while conversations are added and
    change; by the last message, one that gets a message meanwhile moves to the front.
    """

    NEWEST = "-created_at"
    OLDEST = "created_at"
    LATEST_MESSAGE = "-last_message_at"


class ConversationFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations; several values of one name mean any of them. `created_after` and `created_before` are
    inclusive and exclusive, UTC. `q` searches subjects, customers' names and sent messages.
    """

    statuses: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    assignee_ids: tuple[UUID, ...] = ()
    is_assigned: bool | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    q: str | None = None


class Match(msgspec.Struct, frozen=True):
    """Where a search found something: the latest matching message, or the heading (subject and customer) where
    `message_id` is None. `is_similar` tells that no text has the words, only ones like them.
    """

    text: str
    spans: list[Span]
    message_id: UUID | None
    is_similar: bool


class ConversationLine(msgspec.Struct, frozen=True):
    """One row of the list; no message texts but what a search found."""

    id: UUID
    number: int
    customer_name: str
    channel: str
    subject: str
    priority: str
    status: str
    assignee_id: UUID | None
    last_sequence: int
    created_at: datetime
    last_message_at: datetime
    waiting_since_at: datetime | None
    match: Match | None = None


class ConversationView(msgspec.Struct, frozen=True):
    """One conversation in full, without its messages."""

    id: UUID
    version: int
    number: int
    customer_name: str
    customer_email: str | None
    customer_external_id: str | None
    channel: str
    subject: str
    priority: str
    status: str
    assignee_id: UUID | None
    external_id: str | None
    last_sequence: int
    episode: int
    open_draft_id: UUID | None
    created_at: datetime
    last_message_at: datetime
    episode_started_at: datetime
    first_reply_at: datetime | None
    waiting_since_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """What the aggregate looks like now."""
        return cls(
            id=conversation.id,
            version=conversation.version,
            number=conversation.number,
            customer_name=conversation.customer.name,
            customer_email=conversation.customer.email,
            customer_external_id=conversation.customer.external_id,
            channel=conversation.channel.value,
            subject=conversation.subject,
            priority=conversation.priority.value,
            status=conversation.status.value,
            assignee_id=conversation.assignee_id,
            external_id=conversation.external_id,
            last_sequence=conversation.last_sequence,
            episode=conversation.episode,
            open_draft_id=conversation.open_draft_id,
            created_at=conversation.created_at,
            last_message_at=conversation.last_message_at,
            episode_started_at=conversation.episode_started_at,
            first_reply_at=conversation.first_reply_at,
            waiting_since_at=conversation.waiting_since_at,
            closed_at=conversation.closed_at,
        )


class ConversationStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The little that a poll needs. `allowed_moves` are lines of the published status machine."""

    id: UUID
    version: int
    status: str
    episode: int
    last_sequence: int
    last_message_at: datetime
    waiting_since_at: datetime | None
    open_draft_id: UUID | None
    allowed_moves: list[str]

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """What the aggregate looks like now."""
        return cls(
            id=conversation.id,
            version=conversation.version,
            status=conversation.status.value,
            episode=conversation.episode,
            last_sequence=conversation.last_sequence,
            last_message_at=conversation.last_message_at,
            waiting_since_at=conversation.waiting_since_at,
            open_draft_id=conversation.open_draft_id,
            allowed_moves=[move.value for move in allowed_moves(conversation.status)],
        )


class MessageView(msgspec.Struct, frozen=True):
    """One message. `sequence` and `sent_at` are None unless it was sent."""

    id: UUID
    conversation_id: UUID
    version: int
    sequence: int | None
    episode: int
    author: str
    author_id: UUID | None
    text: str
    client_message_id: str | None
    state: str
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, message: Message) -> Self:
        """What the aggregate looks like now."""
        return cls(
            id=message.id,
            conversation_id=message.conversation_id,
            version=message.version,
            sequence=message.sequence,
            episode=message.episode,
            author=message.author.value,
            author_id=message.author_id,
            text=message.text,
            client_message_id=message.client_message_id,
            state=message.state.value,
            created_at=message.created_at,
            sent_at=message.sent_at,
        )


Since = int | MessageId | datetime
"""From where a poll goes on: behind this sequence, behind this message, or at and after this moment (UTC)."""


def unknown_since() -> FieldProblem:
    """What is wrong with a `since` that names no sent message of the conversation."""
    return FieldProblem(parameter="since", code="not_found", message="must be a sent message of this conversation")


class ConversationQueries(Protocol):
    """Reading, without locks."""

    async def page(
        self,
        tenant: WorkspaceId,
        wanted: ConversationFilter,
        order: ConversationOrder,
        *,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[ConversationLine]:
        """Conversations in the order asked for, from behind the key `after`.

        A search goes by words that begin so; only where nothing at all has them, by similar ones.
        """
        ...

    async def one(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationView:
        """One conversation.

        Raises:
            ConversationNotFound: none with this id in this tenant.
        """
        ...

    async def status(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationStatus:
        """Its status in short.

        Raises:
            ConversationNotFound: none with this id in this tenant.
        """
        ...

    async def messages(
        self,
        tenant: WorkspaceId,
        conversation_id: ConversationId,
        *,
        since: Since | None = None,
        newest_first: bool = False,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[MessageView]:
        """Sent messages by their sequence.

        Raises:
            ConversationNotFound: none with this id in this tenant.
            Invalid: `since` names no sent message of this conversation (parameter `since`).
        """
        ...

    async def message(self, tenant: WorkspaceId, message_id: MessageId) -> MessageView:
        """One message, also a draft.

        Raises:
            MessageNotFound: none with this id in this tenant.
        """
        ...
