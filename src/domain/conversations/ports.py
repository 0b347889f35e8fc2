"""What conversations need of the outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from domain.conversations.conversation import Conversation
from domain.conversations.message import Message
from domain.shared.ids import ConversationId, UserId


class Conversations(Protocol):
    """The tenant's conversations, for changing. To look at lists, use queries."""

    async def get(self, id: UUID, /, *, lock: bool = True) -> Conversation:
        """Load one and lock it until the transaction ends; messages get their order from this lock.

        Raises:
            ConversationNotFound: none with this id in this tenant.
        """
        ...

    async def save(self, conversation: Conversation, new: Message | None = None, /) -> None:
        """Insert or update it, together with a message that is new in it, and hand their events to the feed.

        Raises:
            PreconditionFailed: it was changed meanwhile by another transaction.
        """
        ...

    async def take_numbers(self, count: int = 1, /) -> int:
        """The first of `count` fresh numbers of the workspace. A rollback gives them back: there are no gaps."""
        ...

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, ConversationId]:
        """Which of these were imported before; asked with all other imports into this workspace locked out."""
        ...

    async def add_past(self, past: Sequence[tuple[Conversation, Sequence[Message]]], /) -> None:
        """Insert new conversations with all their messages, in few round trips, with their events."""
        ...


class Messages(Protocol):
    """The tenant's messages. Lock the conversation first: it gives them their order."""

    async def get(self, id: UUID, /, *, lock: bool = True) -> Message:
        """Load one and lock it until the transaction ends.

        Raises:
            MessageNotFound: none with this id in this tenant.
        """
        ...

    async def save(self, message: Message, /) -> None:
        """Insert or update it, and hand its events to the feed."""
        ...

    async def by_client_id(self, conversation_id: ConversationId, client_message_id: str, /) -> Message | None:
        """What an earlier try with this id wrote. With the conversation locked, nobody else is writing it now."""
        ...

    async def latest(self, conversation_id: ConversationId, episode: int, limit: int, /) -> Sequence[Message]:
        """The last `limit` sent messages of the episode, oldest first."""
        ...


class Members(Protocol):
    """Who belongs to the workspace."""

    async def include(self, user_id: UserId, /) -> bool:
        """Whether this person is a member now."""
        ...


class ConversationsTx(Protocol):
    """What this context may touch in one transaction."""

    @property
    def conversations(self) -> Conversations: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def members(self) -> Members: ...
