"""The ledger in memory, and a worker that runs its jobs here and now."""

from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from adapters.memory.jobs import as_json, end, is_held
from application.operations.kinds import Kinds
from application.operations.run_job import RunJob
from application.operations.running import RunningJobs
from domain.operations.jobs import MAX_DEATHS, SUSPECT_DEATHS, JobState, Trouble
from domain.operations.ports import LostLease, Picked, Ring
from domain.shared.ids import JobId
from domain.shared.jobs import JobRun, Queue

if TYPE_CHECKING:
    import asyncio

    from adapters.memory.database import MemoryDatabase, MemoryJob


class MemoryLedger:
    """`Ledger` and `Dispatch` over a memory database's jobs."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

    async def claim(self, job_id: JobId, /, *, lease_seconds: float, worker: str, alone: bool) -> JobRun | None:
        """See `domain.operations.ports.Ledger.claim`."""
        now = self._database.clock.now()
        job = self._jobs.get(job_id)
        if job is None or job.state != JobState.QUEUED or job.run_at > now or self._lock(job_id).locked():
            return None
        if job.deaths >= SUSPECT_DEATHS and not alone:
            return None
        job.state, job.worker, job.lease = JobState.RUNNING, worker, self._database.ids.new()
        job.lease_until = now + timedelta(seconds=lease_seconds)
        job.attempts += 1
        job.started_at = job.started_at or now
        return JobRun(
            id=job.id,
            workspace_id=job.workspace_id,
            kind=job.spec.kind,
            payload=as_json(job.spec.payload) or {},
            attempt=job.attempts,
            lease=job.lease,
            request_id=job.request_id,
        )

    async def renew(self, leases: Collection[UUID], /, *, lease_seconds: float) -> frozenset[UUID]:
        """See `domain.operations.ports.Ledger.renew`."""
        held = [job for job in self._jobs.values() if job.state == JobState.RUNNING and job.lease in leases]
        for job in held:
            job.lease_until = self._database.clock.now() + timedelta(seconds=lease_seconds)
        return frozenset(job.lease for job in held if job.lease)

    async def finish(self, run: JobRun, result: Mapping[str, object] | None, /) -> bool:
        """See `domain.operations.ports.Ledger.finish`."""
        async with self._change(run) as job:
            if job:
                end(job, JobState.SUCCEEDED, self._database.clock.now(), result=as_json(result))
            return job is not None

    async def retry(self, run: JobRun, trouble: Trouble, delay: timedelta, /) -> bool:
        """See `domain.operations.ports.Ledger.retry`."""
        async with self._change(run) as job:
            if job:
                _return(job, self._database.clock.now() + delay)
                job.error = as_json(trouble)
            return job is not None

    async def park(self, run: JobRun, trouble: Trouble, /) -> bool:
        """See `domain.operations.ports.Ledger.park`."""
        async with self._change(run) as job:
            if job:
                end(job, JobState.FAILED, self._database.clock.now(), error=as_json(trouble))
            return job is not None

    async def release(self, run: JobRun, /) -> bool:
        """See `domain.operations.ports.Ledger.release`."""
        async with self._change(run) as job:
            if job:
                _return(job, job.run_at)
                job.attempts -= 1
            return job is not None

    async def pick(self, queue: Queue, /, *, window: int) -> Picked:
        """See `domain.operations.ports.Dispatch.pick`."""
        queued = [job for job in self._jobs.values() if job.state == JobState.QUEUED and job.spec.queue == queue]
        free = max(0, window - sum(job.rung_at is not None for job in queued))
        now = self._database.clock.now()
        due = sorted((job for job in queued if job.rung_at is None and job.run_at <= now), key=_by_due)
        turns: dict[UUID, int] = {}
        order: list[tuple[int, MemoryJob]] = []
        for job in due:
            turns[job.workspace_id] = turns.get(job.workspace_id, 0) + 1
            order.append((turns[job.workspace_id], job))
        picked = [job for _, job in sorted(order, key=lambda turn: turn[0])[:free]]
        for job in picked:
            job.rung_at = now
        rings = [_ring_of(job) for job in picked]
        return Picked(rings=rings, is_full=len(rings) >= free, may_have_more=bool(rings))

    async def rung_before(self, age_seconds: float, /, *, limit: int) -> list[Ring]:
        """See `domain.operations.ports.Dispatch.rung_before`."""
        before = self._database.clock.now() - timedelta(seconds=age_seconds)
        queued = (job for job in self._jobs.values() if job.state == JobState.QUEUED)
        return [_ring_of(job) for job in queued if job.rung_at is not None and job.rung_at < before][:limit]

    async def unring(self, job_ids: Collection[JobId], /) -> int:
        """See `domain.operations.ports.Dispatch.unring`."""
        queued = [self._jobs[job_id] for job_id in job_ids if self._jobs[job_id].state == JobState.QUEUED]
        for job in queued:
            job.rung_at = None
        return len(queued)

    async def sweep(self, *, limit: int, back_off_seconds: float) -> list[LostLease]:
        """See `domain.operations.ports.Dispatch.sweep`; here the wait is the longest, not a random one."""
        now = self._database.clock.now()
        running = [job for job in self._jobs.values() if job.state == JobState.RUNNING]
        lost = [job for job in running if job.lease_until is not None and job.lease_until < now]
        return [_bury(job, now, back_off_seconds) for job in lost[:limit]]

    @asynccontextmanager
    async def _change(self, run: JobRun) -> "AsyncGenerator[MemoryJob | None]":
        async with self._lock(run.id):
            job = self._jobs.get(run.id)
            yield job if job is not None and is_held(job, run) else None

    def _lock(self, job_id: JobId) -> "asyncio.Lock":
        return self._database.lock_of("jobs", job_id)

    @property
    def _jobs(self) -> "dict[JobId, MemoryJob]":
        return self._database.tables["jobs"]


class MemoryWorker:
    """Runs due jobs here and now, with the claims, retries and parking of a real worker."""

    def __init__(self, database: "MemoryDatabase", kinds: Kinds, *, chance: float = 0.5) -> None:
        self._database = database
        ledger = MemoryLedger(database)
        self.run_job = RunJob(
            ledger=ledger, kinds=kinds, running=RunningJobs(ledger), chance=_Fixed(chance), worker="memory"
        )

    async def drain(self, *, limit: int = 1000) -> int:
        """Run what is due, and what that makes due, most urgent first; how many attempts that took."""
        for ran in range(limit):
            job_id = self._due()
            if job_id is None:
                return ran
            await self.run_job(job_id=job_id, alone=True)
        raise RuntimeError(f"still jobs after {limit} attempts: does one of them add itself?")

    def _due(self) -> JobId | None:
        urgency, now = list(Queue), self._database.clock.now()
        jobs: list[MemoryJob] = list(self._database.tables["jobs"].values())
        due = [job for job in jobs if job.state == JobState.QUEUED and job.run_at <= now]
        due.sort(key=lambda job: (urgency.index(job.spec.queue), *_by_due(job)))
        return due[0].id if due else None


class _Fixed:
    """`Chance` without surprises."""

    def __init__(self, fraction: float) -> None:
        self._fraction = fraction

    def token(self, size: int, /) -> bytes:
        return bytes(size)

    def fraction(self) -> float:
        return self._fraction


def _return(job: "MemoryJob", run_at: datetime) -> None:
    job.state, job.lease, job.lease_until, job.rung_at, job.run_at = JobState.QUEUED, None, None, None, run_at


def _bury(job: "MemoryJob", now: datetime, back_off_seconds: float) -> LostLease:
    job.deaths += 1
    error = as_json(
        Trouble(code="internal_error", detail="Something went wrong on our side.", error_type="ProcessDied")
    )
    is_parked = job.deaths >= MAX_DEATHS
    if is_parked:
        end(job, JobState.FAILED, now)
    else:
        _return(job, now + timedelta(seconds=back_off_seconds * 2 ** (job.deaths - 1)))
    job.error = error
    return LostLease(job_id=job.id, kind=job.spec.kind, worker=job.worker, deaths=job.deaths, is_parked=is_parked)


def _ring_of(job: "MemoryJob") -> Ring:
    return Ring(job.id, job.workspace_id, job.spec.kind, job.spec.queue, job.attempts, job.deaths >= SUSPECT_DEATHS)


def _by_due(job: "MemoryJob") -> tuple[datetime, JobId]:
    return job.run_at, job.id
