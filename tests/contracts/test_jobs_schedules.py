"""Each due time becomes one job, whoever looks, and however often."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from adapters.postgres.database import OPERATOR_ROLE, PostgresDatabase, open_pool
from adapters.system import TimeOrderedIds
from application.operations.queries import JobFilter, JobQueries
from application.operations.schedule_jobs import ScheduleJobs
from domain.operations.ports import SlotsTx
from domain.operations.schedules import Schedule
from domain.shared.ids import PLATFORM
from domain.shared.ports import Transactions
from tests.support.ledgers import MovableClock, memory_rig, postgres_rig


@dataclass
class Platform:
    """The scheduler's storage, and a look at what it wrote."""

    transactions: Transactions[SlotsTx]
    queries: JobQueries
    clock: MovableClock

    def scheduler(self, *schedules: Schedule) -> ScheduleJobs:
        return ScheduleJobs(transactions=self.transactions, clock=self.clock, schedules=schedules)

    async def jobs(self, kind: str) -> int:
        wanted = JobFilter(kinds=[kind])
        return len((await self.queries.page(PLATFORM, wanted, after=None, limit=100)).items)


@pytest.fixture(params=["memory", "postgres"])
async def platform(request: pytest.FixtureRequest) -> AsyncGenerator[Platform]:
    clock = MovableClock(datetime(2026, 11, 20, 12, 30, tzinfo=UTC))
    if request.param == "memory":
        rig = memory_rig()
        yield Platform(rig.transactions, rig.queries, clock)
        return
    url = request.getfixturevalue("database_url")
    async with postgres_rig(url) as postgres, await open_pool(url, role=OPERATOR_ROLE) as pool:
        yield Platform(PostgresDatabase(pool, clock, TimeOrderedIds()), postgres.queries, clock)


def hourly(*, catch_up: int = 1) -> Schedule:
    name = f"hourly-{uuid4()}"
    return Schedule(name=name, kind=name, every=timedelta(hours=1), catch_up=catch_up)


async def test_runs_the_present_slot_at_the_first_look_and_once(platform: Platform) -> None:
    schedule = hourly(catch_up=10)
    run = platform.scheduler(schedule)

    looks = [await run(), await run()]

    assert looks == [1, 0]
    assert await platform.jobs(schedule.kind) == 1


async def test_makes_up_for_missed_slots_but_not_for_all(platform: Platform) -> None:
    patient, hasty = hourly(catch_up=5), hourly()
    run = platform.scheduler(patient, hasty)
    await run()

    platform.clock.move(3 * 3600)
    await run()
    platform.clock.move(100 * 3600)
    await run()

    assert await platform.jobs(patient.kind) == 1 + 3 + 5
    assert await platform.jobs(hasty.kind) == 1 + 1 + 1


async def test_many_schedulers_at_once_are_harmless(platform: Platform) -> None:
    schedule = hourly(catch_up=3)
    await platform.scheduler(schedule)()
    platform.clock.move(3 * 3600)

    taken = await asyncio.gather(*(platform.scheduler(schedule)() for _ in range(5)))

    assert sum(taken) == 3
    assert await platform.jobs(schedule.kind) == 4
