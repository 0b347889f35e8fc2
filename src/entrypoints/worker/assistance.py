"""Jobs of the assistance context."""

from uuid import UUID

import msgspec

from application.assistance.discard_stale import DISCARD_STALE, DiscardStale
from application.assistance.draft_reply import DraftReply
from application.assistance.request_suggestion import DRAFT_REPLY
from application.operations.kinds import JobKind, payload_of
from domain.shared.ids import MessageId, SuggestionId
from domain.shared.jobs import JobRun


class DraftReplyPayload(msgspec.Struct, frozen=True):
    """Which suggestion to draft."""

    suggestion_id: UUID


class DiscardStalePayload(msgspec.Struct, frozen=True):
    """Which draft is out of date."""

    message_id: UUID


def draft_reply_kind(draft_reply: DraftReply, *, time_limit_seconds: float) -> JobKind:
    """Draft the reply that a suggestion asks for. Twice is harmless: see `DraftReply`."""

    async def body(run: JobRun) -> None:
        payload = payload_of(run, DraftReplyPayload)
        await draft_reply(run=run, suggestion_id=SuggestionId(payload.suggestion_id))

    return JobKind(name=DRAFT_REPLY, body=body, time_limit_seconds=time_limit_seconds)


def discard_stale_kind(discard_stale: DiscardStale) -> JobKind:
    """Write down that a suggestion is out of date. Twice is harmless: see `DiscardStale`."""

    async def body(run: JobRun) -> None:
        payload = payload_of(run, DiscardStalePayload)
        await discard_stale(run=run, message_id=MessageId(payload.message_id))

    return JobKind(name=DISCARD_STALE, body=body)
