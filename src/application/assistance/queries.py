"""What screens show of suggestions."""

from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

import msgspec

from domain.assistance.policies import is_stale
from domain.assistance.ports import Thread
from domain.assistance.results import Rating, Rejection, Result, Sending
from domain.assistance.suggestion import OPEN, Suggestion, SuggestionStatus
from domain.shared.ids import MessageId, WorkspaceId


class SuggestionView(msgspec.Struct, frozen=True, kw_only=True):
    """One suggestion. `result` is None while there is none, and where it must not be shown."""

    id: UUID
    message_id: UUID
    conversation_id: UUID
    job_id: UUID | None
    version: int
    status: SuggestionStatus
    saw_sequence: int
    result: Result | None
    sending: Sending | None
    rejection: Rejection | None
    ratings: tuple[Rating, ...]
    is_charged: bool
    created_at: datetime
    finished_at: datetime | None
    decided_at: datetime | None

    @classmethod
    def of(cls, suggestion: Suggestion, thread: Thread | None = None, *, is_abandoned: bool = False) -> Self:
        """What may be shown now, given where the conversation stands (None: it is known to stand where it did)."""
        status = _status(suggestion, thread, is_abandoned=is_abandoned)
        is_shown = status is not SuggestionStatus.DISCARDED
        return cls(
            id=suggestion.id,
            message_id=suggestion.message_id,
            conversation_id=suggestion.conversation_id,
            job_id=suggestion.job_id,
            version=suggestion.version,
            status=status,
            saw_sequence=suggestion.saw_sequence,
            result=suggestion.result if is_shown else None,
            sending=suggestion.sending,
            rejection=suggestion.rejection,
            ratings=suggestion.ratings,
            is_charged=suggestion.is_charged and is_shown,
            created_at=suggestion.created_at,
            finished_at=suggestion.finished_at,
            decided_at=suggestion.decided_at,
        )


def _status(suggestion: Suggestion, thread: Thread | None, *, is_abandoned: bool) -> SuggestionStatus:
    if suggestion.status not in OPEN:
        return suggestion.status
    if thread is not None and (is_stale(suggestion, thread) or not thread.is_open):
        return SuggestionStatus.DISCARDED
    if is_abandoned and suggestion.status is SuggestionStatus.QUEUED:
        return SuggestionStatus.FAILED
    return suggestion.status


class SuggestionQueries(Protocol):
    """The tenant's suggestions, for looking at."""

    async def of_message(self, tenant: WorkspaceId, message_id: MessageId, /) -> SuggestionView:
        """The suggestion whose draft has or would have this message id, as it may be shown now.

        Raises:
            SuggestionNotFound: none.
        """
        ...
