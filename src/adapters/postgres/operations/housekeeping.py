"""Slots of schedules, and what is thrown away in time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg

from adapters.postgres.operations.ledger import operator_calls

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_PURGE_ANSWERS: Final = """
DELETE FROM answers WHERE ctid = ANY (ARRAY(SELECT ctid FROM answers WHERE created_at < now() - $1::interval LIMIT $2))
"""

_PURGE_JOBS: Final = """
WITH old AS (
    SELECT id FROM jobs
    WHERE finished_at < now() - $1::interval
      AND (state IN ('succeeded', 'cancelled') OR finished_at < now() - $2::interval)
    ORDER BY finished_at LIMIT $3 FOR UPDATE SKIP LOCKED
), steps AS (DELETE FROM job_steps WHERE job_id IN (SELECT id FROM old))
DELETE FROM jobs WHERE id IN (SELECT id FROM old)
"""

_PURGE_SLOTS: Final = """
DELETE FROM schedule_slots s WHERE (name, due_at) IN (
    SELECT name, due_at FROM schedule_slots o
    WHERE o.due_at < now() - $1::interval
      AND EXISTS (SELECT 1 FROM schedule_slots n WHERE n.name = o.name AND n.due_at > o.due_at)
    LIMIT $2
)
"""


class PostgresSlots:
    """`Slots` in the `schedule_slots` table; needs the operator's role."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def last(self, schedule: str, /) -> datetime | None:
        """See `domain.operations.ports.Slots.last`."""
        return await self._tx.connection.fetchval("SELECT max(due_at) FROM schedule_slots WHERE name = $1", schedule)

    async def take(self, schedule: str, due_at: datetime, /) -> bool:
        """See `domain.operations.ports.Slots.take`. A second scheduler waits here for the first one's commit."""
        taken = await self._tx.connection.execute(
            "INSERT INTO schedule_slots (name, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", schedule, due_at
        )
        return taken == "INSERT 0 1"


class PostgresBin:
    """`Bin` on PostgreSQL, with a pool of the operator's role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def purge_answers(self, *, older_than: timedelta, limit: int) -> int:
        """See `domain.operations.ports.Bin.purge_answers`."""
        return await self._delete(_PURGE_ANSWERS, older_than, limit)

    async def purge_jobs(self, *, finished: timedelta, parked: timedelta, limit: int) -> int:
        """See `domain.operations.ports.Bin.purge_jobs`."""
        return await self._delete(_PURGE_JOBS, finished, parked, limit)

    async def purge_slots(self, *, older_than: timedelta, limit: int) -> int:
        """See `domain.operations.ports.Bin.purge_slots`."""
        return await self._delete(_PURGE_SLOTS, older_than, limit)

    async def _delete(self, statement: str, *values: object) -> int:
        async with operator_calls():
            status = await self._pool.execute(statement, *values)
        return int(status.rpartition(" ")[2])
