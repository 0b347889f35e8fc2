"""One PostgreSQL transaction, seen by each context through its own slice."""

from collections.abc import Iterable, Mapping, Sequence

import asyncpg

from adapters.bridges.assistance import ShelfOfSources, ThreadsOfConversations
from adapters.postgres.answers import PostgresAnswers
from adapters.postgres.assistance.repositories import PostgresModelCalls, PostgresSuggestions
from adapters.postgres.conversations.conversations import PostgresConversations
from adapters.postgres.conversations.members import PostgresMembers
from adapters.postgres.conversations.messages import PostgresMessages
from adapters.postgres.feed import NewEvent, NewJob, add_jobs, append_events, caused_jobs
from adapters.postgres.identity.users import PostgresSessions, PostgresUsers
from adapters.postgres.identity.workspaces import PostgresApiKeys, PostgresMemberships, PostgresWorkspaces
from adapters.postgres.knowledge.repositories import PostgresSources, PostgresThreads
from adapters.postgres.operations.desk import PostgresJobDesk
from adapters.postgres.operations.housekeeping import PostgresSlots
from adapters.postgres.operations.jobs import PostgresJobs
from domain.shared.correlation import Correlation, correlation
from domain.shared.events import Event
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobSpec
from domain.shared.ports import Clock, Ids


class PostgresTransaction:
    """An open transaction. Repositories are made when first used; events and jobs are written before the commit."""

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
        self._jobs += caused_jobs(self._events, self._routes, self.ids)
        events, self._events = self._events, []
        await self.flush_jobs()
        if events:
            await append_events(
                self.connection,
                self.tenant,
                events,
                caller=cause.caller,
                request_id=cause.request_id,
                now=self.clock.now(),
            )

    async def flush_jobs(self) -> None:
        """Write the jobs enqueued so far."""
        jobs, self._jobs = self._jobs, []
        if jobs:
            await add_jobs(self.connection, self.tenant, jobs, request_id=correlation.get().request_id)

    @property
    def jobs(self) -> PostgresJobs:
        return PostgresJobs(self)

    @property
    def job_desk(self) -> PostgresJobDesk:
        return PostgresJobDesk(self)

    @property
    def slots(self) -> PostgresSlots:
        return PostgresSlots(self)

    @property
    def users(self) -> PostgresUsers:
        return PostgresUsers(self)

    @property
    def sessions(self) -> PostgresSessions:
        return PostgresSessions(self)

    @property
    def workspaces(self) -> PostgresWorkspaces:
        return PostgresWorkspaces(self)

    @property
    def memberships(self) -> PostgresMemberships:
        return PostgresMemberships(self)

    @property
    def api_keys(self) -> PostgresApiKeys:
        return PostgresApiKeys(self)

    @property
    def answers(self) -> PostgresAnswers:
        return PostgresAnswers(self)

    @property
    def conversations(self) -> PostgresConversations:
        return PostgresConversations(self)

    @property
    def messages(self) -> PostgresMessages:
        return PostgresMessages(self)

    @property
    def members(self) -> PostgresMembers:
        return PostgresMembers(self)

    @property
    def sources(self) -> PostgresSources:
        return PostgresSources(self)

    @property
    def source_threads(self) -> PostgresThreads:
        return PostgresThreads(self)

    @property
    def suggestions(self) -> PostgresSuggestions:
        return PostgresSuggestions(self)

    @property
    def model_calls(self) -> PostgresModelCalls:
        return PostgresModelCalls(self)

    @property
    def threads(self) -> ThreadsOfConversations:
        return ThreadsOfConversations(self)

    @property
    def facts(self) -> ShelfOfSources:
        return ShelfOfSources(self)
