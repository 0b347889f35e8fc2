"""The job ledger's inside of a transaction, in memory. Nothing runs the jobs."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from domain.shared.ids import JobId
from domain.shared.jobs import JobRun, JobSpec, LeaseLost

if TYPE_CHECKING:
    from adapters.memory.database import MemoryJob, MemoryTransaction


class MemoryJobs:
    """`Jobs` over dictionaries."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def add(self, spec: JobSpec, /) -> JobId:
        """See `domain.shared.jobs.Jobs.add`."""
        if spec.dedup_key is not None:
            key = (self._tx.tenant, spec.kind, spec.dedup_key)
            await self._tx.lock("job_dedup_keys", key)
            for job in self._tx.read("jobs").values():
                if (job.workspace_id, job.spec.kind, job.spec.dedup_key) == key:
                    return job.id
        return self._tx.enqueue(spec)

    async def finish(self, run: JobRun, /, result: Mapping[str, object] | None = None) -> None:
        """See `domain.shared.jobs.Jobs.finish`."""
        job = await self._held(run)
        job.state, job.result, job.lease, job.finished_at = "succeeded", result, None, self._tx.clock.now()
        self._tx.write("jobs", run.id, job)

    async def report(self, run: JobRun, progress: int, /) -> None:
        """See `domain.shared.jobs.Jobs.report`; the number is not kept here."""
        if not 0 <= progress <= 100:
            raise ValueError("progress goes from 0 to 100")
        await self._held(run)

    async def kept_step(self, run: JobRun, step: str, /) -> Mapping[str, object] | None:
        """See `domain.shared.jobs.Jobs.kept_step`."""
        return (await self._row(run)).steps.get(step)

    async def keep_step(self, run: JobRun, step: str, output: Mapping[str, object], /) -> None:
        """See `domain.shared.jobs.Jobs.keep_step`."""
        job = await self._held(run)
        job.steps.setdefault(step, output)
        self._tx.write("jobs", run.id, job)

    async def _held(self, run: JobRun) -> "MemoryJob":
        await self._tx.lock("jobs", run.id)
        job = await self._row(run)
        if job.state != "running" or job.lease != run.lease:
            raise LeaseLost("another process has this job, or it was cancelled")
        return job

    async def _row(self, run: JobRun) -> "MemoryJob":
        job = cast("MemoryJob | None", self._tx.read("jobs").get(run.id))
        if job is None:
            raise LeaseLost("this job is gone")
        return copy.deepcopy(job)
