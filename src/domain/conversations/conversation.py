"""A conversation with one customer: its order, its clocks, its episodes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from domain.conversations.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationEdited,
    ConversationEvent,
    ConversationOpened,
    ConversationReopened,
    DraftKept,
    MessageSent,
)
from domain.conversations.message import Author, Message, MessageState, NotADraft, check_text
from domain.conversations.statuses import Move, Status, after
from domain.conversations.values import Channel, Customer, Particulars, Priority
from domain.shared.errors import NotFound
from domain.shared.ids import ConversationId, MessageId, UserId, WorkspaceId


class ConversationNotFound(NotFound):
    """No conversation with this id in this workspace."""


@dataclass(slots=True, kw_only=True, eq=False)
class Conversation:
    """Messages in one order, cut into episodes by closing and reopening.

    Clocks are facts of the present episode, UTC: `waiting_since_at` is when the oldest unanswered message of the
    customer came, `first_reply_at` when we first answered. `last_message_at` is the creation while there is no
    message. At most one draft is open at a time; whoever writes ends it.
    """

    id: ConversationId
    workspace_id: WorkspaceId
    number: int
    customer: Customer
    channel: Channel
    subject: str
    created_at: datetime
    last_message_at: datetime
    episode_started_at: datetime
    priority: Priority = Priority.NORMAL
    status: Status = Status.OPEN
    assignee_id: UserId | None = None
    external_id: str | None = None
    last_sequence: int = 0
    episode: int = 1
    open_draft_id: MessageId | None = None
    first_reply_at: datetime | None = None
    waiting_since_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0
    events: list[ConversationEvent] = field(default_factory=list[ConversationEvent], repr=False)

    @classmethod
    def open(
        cls,
        *,
        id: ConversationId,
        workspace_id: WorkspaceId,
        number: int,
        particulars: Particulars,
        now: datetime,
    ) -> Self:
        """Begin a conversation; `number` is the workspace's next."""
        conversation = cls(
            id=id,
            workspace_id=workspace_id,
            number=number,
            customer=particulars.customer,
            channel=particulars.channel,
            subject=particulars.subject,
            priority=particulars.priority,
            external_id=particulars.external_id,
            created_at=now,
            last_message_at=now,
            episode_started_at=now,
        )
        conversation.events.append(
            ConversationOpened(conversation_id=id, number=number, channel=particulars.channel.value)
        )
        return conversation

    def edit(self, *, subject: str, priority: Priority) -> None:
        """Change what it is called and how urgent it is; in any status."""
        if (subject, priority) == (self.subject, self.priority):
            return
        self.subject, self.priority = subject, priority
        self.events.append(ConversationEdited(conversation_id=self.id, subject_line=subject, priority=priority.value))

    def assign(self, assignee_id: UserId | None) -> None:
        """Give it to a member of the workspace, or back to nobody. The caller has checked the membership.

        Raises:
            IllegalMove: it is closed.
        """
        self.status = after(self.status, Move.ASSIGN)
        if assignee_id != self.assignee_id:
            self.assignee_id = assignee_id
            self.events.append(ConversationAssigned(conversation_id=self.id, assignee_id=assignee_id))

    def close(self, now: datetime, *, open_draft: Message | None = None) -> None:
        """End the episode. `open_draft` is the message behind `open_draft_id`; save it, too.

        Raises:
            IllegalMove: it is closed already.
        """
        self.status = after(self.status, Move.CLOSE)
        self._discard(open_draft)
        self.closed_at, self.waiting_since_at = now, None
        self.events.append(
            ConversationClosed(
                conversation_id=self.id,
                episode=self.episode,
                episode_started_at=self.episode_started_at,
                first_reply_at=self.first_reply_at,
            )
        )

    def reopen(self, now: datetime) -> None:
        """Begin a new episode without a message.

        Raises:
            IllegalMove: it is not closed.
        """
        self.status = after(self.status, Move.REOPEN)
        self._start_episode(now)

    def post(
        self,
        message_id: MessageId,
        author: Author,
        text: str,
        now: datetime,
        *,
        author_id: UserId | None = None,
        recorded_by: str = "",
        client_message_id: str | None = None,
        open_draft: Message | None = None,
    ) -> Message:
        """Add a message behind all others. `open_draft` is the message behind `open_draft_id`; save it, too.

        Raises:
            IllegalMove: it is closed, and the author is not the customer.
            Invalid: the text is blank or too long.
        """
        check_text(text)
        was_closed = self.status is Status.CLOSED
        self.status = after(self.status, Move.CUSTOMER_WRITES if author is Author.CUSTOMER else Move.STAFF_WRITES)
        if was_closed:
            self._start_episode(now)
        self._discard(open_draft)
        message = Message(
            id=message_id,
            workspace_id=self.workspace_id,
            conversation_id=self.id,
            episode=self.episode,
            author=author,
            author_id=author_id,
            recorded_by=recorded_by,
            text=text,
            client_message_id=client_message_id,
            state=MessageState.SENT,
            created_at=now,
        )
        self._place(message, now)
        return message

    def draft(
        self,
        message_id: MessageId,
        text: str,
        now: datetime,
        *,
        recorded_by: str = "",
        open_draft: Message | None = None,
    ) -> Message:
        """Keep what the assistant would say, for a person to decide on. An earlier draft is discarded.

        Raises:
            IllegalMove: it is closed.
            Invalid: the text is blank or too long.
        """
        self.status = after(self.status, Move.DRAFT)
        draft = Message(
            id=message_id,
            workspace_id=self.workspace_id,
            conversation_id=self.id,
            episode=self.episode,
            author=Author.ASSISTANT,
            recorded_by=recorded_by,
            text=text,
            state=MessageState.DRAFT,
            created_at=now,
        )
        self._discard(open_draft)
        self.open_draft_id = message_id
        draft.events.append(DraftKept(message_id=message_id, conversation_id=self.id, seen_sequence=self.last_sequence))
        return draft

    def send_draft(
        self, draft: Message, text: str, now: datetime, *, by: UserId | None, recorded_by: str = ""
    ) -> Message:
        """Send the open draft, with the text as the person left it, as the next message.

        Raises:
            IllegalMove: the conversation is closed.
            NotADraft: it was decided on before, or somebody wrote since.
            Invalid: the text is blank or too long.
        """
        check_text(text)
        self._must_be_open_draft(draft)
        self.status = after(self.status, Move.SEND_DRAFT)
        draft.text, draft.state = text, MessageState.SENT
        draft.author_id, draft.recorded_by = by, recorded_by
        self.open_draft_id = None
        self._place(draft, now)
        return draft

    def reject_draft(self, draft: Message, *, by: UserId | None, recorded_by: str = "") -> None:
        """Take the open draft away because a person said no. Save both.

        Raises:
            NotADraft: it was decided on before.
        """
        self._must_be_open_draft(draft)
        draft.reject(by=by, recorded_by=recorded_by)
        self.open_draft_id = None

    def _must_be_open_draft(self, draft: Message) -> None:
        if draft.id != self.open_draft_id:
            raise NotADraft(
                f"this message is {draft.state}, no open draft", current=draft.state.value, allowed=["draft"]
            )

    def _discard(self, open_draft: Message | None) -> None:
        if self.open_draft_id is None:
            return
        if open_draft is None or open_draft.id != self.open_draft_id:
            raise ValueError("the open draft must be at hand when it is discarded")
        open_draft.discard()
        self.open_draft_id = None

    def _start_episode(self, now: datetime) -> None:
        self.episode += 1
        self.episode_started_at = now
        self.closed_at = self.first_reply_at = self.waiting_since_at = None
        self.events.append(ConversationReopened(conversation_id=self.id, episode=self.episode))

    def _place(self, message: Message, now: datetime) -> None:
        """Give the message the next sequence, and move the clocks."""
        self.last_sequence += 1
        message.sequence, message.sent_at, self.last_message_at = self.last_sequence, now, now
        if message.author is Author.CUSTOMER:
            self.waiting_since_at = self.waiting_since_at or now
        else:
            self.first_reply_at = self.first_reply_at or now
            self.waiting_since_at = None
        message.events.append(
            MessageSent(
                message_id=message.id,
                conversation_id=self.id,
                sequence=self.last_sequence,
                episode=self.episode,
                author=message.author.value,
            )
        )
