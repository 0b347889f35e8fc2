"""A ledger on either kind of storage, and a way to let time pass in it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg

from adapters.memory.database import MemoryDatabase
from adapters.memory.operations import MemoryLedger
from adapters.memory.operations_queries import MemoryFeedQueries, MemoryJobQueries
from adapters.postgres.database import OPERATOR_ROLE, PostgresDatabase, open_pool
from adapters.postgres.operations.dispatch import PostgresDispatch
from adapters.postgres.operations.ledger import PostgresLedger
from adapters.postgres.operations.queries import PostgresFeedQueries, PostgresJobQueries
from adapters.system import SystemClock, TimeOrderedIds
from application.operations.queries import FeedQueries, JobQueries
from domain.operations.ports import DeskTx, Dispatch, Ledger, SlotsTx
from domain.shared.events import Event
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobRun, Jobs, JobSpec
from domain.shared.ports import Transactions


@dataclass
class MovableClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class JobsTx(SlotsTx, DeskTx, Protocol):
    """What these tests touch in a transaction."""

    @property
    def jobs(self) -> Jobs: ...

    def record(self, events: Any, /) -> None: ...


@dataclass(kw_only=True)
class Rig(ABC):
    """One storage behind all ports of the operations context."""

    transactions: Transactions[JobsTx]
    ledger: Ledger
    dispatch: Dispatch
    queries: JobQueries
    feed: FeedQueries

    @abstractmethod
    async def pass_time(self, seconds: float) -> None:
        """Let so much time pass for due times and leases."""

    async def add(self, spec: JobSpec, tenant: WorkspaceId) -> JobId:
        async with self.transactions.begin(tenant) as tx:
            return await tx.jobs.add(spec)

    async def claim(self, job_id: JobId, *, alone: bool = True) -> JobRun | None:
        return await self.ledger.claim(job_id, lease_seconds=10, worker="test", alone=alone)

    async def a_run(self, tenant: WorkspaceId, spec: JobSpec | None = None) -> JobRun:
        """A job, added and claimed."""
        run = await self.claim(await self.add(spec or JobSpec(kind="work"), tenant))
        assert run is not None
        return run


@dataclass(kw_only=True)
class MemoryRig(Rig):
    clock: MovableClock

    async def pass_time(self, seconds: float) -> None:
        self.clock.move(seconds)


@dataclass(kw_only=True)
class PostgresRig(Rig):
    pool: "asyncpg.Pool[asyncpg.Record]"

    async def pass_time(self, seconds: float) -> None:
        await self.pool.execute(
            "UPDATE jobs SET run_at = run_at - $1::interval, lease_until = lease_until - $1::interval, "
            "rung_at = rung_at - $1::interval",
            timedelta(seconds=seconds),
        )


def memory_rig(routes: dict[type[Event], tuple[str, ...]] | None = None) -> MemoryRig:
    clock = MovableClock()
    database = MemoryDatabase(clock, TimeOrderedIds(), routes or {})
    ledger = MemoryLedger(database)
    return MemoryRig(
        transactions=database,
        ledger=ledger,
        dispatch=ledger,
        queries=MemoryJobQueries(database),
        feed=MemoryFeedQueries(database),
        clock=clock,
    )


@asynccontextmanager
async def postgres_rig(
    database_url: str, routes: dict[type[Event], tuple[str, ...]] | None = None
) -> AsyncGenerator[PostgresRig]:
    """On a database whose jobs belong to this test alone. Transactions hold the operator's role, for the slots."""
    ids = TimeOrderedIds()
    async with await open_pool(database_url) as pool, await open_pool(database_url, role=OPERATOR_ROLE) as operator:
        await operator.execute("DELETE FROM jobs")
        app = PostgresDatabase(pool, SystemClock(), ids, routes or {})
        yield PostgresRig(
            transactions=app,
            ledger=PostgresLedger(operator, ids),
            dispatch=PostgresDispatch(operator),
            queries=PostgresJobQueries(app),
            feed=PostgresFeedQueries(app),
            pool=operator,
        )


def a_tenant() -> WorkspaceId:
    """A workspace of this test alone."""
    return WorkspaceId(UUID(int=uuid4().int))
