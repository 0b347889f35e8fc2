"""Deciding about single jobs."""

from typing import TYPE_CHECKING, Final

from domain.operations.jobs import JobNotFound, JobState, must_be_cancellable, must_be_parked
from domain.shared.ids import JobId

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_LOCK: Final = "SELECT state FROM jobs WHERE id = $1 AND workspace_id = $2 FOR UPDATE"

_CANCEL: Final = """
UPDATE jobs SET state = 'cancelled', lease = NULL, lease_until = NULL, finished_at = now()
WHERE id = $1 AND workspace_id = $2
"""

_RETRY: Final = """
WITH revived AS (
    UPDATE jobs
    SET state = 'queued', attempts = 0, deaths = 0, rung_at = NULL, run_at = now(), finished_at = NULL, progress = NULL
    WHERE id = $1 AND workspace_id = $2 RETURNING 1
)
SELECT pg_notify('usher_jobs', '') FROM revived
"""


class PostgresJobDesk:
    """`JobDesk` in the `jobs` table."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def cancel(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.cancel`."""
        state = await self._state(job_id)
        must_be_cancellable(state)
        if state is not JobState.CANCELLED:
            await self._tx.connection.execute(_CANCEL, job_id, self._tx.tenant)

    async def retry(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.retry`."""
        must_be_parked(await self._state(job_id))
        await self._tx.connection.execute(_RETRY, job_id, self._tx.tenant)

    async def discard(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.discard`."""
        must_be_parked(await self._state(job_id))
        await self._tx.connection.execute(_CANCEL, job_id, self._tx.tenant)

    async def _state(self, job_id: JobId) -> JobState:
        state = await self._tx.connection.fetchval(_LOCK, job_id, self._tx.tenant)
        if state is None:
            raise JobNotFound("no such job")
        return JobState(state)
