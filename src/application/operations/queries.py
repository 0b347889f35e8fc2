"""Jobs and events as they are shown, and who can look them up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from application.shared.pages import Page
from domain.operations.jobs import JobState
from domain.shared.ids import EventId, JobId, WorkspaceId


class JobError(msgspec.Struct, frozen=True):
    """Why a job failed: a problem's code, its text for people, and the facts of that code."""

    code: str
    detail: str
    facts: Mapping[str, object] = {}


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """A job as its workspace sees it. `error` is there once it has failed for good; `subject` is a public id."""

    id: UUID
    kind: str
    status: str
    progress: int | None
    result: Mapping[str, object] | None
    error: JobError | None
    subject: str | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.finished_at is not None


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs; an empty member asks for all."""

    states: Sequence[JobState] = ()
    kinds: Sequence[str] = ()
    subject: str | None = None


class JobQueries(Protocol):
    """A workspace's jobs, for looking."""

    async def view(self, tenant: WorkspaceId, job_id: JobId, /) -> JobView:
        """One job.

        Raises:
            JobNotFound: none with this id in this workspace.
        """
        ...

    async def page(
        self, tenant: WorkspaceId, wanted: JobFilter, /, *, after: JobId | None, limit: int
    ) -> Page[JobView]:
        """Newest first, behind `after`."""
        ...


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A job as an operator sees it, of any workspace. `error` is that of the last failed attempt."""

    id: UUID
    workspace_id: UUID
    kind: str
    queue: str
    status: str
    attempts: int
    deaths: int
    payload: Mapping[str, object]
    subject: str | None
    request_id: str | None
    worker: str | None
    result: Mapping[str, object] | None
    error: Mapping[str, object] | None
    run_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many jobs of a queue are in a state, and since when (UTC) the oldest due one waits."""

    queue: str
    status: str
    count: int
    oldest_due_at: datetime | None


class JobRecords(Protocol):
    """The jobs of all workspaces, for operators."""

    async def record(self, job_id: JobId, /) -> JobRecord:
        """One job.

        Raises:
            JobNotFound: none with this id anywhere.
        """
        ...

    async def records(
        self, wanted: JobFilter, /, *, workspace_id: WorkspaceId | None, limit: int
    ) -> Sequence[JobRecord]:
        """Newest first."""
        ...

    async def counts(self) -> Sequence[JobCount]:
        """How full the queues are."""
        ...


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """An event as clients read it. `position` counts the workspace's events from 1 without a gap."""

    id: UUID
    position: int
    name: str
    subject: str
    data: Mapping[str, object]
    occurred_at: datetime


class FeedQueries(Protocol):
    """A workspace's change feed, in the order in which things happened."""

    async def page(
        self, tenant: WorkspaceId, /, *, after: EventId | None, names: Sequence[str] = (), limit: int
    ) -> Page[EventView]:
        """Events behind `after`, oldest first; from the beginning without it.

        Raises:
            EventUnknown: no such event is kept; read what you need anew and go on from the newest event.
        """
        ...
