"""Transactions over dictionaries, with row locks, rollback and tenant walls."""

import asyncio
import copy
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, MutableMapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from adapters.bridges.assistance import ShelfOfSources, ThreadsOfConversations
from adapters.memory.answers import MemoryAnswers
from adapters.memory.assistance import MemoryModelCalls, MemorySuggestions
from adapters.memory.conversations import MemoryConversations, MemoryMembers, MemoryMessages
from adapters.memory.identity.users import MemorySessions, MemoryUsers
from adapters.memory.identity.workspaces import MemoryApiKeys, MemoryMemberships, MemoryWorkspaces
from adapters.memory.jobs import MemoryJobDesk, MemoryJobs, MemorySlots
from adapters.memory.knowledge import MemorySources, MemoryThreads
from domain.shared.correlation import correlation
from domain.shared.events import Event
from domain.shared.ids import JobId, WorkspaceId, public_id
from domain.shared.jobs import JobSpec
from domain.shared.ports import Clock, Ids

Tables = defaultdict[str, dict[Any, Any]]
"""Table name -> key -> value. Values are stored as deep copies, so nothing leaks without a save."""


@dataclass(slots=True)
class MemoryDatabase:
    """`Transactions` for every context, in one process. `tables` holds what is committed."""

    clock: Clock
    ids: Ids
    routes: Mapping[type[Event], Sequence[str]] = field(default_factory=dict[type[Event], Sequence[str]])
    tables: Tables = field(default_factory=lambda: defaultdict(dict))
    locks: dict[tuple[str, Any], asyncio.Lock] = field(default_factory=dict[tuple[str, Any], asyncio.Lock])

    @asynccontextmanager
    async def begin(self, tenant: WorkspaceId, /) -> AsyncGenerator["MemoryTransaction"]:
        """Open a transaction confined to `tenant`."""
        async with AsyncExitStack() as held:
            transaction = MemoryTransaction(self, tenant, held)
            yield transaction
            transaction.commit()

    def lock_of(self, table: str, key: object) -> asyncio.Lock:
        """The lock of a row, made when first asked for."""
        return self.locks.setdefault((table, key), asyncio.Lock())

    def rows(self, table: str, tenant: WorkspaceId) -> list[Any]:
        """Copies of all committed rows of the tenant, in key order of insertion."""
        return [copy.deepcopy(row) for row in self.tables[table].values() if row.workspace_id == tenant]


class MemoryTransaction:
    """An open transaction: writes stay here until the commit."""

    def __init__(self, database: MemoryDatabase, tenant: WorkspaceId, held: AsyncExitStack) -> None:
        self.database = database
        self.tenant = tenant
        self.clock = database.clock
        self.ids = database.ids
        self._held = held
        self._locked: set[tuple[str, Any]] = set()
        self._writes: list[tuple[str, Any, Any]] = []
        self._events: list[Event] = []
        self._jobs: list[tuple[JobId, JobSpec, UUID | None]] = []

    async def lock(self, table: str, key: object) -> None:
        """Hold this row until the transaction ends."""
        name = (table, key)
        if name not in self._locked:
            self._locked.add(name)
            await self._held.enter_async_context(self.database.lock_of(table, key))

    def read(self, table: str) -> Mapping[Any, Any]:
        """The table as this transaction sees it: what is committed, and its own writes over it."""
        seen = dict(self.database.tables[table])
        for where, key, value in self._writes:
            if where == table:
                _put(seen, key, value)
        return seen

    def write(self, table: str, key: object, value: object | None) -> None:
        """Put a copy of the value at the key when the transaction commits; None deletes."""
        self._writes.append((table, key, copy.deepcopy(value)))

    def record(self, events: Iterable[Event], /) -> None:
        """Append events to the workspace's feed when the transaction commits."""
        self._events.extend(events)

    def enqueue(self, spec: JobSpec, /) -> JobId:
        """Write a job when the transaction commits."""
        job_id = JobId(self.ids.new())
        self._jobs.append((job_id, spec, None))
        return job_id

    def has_enqueued(self, job_id: JobId, /) -> bool:
        """Whether this transaction is about to write the job."""
        return any(job_id == enqueued for enqueued, _, _ in self._jobs)

    def commit(self) -> None:
        """Apply everything at once; nothing waits in between."""
        feed, jobs = self.database.tables["events"], self.database.tables["jobs"]
        for event in self._events:
            event_id = self.ids.new()
            for kind in self.database.routes.get(type(event), ()):
                payload = msgspec.to_builtins(event)
                self._jobs.append((JobId(self.ids.new()), JobSpec(kind=kind, payload=payload), event_id))
            position = self.database.tables["feed_heads"].get(self.tenant, 0) + 1
            self.database.tables["feed_heads"][self.tenant] = position
            feed[self.tenant, position] = MemoryEvent(
                workspace_id=self.tenant,
                position=position,
                id=event_id,
                event=event,
                subject=public_id(*event.subject),
                occurred_at=self.clock.now(),
                caller=correlation.get().caller,
                request_id=correlation.get().request_id,
            )
        for table, key, value in self._writes:
            _put(self.database.tables[table], key, value)
        now, request_id = self.clock.now(), correlation.get().request_id
        for job_id, spec, event_id in self._jobs:
            jobs[job_id] = MemoryJob(
                id=job_id,
                workspace_id=self.tenant,
                spec=spec,
                event_id=event_id,
                request_id=request_id,
                run_at=spec.run_at or now,
                created_at=now,
            )

    @property
    def answers(self) -> MemoryAnswers:
        return MemoryAnswers(self)

    @property
    def job_desk(self) -> MemoryJobDesk:
        return MemoryJobDesk(self)

    @property
    def slots(self) -> MemorySlots:
        return MemorySlots(self)

    @property
    def jobs(self) -> MemoryJobs:
        return MemoryJobs(self)

    @property
    def users(self) -> MemoryUsers:
        return MemoryUsers(self)

    @property
    def sessions(self) -> MemorySessions:
        return MemorySessions(self)

    @property
    def workspaces(self) -> MemoryWorkspaces:
        return MemoryWorkspaces(self)

    @property
    def memberships(self) -> MemoryMemberships:
        return MemoryMemberships(self)

    @property
    def api_keys(self) -> MemoryApiKeys:
        return MemoryApiKeys(self)

    @property
    def conversations(self) -> MemoryConversations:
        return MemoryConversations(self)

    @property
    def messages(self) -> MemoryMessages:
        return MemoryMessages(self)

    @property
    def members(self) -> MemoryMembers:
        return MemoryMembers(self)

    @property
    def sources(self) -> MemorySources:
        return MemorySources(self)

    @property
    def source_threads(self) -> MemoryThreads:
        return MemoryThreads(self)

    @property
    def suggestions(self) -> MemorySuggestions:
        return MemorySuggestions(self)

    @property
    def model_calls(self) -> MemoryModelCalls:
        return MemoryModelCalls(self)

    @property
    def threads(self) -> ThreadsOfConversations:
        return ThreadsOfConversations(self)

    @property
    def facts(self) -> ShelfOfSources:
        return ShelfOfSources(self)


@dataclass(slots=True, kw_only=True)
class MemoryEvent:
    """A recorded event."""

    workspace_id: WorkspaceId
    position: int
    id: UUID
    event: Event
    subject: str
    occurred_at: Any
    caller: str | None
    request_id: str | None


@dataclass(slots=True, kw_only=True)
class MemoryJob:
    """A job row; `adapters.memory.operations.MemoryWorker` runs it when asked."""

    id: JobId
    workspace_id: WorkspaceId
    spec: JobSpec
    event_id: UUID | None
    request_id: str | None
    run_at: datetime
    created_at: datetime
    state: str = "queued"
    attempts: int = 0
    deaths: int = 0
    rung_at: datetime | None = None
    lease: UUID | None = None
    lease_until: datetime | None = None
    worker: str | None = None
    progress: int | None = None
    result: Mapping[str, object] | None = None
    error: Mapping[str, object] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    steps: dict[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])


def _put(table: MutableMapping[Any, Any], key: object, value: object | None) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
