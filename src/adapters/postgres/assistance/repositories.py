"""Loading and saving suggestions and provider calls."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import asyncpg
import msgspec
from sqlalchemy import bindparam, or_, select
from typing_extensions import override

from adapters.postgres.repository import Repository, table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.assistance import ModelCallRow, SuggestionRow
from adapters.postgres.tables.operations import JobRow
from domain.assistance.calls import CallOutcome, ModelCall
from domain.assistance.costs import Cost, Usage
from domain.assistance.results import Judgement, Label, Rating, Rejection, Result, Sending
from domain.assistance.suggestion import OPEN, Suggestion, SuggestionNotFound, SuggestionStatus
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, MessageId, SuggestionId

T = TypeVar("T")

_S: Final = table_of(SuggestionRow)
_J: Final = table_of(JobRow)
_CALLS: Final = table_of(ModelCallRow)
_MINE: Final = _S.c.workspace_id == bindparam("workspace_id")
ENDED: Final = ("failed", "cancelled")
"""States of a job that will not run by itself any more."""

_OF_MESSAGE: Final = Statement(select(_S).where(_MINE, _S.c.message_id == bindparam("message_id")))
_OPEN_FOR: Final = Statement(
    select(_S)
    .where(
        _MINE, _S.c.conversation_id == bindparam("conversation_id"), or_(*(_S.c.status == str(each) for each in OPEN))
    )
    .order_by(_S.c.id)
    .with_for_update()
)
_JOB_STATE: Final = Statement(
    select(_J.c.state).where(_J.c.id == bindparam("id"), _J.c.workspace_id == bindparam("workspace_id"))
)
_CALLS_OF: Final = Statement(
    select(_CALLS)
    .where(_CALLS.c.workspace_id == bindparam("workspace_id"), _CALLS.c.suggestion_id == bindparam("suggestion_id"))
    .order_by(_CALLS.c.id)
    .with_for_update()
)


class PostgresSuggestions(Repository[Suggestion]):
    """`Suggestions` in the `suggestions` table."""

    row_type = SuggestionRow
    missing = SuggestionNotFound

    @override
    def to_entity(self, row: asyncpg.Record, /) -> Suggestion:
        return suggestion_of(row)

    @override
    def values(self, entity: Suggestion, /) -> Mapping[str, object]:
        return {
            "conversation_id": entity.conversation_id,
            "message_id": entity.message_id,
            "job_id": entity.job_id,
            "saw_sequence": entity.saw_sequence,
            "episode": entity.episode,
            "status": str(entity.status),
            "requested_by": entity.requested_by,
            "decided_by": entity.decided_by,
            "result": entity.result,
            "sending": entity.sending,
            "rejection": entity.rejection,
            "ratings": entity.ratings,
            "created_at": entity.created_at,
            "finished_at": entity.finished_at,
            "decided_at": entity.decided_at,
        }

    @override
    def taken(self, error: asyncpg.UniqueViolationError, /) -> AlreadyExists:
        return AlreadyExists("another suggestion is open for this message")

    async def of_message(self, message_id: MessageId, /) -> Suggestion:
        """See `domain.assistance.ports.Suggestions.of_message`."""
        row = await _OF_MESSAGE.row(self._tx.connection, workspace_id=self._tx.tenant, message_id=message_id)
        if row is None:
            raise SuggestionNotFound("no suggestion has this message")
        return suggestion_of(row)

    async def open_for(self, conversation_id: ConversationId, /) -> Sequence[Suggestion]:
        """See `domain.assistance.ports.Suggestions.open_for`."""
        rows = await _OPEN_FOR.rows(self._tx.connection, workspace_id=self._tx.tenant, conversation_id=conversation_id)
        return [suggestion_of(row) for row in rows]

    async def is_abandoned(self, suggestion: Suggestion, /) -> bool:
        """See `domain.assistance.ports.Suggestions.is_abandoned`."""
        state = await _JOB_STATE.value(self._tx.connection, id=suggestion.job_id, workspace_id=self._tx.tenant)
        return state is None or state in ENDED


class PostgresModelCalls(Repository[ModelCall]):
    """`ModelCalls` in the `model_calls` table."""

    row_type = ModelCallRow

    @override
    def to_entity(self, row: asyncpg.Record, /) -> ModelCall:
        return _call(row)

    @override
    def values(self, entity: ModelCall, /) -> Mapping[str, object]:
        usage, cost = entity.usage, entity.cost
        return {
            "suggestion_id": entity.suggestion_id,
            "step": entity.step,
            "attempt": entity.attempt,
            "provider": entity.label.provider,
            "model": entity.label.model,
            "prompt_version": entity.label.prompt_version,
            "inputs_hash": entity.inputs_hash,
            "outcome": str(entity.outcome),
            "input_tokens": usage.input_tokens if usage else None,
            "output_tokens": usage.output_tokens if usage else None,
            "cache_read_tokens": usage.cache_read_tokens if usage else None,
            "cache_write_tokens": usage.cache_write_tokens if usage else None,
            "thinking_tokens": usage.thinking_tokens if usage else None,
            "cost_nanos": cost.nanos if cost else None,
            "cost_currency": cost.currency if cost else None,
            "price_id": cost.price_ids[0] if cost and cost.price_ids else None,
            "is_charged": entity.is_charged,
            "provider_request": entity.provider_request,
            "answer": entity.answer,
            "judgement": entity.judgement,
            "opened_at": entity.opened_at,
            "closed_at": entity.closed_at,
        }

    async def of_suggestion(self, suggestion_id: SuggestionId, /) -> Sequence[ModelCall]:
        """See `domain.assistance.ports.ModelCalls.of_suggestion`."""
        rows = await _CALLS_OF.rows(self._tx.connection, workspace_id=self._tx.tenant, suggestion_id=suggestion_id)
        return [_call(row) for row in rows]


def suggestion_of(row: asyncpg.Record) -> Suggestion:
    """The suggestion in a row of the table."""
    return Suggestion(
        id=row["id"],
        workspace_id=row["workspace_id"],
        version=row["version"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        job_id=row["job_id"],
        saw_sequence=row["saw_sequence"],
        episode=row["episode"],
        status=SuggestionStatus(row["status"]),
        requested_by=row["requested_by"],
        decided_by=row["decided_by"],
        result=_value(row["result"], Result),
        sending=_value(row["sending"], Sending),
        rejection=_value(row["rejection"], Rejection),
        ratings=msgspec.convert(row["ratings"], tuple[Rating, ...]),
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        decided_at=row["decided_at"],
    )


def _call(row: asyncpg.Record) -> ModelCall:
    return ModelCall(
        id=row["id"],
        workspace_id=row["workspace_id"],
        version=row["version"],
        suggestion_id=row["suggestion_id"],
        step=row["step"],
        attempt=row["attempt"],
        label=Label(provider=row["provider"], model=row["model"], prompt_version=row["prompt_version"]),
        inputs_hash=row["inputs_hash"],
        outcome=CallOutcome(row["outcome"]),
        usage=_usage(row),
        cost=_cost(row),
        is_charged=row["is_charged"],
        provider_request=row["provider_request"],
        answer=row["answer"],
        judgement=_value(row["judgement"], Judgement),
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
    )


def _usage(row: asyncpg.Record) -> Usage | None:
    if row["input_tokens"] is None:
        return None
    return Usage(
        input_tokens=row["input_tokens"],
        output_tokens=row["output_tokens"],
        cache_read_tokens=row["cache_read_tokens"],
        cache_write_tokens=row["cache_write_tokens"],
        thinking_tokens=row["thinking_tokens"],
    )


def _cost(row: asyncpg.Record) -> Cost | None:
    if row["cost_nanos"] is None:
        return None
    price_ids = (row["price_id"],) if row["price_id"] else ()
    return Cost(nanos=row["cost_nanos"], currency=row["cost_currency"], price_ids=price_ids)


def _value(stored: Any, kind: type[T]) -> T | None:
    """A value as it was stored in jsonb."""
    return None if stored is None else msgspec.convert(stored, kind, strict=False)
