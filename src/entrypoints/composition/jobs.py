"""What the worker and the relay are made of."""

import os
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dramatiq import Broker
from dramatiq.middleware import Middleware

from adapters.postgres.database import OPERATOR_ROLE, PoolSize, PostgresDatabase, Routes, open_pool
from adapters.postgres.operations.dispatch import PostgresDispatch
from adapters.postgres.operations.housekeeping import PostgresBin
from adapters.postgres.operations.ledger import PostgresLedger
from adapters.postgres.operations.wakeups import PostgresWakeups
from adapters.redis.bells import NAMESPACE, RedisBells, open_client
from adapters.redis.broker import open_broker
from adapters.system import SystemChance, SystemClock, TimeOrderedIds
from application.operations.housekeeping import SCHEDULES, Purge
from application.operations.kinds import JobKind, Kinds
from application.operations.relay_jobs import RecallBells, RelayJobs, SweepLeases
from application.operations.run_job import RunJob
from application.operations.running import RunningJobs
from application.operations.schedule_jobs import ScheduleJobs
from application.shared.fail_points import FailPoint, pass_by
from domain.operations.schedules import Schedule
from entrypoints.relay.process import Relay, RelayTiming

KindsOn = Callable[[PostgresDatabase], list[JobKind]]
"""The kinds of jobs, on this database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobServers:
    """Where the servers are; the two URLs may be the same. `namespace` begins every key in Redis."""

    database_url: str
    operator_url: str
    redis_url: str
    redis_timeout_seconds: float = 2.0
    namespace: str = NAMESPACE
    pool: PoolSize = field(default_factory=PoolSize)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTiming:
    """Seconds that decide how soon a dead worker is noticed; tests shrink them.

    `lease_seconds` is how long a silent process keeps its jobs. `heartbeat_timeout_seconds` is Dramatiq's, for
    messages that were fetched and not begun.
    """

    lease_seconds: float = 20.0
    heartbeat_timeout_seconds: float = 15.0
    death_back_off_seconds: float = 2.0
    recall_patience_seconds: float = 2.0
    relay: RelayTiming = field(default_factory=RelayTiming)


@asynccontextmanager
async def open_run_job(
    servers: JobServers,
    kinds_on: KindsOn,
    *,
    routes: Routes,
    lease_seconds: float = 20.0,
    fail_point: FailPoint = pass_by,
) -> AsyncGenerator[RunJob]:
    """Open the pools of a worker process, and close them at the end.

    Bodies work on the app's pool, confined to their workspace; the ledger has a small pool of the operator's.
    """
    clock, ids, small = SystemClock(), TimeOrderedIds(), PoolSize(smallest=1, largest=4)
    # As in `open_relay`; the ledger's statements are look-ups by key, so this costs less than planning each time.
    by_index = {"enable_seqscan": "off"}
    async with (
        await open_pool(servers.database_url, size=servers.pool) as pool,
        await open_pool(servers.operator_url, role=OPERATOR_ROLE, size=small, parameters=by_index) as operator_pool,
    ):
        ledger = PostgresLedger(operator_pool, ids)
        kinds = [*kinds_on(PostgresDatabase(pool, clock, ids, routes)), Purge(bin=PostgresBin(operator_pool)).kind]
        yield RunJob(
            ledger=ledger,
            kinds=Kinds.of(kinds),
            running=RunningJobs(ledger, lease_seconds),
            chance=SystemChance(),
            worker=f"{socket.gethostname()}:{os.getpid()}",
            fail_point=fail_point,
        )


def broker_at(servers: JobServers, timing: JobTiming) -> Callable[[list[Middleware]], Broker]:
    """How the worker opens its broker."""
    return lambda middleware: open_broker(
        servers.redis_url,
        middleware,
        heartbeat_timeout_seconds=timing.heartbeat_timeout_seconds,
        namespace=servers.namespace,
    )


@asynccontextmanager
async def open_relay(
    servers: JobServers,
    timing: JobTiming,
    *,
    window: int = 256,
    schedules: tuple[Schedule, ...] = SCHEDULES,
) -> AsyncGenerator[Relay]:
    """Open what a relay process needs, and close it at the end."""
    client = open_client(servers.redis_url, timeout_seconds=servers.redis_timeout_seconds)
    size = PoolSize(smallest=1, largest=4)
    parameters = {
        # A plan made while the table was empty reads all of it once there is a backlog: 40 ms a round instead of 6.
        "plan_cache_mode": "force_custom_plan",
        # What a crash of PostgreSQL may take back here (a mark, a sweep, a slot with its job) is simply done again.
        "synchronous_commit": "off",
    }
    async with (
        client,
        await open_pool(servers.operator_url, role=OPERATOR_ROLE, size=size, parameters=parameters) as pool,
    ):
        dispatch, bells, clock = PostgresDispatch(pool), RedisBells(client, servers.namespace), SystemClock()
        yield Relay(
            relay_jobs=RelayJobs(dispatch=dispatch, bells=bells, window=window),
            recall_bells=RecallBells(dispatch=dispatch, bells=bells, patience_seconds=timing.recall_patience_seconds),
            sweep_leases=SweepLeases(dispatch=dispatch, back_off_seconds=timing.death_back_off_seconds),
            schedule_jobs=ScheduleJobs(
                transactions=PostgresDatabase(pool, clock, TimeOrderedIds()), clock=clock, schedules=schedules
            ),
            wakeups=PostgresWakeups(servers.operator_url),
            timing=timing.relay,
        )
