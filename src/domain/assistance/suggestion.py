"""A suggestion: one try at a reply, bound to the last message it saw."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.assistance.events import (
    SuggestionAbstained,
    SuggestionAccepted,
    SuggestionDiscarded,
    SuggestionEvent,
    SuggestionFailed,
    SuggestionRated,
    SuggestionReady,
    SuggestionRejected,
    SuggestionRequested,
)
from domain.assistance.results import Rating, Rejection, Result, Sending
from domain.shared.errors import InvalidState, NotFound
from domain.shared.ids import ConversationId, JobId, MessageId, SuggestionId, WorkspaceId


class SuggestionNotFound(NotFound):
    """No suggestion, or none that this workspace may see."""


class SuggestionStatus(StrEnum):
    """Where a suggestion stands. The set may grow."""

    QUEUED = "queued"
    READY = "ready"
    ABSTAINED = "abstained"
    """The drafter had nothing to send: it hands off, or no draft stood the check."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    """A newer message came first."""
    FAILED = "failed"


MOVES: Final = {
    SuggestionStatus.QUEUED: ("ready", "abstained", "discarded", "failed"),
    SuggestionStatus.READY: ("accepted", "rejected", "discarded"),
    SuggestionStatus.ABSTAINED: (),
    SuggestionStatus.ACCEPTED: (),
    SuggestionStatus.REJECTED: (),
    SuggestionStatus.DISCARDED: (),
    SuggestionStatus.FAILED: (),
}
"""Status -> the statuses it may change to."""

OPEN: Final = (SuggestionStatus.QUEUED, SuggestionStatus.READY)
"""One suggestion at most in these stands for a conversation and sequence."""

_SHOWN: Final = (
    SuggestionStatus.READY,
    SuggestionStatus.ABSTAINED,
    SuggestionStatus.ACCEPTED,
    SuggestionStatus.REJECTED,
)


@dataclass(slots=True, kw_only=True, eq=False)
class Suggestion:
    """`message_id` is allocated at once and becomes the id of the draft message, if there is one.

    `saw_sequence` is the conversation's last message when it was asked for: any newer one makes it stale.
    `requested_by` and `decided_by` are `Actor.caller` of the people; times are UTC.
    """

    id: SuggestionId
    workspace_id: WorkspaceId
    version: int = 0
    conversation_id: ConversationId
    message_id: MessageId
    saw_sequence: int
    episode: int
    requested_by: str
    created_at: datetime
    status: SuggestionStatus = SuggestionStatus.QUEUED
    job_id: JobId | None = None
    finished_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    result: Result | None = None
    sending: Sending | None = None
    rejection: Rejection | None = None
    ratings: tuple[Rating, ...] = ()
    events: list[SuggestionEvent] = field(default_factory=list[SuggestionEvent], repr=False)

    @classmethod
    def request(
        cls,
        *,
        id: SuggestionId,
        workspace_id: WorkspaceId,
        conversation_id: ConversationId,
        message_id: MessageId,
        saw_sequence: int,
        episode: int,
        requested_by: str,
        now: datetime,
    ) -> "Suggestion":
        """Ask for a reply to everything up to `saw_sequence`."""
        suggestion = cls(
            id=id,
            workspace_id=workspace_id,
            conversation_id=conversation_id,
            message_id=message_id,
            saw_sequence=saw_sequence,
            episode=episode,
            requested_by=requested_by,
            created_at=now,
        )
        suggestion._happened(SuggestionRequested, saw_sequence=saw_sequence)
        return suggestion

    @property
    def is_charged(self) -> bool:
        """Only what could be shown is paid for."""
        return self.status in _SHOWN

    def finish(self, result: Result, now: datetime) -> None:
        """Keep what the drafter answered: ready where there is a text to send, abstained where not.

        Raises:
            InvalidState: it is not queued any more.
        """
        self._move(SuggestionStatus.READY if result.is_sendable else SuggestionStatus.ABSTAINED)
        self.result, self.finished_at = result, now
        made = SuggestionReady if result.is_sendable else SuggestionAbstained
        self._happened(made, decision=str(result.draft.decision))

    def discard(self, now: datetime, result: Result | None = None) -> None:
        """A newer message came: whatever was drafted is not shown and not charged. `result` is for the record.

        Raises:
            InvalidState: a person has decided already.
        """
        self._move(SuggestionStatus.DISCARDED)
        self.result = result or self.result
        self.finished_at = self.finished_at or now
        self._happened(SuggestionDiscarded)

    def fail(self, now: datetime) -> None:
        """Give up: nobody could draft.

        Raises:
            InvalidState: it is not queued any more.
        """
        self._move(SuggestionStatus.FAILED)
        self.finished_at = now
        self._happened(SuggestionFailed)

    def accept(self, sending: Sending, *, by: str, now: datetime) -> None:
        """A person sends it.

        Raises:
            InvalidState: there is no draft to send (any more).
        """
        self._decide(SuggestionStatus.ACCEPTED, by, now)
        self.sending = sending
        self._happened(SuggestionAccepted, sequence=sending.sequence, edit_distance=sending.edit_distance)

    def reject(self, rejection: Rejection, *, by: str, now: datetime) -> None:
        """A person does not want it.

        Raises:
            InvalidState: there is no draft to reject (any more).
        """
        self._decide(SuggestionStatus.REJECTED, by, now)
        self.rejection = rejection
        self._happened(SuggestionRejected, reason=str(rejection.reason))

    def rate(self, rating: Rating) -> None:
        """Keep a person's opinion; a later one of the same person replaces it.

        Raises:
            InvalidState: nothing was shown that an opinion could be about.
        """
        if self.status not in _SHOWN:
            raise InvalidState("there is nothing to rate", current=str(self.status), allowed=[str(s) for s in _SHOWN])
        self.ratings = (*(kept for kept in self.ratings if kept.by != rating.by), rating)
        self._happened(SuggestionRated, score=rating.score)

    def _decide(self, status: SuggestionStatus, by: str, now: datetime) -> None:
        self._move(status)
        self.decided_by, self.decided_at = by, now

    def _move(self, status: SuggestionStatus) -> None:
        allowed = MOVES[self.status]
        if status not in allowed:
            raise InvalidState(f"it is {self.status}", current=str(self.status), allowed=list(allowed))
        self.status = status

    def _happened(self, event: type[SuggestionEvent], **facts: object) -> None:
        self.events.append(
            event(
                suggestion_id=self.id,
                conversation_id=self.conversation_id,
                message_id=self.message_id,
                **facts,  # pyright: ignore[reportArgumentType] - each event's own fields, given beside its class
            )
        )
