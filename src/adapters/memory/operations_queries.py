"""Jobs and events in memory, for looking."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from adapters.memory.jobs import as_json
from application.operations.queries import EventView, JobError, JobFilter, JobView
from application.shared.pages import Page
from domain.operations.feed import EventUnknown
from domain.operations.jobs import JobNotFound, JobState
from domain.shared.ids import EventId, JobId, WorkspaceId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase, MemoryEvent, MemoryJob


class MemoryJobQueries:
    """`JobQueries` over a memory database."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

    async def view(self, tenant: WorkspaceId, job_id: JobId, /) -> JobView:
        """See `application.operations.queries.JobQueries.view`."""
        for job in self._jobs(tenant):
            if job.id == job_id:
                return _view(job)
        raise JobNotFound("no such job")

    async def page(
        self, tenant: WorkspaceId, wanted: JobFilter, /, *, after: JobId | None, limit: int
    ) -> Page[JobView]:
        """See `application.operations.queries.JobQueries.page`."""
        found = [
            _view(job)
            for job in self._jobs(tenant)
            if (not wanted.states or job.state in wanted.states)
            and (not wanted.kinds or job.spec.kind in wanted.kinds)
            and (wanted.subject is None or job.spec.subject == wanted.subject)
            and (after is None or job.id < after)
        ]
        return Page(items=found[:limit], after=(str(found[limit - 1].id),) if len(found) > limit else None)

    def _jobs(self, tenant: WorkspaceId) -> "list[MemoryJob]":
        return sorted(self._database.rows("jobs", tenant), key=lambda job: job.id, reverse=True)


class MemoryFeedQueries:
    """`FeedQueries` over a memory database."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

    async def page(
        self, tenant: WorkspaceId, /, *, after: EventId | None, names: Sequence[str] = (), limit: int
    ) -> Page[EventView]:
        """See `application.operations.queries.FeedQueries.page`."""
        events: list[MemoryEvent] = sorted(self._database.rows("events", tenant), key=lambda event: event.position)
        seen = next((event.position for event in events if event.id == after), 0)
        if after is not None and not seen:
            raise EventUnknown("no such event is kept")
        behind = [_event(event) for event in events if event.position > seen]
        found = [event for event in behind if not names or event.name in names]
        return Page(items=found[:limit], after=(str(found[limit - 1].id),) if len(found) > limit else None)


def _view(job: "MemoryJob") -> JobView:
    error = job.error if job.state == JobState.FAILED else None
    return JobView(
        id=job.id,
        kind=job.spec.kind,
        status=job.state,
        progress=job.progress,
        result=job.result,
        error=msgspec.convert(error, JobError) if error else None,
        subject=job.spec.subject,
        attempts=job.attempts,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def _event(event: "MemoryEvent") -> EventView:
    return EventView(
        id=event.id,
        position=event.position,
        name=event.event.name,
        subject=event.subject,
        data=as_json(event.event) or {},
        occurred_at=event.occurred_at,
    )
