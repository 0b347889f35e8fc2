"""Jobs inside a transaction, in memory. `adapters.memory.operations` runs them."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

import msgspec

from domain.operations.jobs import JobNotFound, JobState, must_be_cancellable, must_be_parked
from domain.shared.ids import JobId
from domain.shared.jobs import JobRun, JobSpec, LeaseLost

if TYPE_CHECKING:
    from adapters.memory.database import MemoryJob, MemoryTransaction


class MemoryJobs:
    """`Jobs` in the `jobs` table."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def add(self, spec: JobSpec, /) -> JobId:
        """See `domain.shared.jobs.Jobs.add`."""
        if spec.dedup_key is None:
            return self._tx.enqueue(spec)
        key = (self._tx.tenant, spec.kind, spec.dedup_key)
        await self._tx.lock("dedup_keys", key)
        earlier = self._tx.read("dedup_keys").get(key)
        if earlier is not None and (earlier in self._tx.read("jobs") or self._tx.has_enqueued(earlier)):
            return earlier
        job_id = self._tx.enqueue(spec)
        self._tx.write("dedup_keys", key, job_id)
        return job_id

    async def finish(self, run: JobRun, /, result: Mapping[str, object] | None = None) -> None:
        """See `domain.shared.jobs.Jobs.finish`."""
        job = await self._held(run)
        end(job, JobState.SUCCEEDED, self._tx.clock.now(), result=as_json(result))
        self._tx.write("jobs", run.id, job)

    async def report(self, run: JobRun, progress: int, /) -> None:
        """See `domain.shared.jobs.Jobs.report`."""
        job = await self._held(run)
        job.progress = progress
        self._tx.write("jobs", run.id, job)

    async def kept_step(self, run: JobRun, step: str, /) -> Mapping[str, object] | None:
        """See `domain.shared.jobs.Jobs.kept_step`."""
        job = cast("MemoryJob | None", self._tx.read("jobs").get(run.id))
        return None if job is None else job.steps.get(step)

    async def keep_step(self, run: JobRun, step: str, output: Mapping[str, object], /) -> None:
        """See `domain.shared.jobs.Jobs.keep_step`."""
        job = await self._held(run)
        job.steps.setdefault(step, as_json(output) or {})
        self._tx.write("jobs", run.id, job)

    async def _held(self, run: JobRun) -> "MemoryJob":
        await self._tx.lock("jobs", run.id)
        job = cast("MemoryJob | None", self._tx.read("jobs").get(run.id))
        if job is None or job.workspace_id != self._tx.tenant or not is_held(job, run):
            raise LeaseLost("another process has this job, or it was cancelled")
        return copy.deepcopy(job)


class MemoryJobDesk:
    """`JobDesk` in the `jobs` table."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def cancel(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.cancel`."""
        job = await self._locked(job_id)
        must_be_cancellable(JobState(job.state))
        if job.state != JobState.CANCELLED:
            self._end(job)

    async def retry(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.retry`."""
        job = await self._locked(job_id)
        must_be_parked(JobState(job.state))
        job.state, job.attempts, job.deaths, job.rung_at = JobState.QUEUED, 0, 0, None
        job.run_at, job.finished_at, job.progress = self._tx.clock.now(), None, None
        self._tx.write("jobs", job_id, job)

    async def discard(self, job_id: JobId, /) -> None:
        """See `domain.operations.ports.JobDesk.discard`."""
        job = await self._locked(job_id)
        must_be_parked(JobState(job.state))
        self._end(job)

    def _end(self, job: "MemoryJob") -> None:
        end(job, JobState.CANCELLED, self._tx.clock.now(), error=job.error)
        self._tx.write("jobs", job.id, job)

    async def _locked(self, job_id: JobId) -> "MemoryJob":
        await self._tx.lock("jobs", job_id)
        job = cast("MemoryJob | None", self._tx.read("jobs").get(job_id))
        if job is None or job.workspace_id != self._tx.tenant:
            raise JobNotFound("no such job")
        return copy.deepcopy(job)


class MemorySlots:
    """`Slots` in the `schedule_slots` table."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def last(self, schedule: str, /) -> datetime | None:
        """See `domain.operations.ports.Slots.last`."""
        due = [due_at for name, due_at in self._tx.read("schedule_slots") if name == schedule]
        return max(due, default=None)

    async def take(self, schedule: str, due_at: datetime, /) -> bool:
        """See `domain.operations.ports.Slots.take`."""
        await self._tx.lock("schedule_slots", (schedule, due_at))
        if (schedule, due_at) in self._tx.read("schedule_slots"):
            return False
        self._tx.write("schedule_slots", (schedule, due_at), True)
        return True


def is_held(job: "MemoryJob", run: JobRun) -> bool:
    """Whether this run may still finish the job."""
    return job.state == JobState.RUNNING and job.lease == run.lease


def end(
    job: "MemoryJob",
    state: JobState,
    now: datetime,
    *,
    result: Mapping[str, object] | None = None,
    error: Mapping[str, object] | None = None,
) -> None:
    """Put the job into an end state."""
    job.state, job.lease, job.lease_until, job.finished_at = state, None, None, now
    job.result, job.error = result, error


def as_json(value: object) -> dict[str, object] | None:
    """As PostgreSQL would give it back."""
    return None if value is None else msgspec.json.decode(msgspec.json.encode(value))
