"""Looking at a workspace's jobs, and waiting for one."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from application.operations.queries import JobFilter, JobQueries, JobView
from application.shared.pages import Key, Page
from domain.shared.access import Actor
from domain.shared.ids import JobId


@dataclass(frozen=True, slots=True)
class GetJob:
    """Look at one job."""

    queries: JobQueries

    async def __call__(self, *, actor: Actor, job_id: JobId) -> JobView:
        """Raises JobNotFound: none with this id in the caller's workspace."""
        actor.must("jobs:read")
        return await self.queries.view(actor.tenant, job_id)


@dataclass(frozen=True, slots=True)
class ListJobs:
    """Look at the workspace's jobs, newest first."""

    queries: JobQueries

    async def __call__(self, *, actor: Actor, wanted: JobFilter, after: Key | None, limit: int) -> Page[JobView]:
        """`after` is the key of the last job seen: its id as text."""
        actor.must("jobs:read")
        last = JobId(UUID(str(after[-1]))) if after else None
        return await self.queries.page(actor.tenant, wanted, after=last, limit=limit)


@dataclass(frozen=True, slots=True)
class WaitForJob:
    """Wait a while for a job to end. Looks after 15 ms, then ever more rarely, at most every 250 ms."""

    queries: JobQueries
    first_pause_seconds: float = 0.015
    longest_pause_seconds: float = 0.25

    async def __call__(self, *, actor: Actor, job_id: JobId, seconds: float) -> JobView:
        """The job as it is when it has ended or the time is up; look at `is_over`.

        Raises:
            JobNotFound: none with this id in the caller's workspace.
        """
        deadline, pause = monotonic() + seconds, self.first_pause_seconds
        while True:
            job = await self.queries.view(actor.tenant, job_id)
            left = deadline - monotonic()
            if job.is_over or left <= 0:
                return job
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, self.longest_pause_seconds)
