"""What happens to conversations and messages, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event
from domain.shared.ids import ConversationId, MessageId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEvent(Event):
    """Something happened to a conversation."""

    conversation_id: ConversationId

    @property
    def subject(self) -> tuple[str, UUID]:
        return "conv", self.conversation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOpened(ConversationEvent):
    name: ClassVar[str] = "conversation.opened"
    number: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationImported(ConversationEvent):
    """It happened elsewhere, long ago, and was loaded with all its messages: nothing is waiting for an answer."""

    name: ClassVar[str] = "conversation.imported"
    number: int
    channel: str
    message_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEdited(ConversationEvent):
    name: ClassVar[str] = "conversation.edited"
    subject_line: str
    priority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAssigned(ConversationEvent):
    """`assignee_id` is None when it went back to nobody."""

    name: ClassVar[str] = "conversation.assigned"
    assignee_id: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClosed(ConversationEvent):
    """An episode ended; its clocks, as they stood."""

    name: ClassVar[str] = "conversation.closed"
    episode: int
    episode_started_at: datetime
    first_reply_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReopened(ConversationEvent):
    """`episode` is the new one."""

    name: ClassVar[str] = "conversation.reopened"
    episode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEvent(Event):
    """Something happened to a message."""

    message_id: MessageId
    conversation_id: ConversationId

    @property
    def subject(self) -> tuple[str, UUID]:
        return "msg", self.message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(MessageEvent):
    """A message has its place in the conversation. `author` is `customer`, `staff` or `assistant`."""

    name: ClassVar[str] = "message.sent"
    sequence: int
    episode: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageImported(MessageEvent):
    """The same for a message that was sent elsewhere, long ago."""

    name: ClassVar[str] = "message.imported"
    sequence: int
    episode: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftKept(MessageEvent):
    """The assistant's draft waits for a person."""

    name: ClassVar[str] = "draft.kept"
    seen_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(MessageEvent):
    """Somebody wrote, a newer draft came or the conversation was closed: the draft is out of date."""

    name: ClassVar[str] = "draft.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRejected(MessageEvent):
    """A person said no to the draft."""

    name: ClassVar[str] = "draft.rejected"
