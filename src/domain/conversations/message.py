"""Messages: what was said, and what the assistant would say."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.conversations.events import DraftDiscarded, DraftRejected, MessageEvent
from domain.shared.errors import Gone, Invalid, InvalidState, NotFound
from domain.shared.ids import ConversationId, MessageId, UserId, WorkspaceId

LONGEST_TEXT: Final = 20_000
"""Characters of one message at most."""


class Author(StrEnum):
    """Whose words these are. The set may grow."""

    CUSTOMER = "customer"
    STAFF = "staff"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """The life of a message; only drafts change. The set may grow."""

    SENT = "sent"
    DRAFT = "draft"
    REJECTED = "rejected"
    DISCARDED = "discarded"


class MessageNotFound(NotFound):
    """No message with this id in this workspace."""


class DraftIsGone(Gone):
    """The draft is out of date: somebody wrote first, so nobody gets to read it."""


class NotADraft(InvalidState):
    """The draft was decided on before, or this never was one."""


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message of a conversation, or a draft of one.

    `sequence` is None until it is sent, and then its place in the conversation, from 1 without gaps. `author_id` is
    the member who wrote it or accepted it; `recorded_by` is the caller's stable name (`Actor.caller`).
    Times are UTC; `sent_at` is None unless it was sent.
    """

    id: MessageId
    workspace_id: WorkspaceId
    conversation_id: ConversationId
    episode: int
    author: Author
    text: str
    state: MessageState
    recorded_by: str
    created_at: datetime
    sequence: int | None = None
    author_id: UserId | None = None
    client_message_id: str | None = None
    sent_at: datetime | None = None
    version: int = 0
    events: list[MessageEvent] = field(default_factory=list[MessageEvent], repr=False)

    def __post_init__(self) -> None:
        check_text(self.text)

    def discard(self) -> None:
        """Take the draft away because it is out of date.

        Raises:
            NotADraft: it is no open draft.
        """
        self._must_be_draft()
        self.state = MessageState.DISCARDED
        self.events.append(DraftDiscarded(message_id=self.id, conversation_id=self.conversation_id))

    def reject(self, *, by: UserId | None, recorded_by: str) -> None:
        """Take the draft away because a person said no.

        Raises:
            NotADraft: it is no open draft.
        """
        self._must_be_draft()
        self.state = MessageState.REJECTED
        self.author_id, self.recorded_by = by, recorded_by
        self.events.append(DraftRejected(message_id=self.id, conversation_id=self.conversation_id))

    def _must_be_draft(self) -> None:
        if self.state is not MessageState.DRAFT:
            raise NotADraft(f"this message is {self.state}, no open draft", current=self.state.value, allowed=["draft"])


def check_text(text: str) -> None:
    """Refuse a message that says nothing, or too much.

    Raises:
        Invalid: at `/text`.
    """
    if not text.strip():
        raise Invalid.at("/text", "must say something", code="blank")
    if len(text) > LONGEST_TEXT:
        raise Invalid.at("/text", f"must have at most {LONGEST_TEXT} characters", code="too_long", max=LONGEST_TEXT)
