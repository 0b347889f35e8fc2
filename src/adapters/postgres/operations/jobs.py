"""The ledger inside a transaction: jobs added and finished together with their cause and effect."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from adapters.postgres.operations.ledger import json_text
from domain.shared.ids import JobId
from domain.shared.jobs import JobRun, JobSpec, LeaseLost

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_EARLIER: Final = "SELECT id FROM jobs WHERE workspace_id = $1 AND kind = $2 AND dedup_key = $3"

_FINISH: Final = """
UPDATE jobs
SET state = 'succeeded', result = $4::text::jsonb, error = NULL, lease = NULL, lease_until = NULL, finished_at = now()
WHERE id = $1 AND workspace_id = $2 AND lease = $3 AND state = 'running'
"""

_REPORT: Final = (
    "UPDATE jobs SET progress = $4 WHERE id = $1 AND workspace_id = $2 AND lease = $3 AND state = 'running'"
)

# FOR SHARE: the lease cannot be taken away until this transaction ends.
_HOLD: Final = """
SELECT id FROM jobs WHERE id = $1 AND workspace_id = $2 AND lease = $3 AND state = 'running' FOR SHARE
"""

_KEPT: Final = "SELECT output FROM job_steps WHERE job_id = $1 AND workspace_id = $2 AND step = $3"

_KEEP: Final = """
INSERT INTO job_steps (workspace_id, job_id, step, output, created_at) VALUES ($2, $1, $3, $4, now())
ON CONFLICT DO NOTHING
"""


class PostgresJobs:
    """`Jobs` in the `jobs` table."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def add(self, spec: JobSpec, /) -> JobId:
        """See `domain.shared.jobs.Jobs.add`."""
        if spec.dedup_key is None:
            return self._tx.enqueue(spec)
        # The lock ends with the transaction: of two with the same key, the second waits and finds the first one's job.
        await self._tx.connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{self._tx.tenant}/{spec.kind}/{spec.dedup_key}"
        )
        earlier = await self._tx.connection.fetchval(_EARLIER, self._tx.tenant, spec.kind, spec.dedup_key)
        if earlier is not None:
            return JobId(earlier)
        job_id = self._tx.enqueue(spec)
        await self._tx.flush_jobs()
        return job_id

    async def finish(self, run: JobRun, /, result: Mapping[str, object] | None = None) -> None:
        """See `domain.shared.jobs.Jobs.finish`."""
        if await self._tx.connection.execute(_FINISH, *self._key(run), json_text(result)) != "UPDATE 1":
            raise LeaseLost("another process has this job, or it was cancelled")

    async def report(self, run: JobRun, progress: int, /) -> None:
        """See `domain.shared.jobs.Jobs.report`."""
        if await self._tx.connection.execute(_REPORT, *self._key(run), progress) != "UPDATE 1":
            raise LeaseLost("another process has this job, or it was cancelled")

    async def kept_step(self, run: JobRun, step: str, /) -> Mapping[str, object] | None:
        """See `domain.shared.jobs.Jobs.kept_step`."""
        output: Any = await self._tx.connection.fetchval(_KEPT, run.id, self._tx.tenant, step)
        return output

    async def keep_step(self, run: JobRun, step: str, output: Mapping[str, object], /) -> None:
        """See `domain.shared.jobs.Jobs.keep_step`."""
        if await self._tx.connection.fetchval(_HOLD, *self._key(run)) is None:
            raise LeaseLost("another process has this job, or it was cancelled")
        await self._tx.connection.execute(_KEEP, run.id, self._tx.tenant, step, output)

    def _key(self, run: JobRun) -> tuple[object, ...]:
        return run.id, self._tx.tenant, run.lease
