"""One PostgreSQL transaction, seen by each context through its own slice."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import asyncpg

from adapters.postgres.answers import PostgresAnswers
from adapters.postgres.feed import NewEvent, NewJob, add_jobs, append_events, caused_jobs
from domain.shared.correlation import Correlation, correlation
from domain.shared.events import Event
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobSpec
from domain.shared.ports import Clock, Ids


class PostgresTransaction:
    """An open transaction. Repositories are made when first used; events and jobs are written just before the commit."""

    def __init__(
        self,
        connection: "asyncpg.Connection[asyncpg.Record]",
        tenant: WorkspaceId,
        clock: Clock,
        ids: Ids,
        routes: Mapping[type[Event], Sequence[str]],
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self.clock = clock
        self.ids = ids
        self._routes = routes
        self._events: list[NewEvent] = []
        self._jobs: list[NewJob] = []

    def record(self, events: Iterable[Event], /) -> None:
        """Append events to the workspace's feed when the transaction commits."""
        self._events.extend(NewEvent(self.ids.new(), event) for event in events)

    def enqueue(self, spec: JobSpec, /) -> JobId:
        """Write a job when the transaction commits; returns its id."""
        job = NewJob(self.ids.new(), spec)
        self._jobs.append(job)
        return JobId(job.id)

    async def flush(self) -> None:
        """Write what was recorded: jobs first, then the feed, whose head is locked for the shortest time."""
        cause: Correlation = correlation.get()
        now = self.clock.now()
        jobs = self._jobs + caused_jobs(self._events, self._routes, self.ids)
        events, self._jobs, self._events = self._events, [], []
        if jobs:
            await add_jobs(self.connection, self.tenant, jobs, request_id=cause.request_id, now=now)
        if events:
            await append_events(
                self.connection, self.tenant, events, caller=cause.caller, request_id=cause.request_id, now=now
            )

    @cached_property
    def answers(self) -> PostgresAnswers:
        return PostgresAnswers(self)
