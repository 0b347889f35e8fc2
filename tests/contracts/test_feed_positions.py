"""The change feed: no gap, no event that a reader passes over, whoever commits when."""

import asyncio
import random
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from domain.operations.feed import EventUnknown
from domain.shared.correlation import Correlation, correlation
from domain.shared.events import Event
from domain.shared.ids import EventId, WorkspaceId
from domain.shared.jobs import Queue
from tests.support.ledgers import Rig, a_tenant, memory_rig, postgres_rig


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Event):
    name: ClassVar[str] = "bell.rung"
    bell: UUID
    loudness: int

    @property
    def subject(self) -> tuple[str, UUID]:
        return "tag", self.bell


@dataclass(frozen=True, slots=True, kw_only=True)
class BellCast(BellRung):
    name: ClassVar[str] = "bell.cast"


ROUTES: dict[type[Event], tuple[str, ...]] = {BellRung: ("listen", "write_down")}


@pytest.fixture(params=["memory", "postgres"])
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    if request.param == "memory":
        yield memory_rig(ROUTES)
        return
    async with postgres_rig(request.getfixturevalue("database_url"), ROUTES) as postgres:
        yield postgres


async def ring(rig: Rig, tenant: WorkspaceId, *loudness: int) -> None:
    async with rig.transactions.begin(tenant) as tx:
        tx.record([BellRung(bell=uuid4(), loudness=number) for number in loudness])


async def read_all(rig: Rig, tenant: WorkspaceId, *, limit: int = 7) -> list[int]:
    positions: list[int] = []
    after: EventId | None = None
    while True:
        page = await rig.feed.page(tenant, after=after, limit=limit)
        positions += [event.position for event in page.items]
        if page.after is None:
            return positions
        after = EventId(page.items[-1].id)


async def test_numbers_events_in_the_order_of_their_transaction(rig: Rig) -> None:
    tenant = a_tenant()
    await ring(rig, tenant, 1, 2)
    await ring(rig, a_tenant(), 9)
    await ring(rig, tenant, 3)

    events = (await rig.feed.page(tenant, after=None, limit=10)).items

    assert [(event.position, event.data["loudness"]) for event in events] == [(1, 1), (2, 2), (3, 3)]
    assert {event.name for event in events} == {"bell.rung"}
    assert events[0].subject.startswith("tag_")


async def test_many_writers_leave_no_gap(rig: Rig) -> None:
    tenant, chance = a_tenant(), random.Random(20)

    async def write(number: int) -> int:
        await asyncio.sleep(chance.random() / 50)
        async with rig.transactions.begin(tenant) as tx:
            tx.record([BellRung(bell=uuid4(), loudness=number)] * (1 + number % 3))
            await asyncio.sleep(chance.random() / 100)
            if number % 5 == 0:
                raise RuntimeError("rolled back")
        return 1 + number % 3

    written = await asyncio.gather(*(write(number) for number in range(150)), return_exceptions=True)

    expected = sum(count for count in written if isinstance(count, int))
    assert await read_all(rig, tenant) == list(range(1, expected + 1))


async def test_a_reader_beside_many_writers_passes_over_nothing(rig: Rig) -> None:
    tenant, chance = a_tenant(), random.Random(21)
    await ring(rig, tenant, 0)
    over = asyncio.Event()

    async def write(number: int) -> None:
        for _ in range(12):
            async with rig.transactions.begin(tenant) as tx:
                tx.record([BellRung(bell=uuid4(), loudness=number)])
                await asyncio.sleep(chance.random() / 200)

    async def read() -> list[int]:
        seen: list[int] = []
        last: EventId | None = None
        while True:
            is_last_look = over.is_set()
            page = await rig.feed.page(tenant, after=last, limit=100)
            seen += [event.position for event in page.items]
            last = EventId(page.items[-1].id) if page.items else last
            if is_last_look and not page.items:
                return seen
            await asyncio.sleep(0)

    reading = asyncio.create_task(read())
    await asyncio.gather(*(write(number) for number in range(20)))
    over.set()

    assert await reading == list(range(1, 20 * 12 + 2))


async def test_reads_on_behind_an_event(rig: Rig) -> None:
    tenant = a_tenant()
    await ring(rig, tenant, 1, 2, 3)
    first = await rig.feed.page(tenant, after=None, limit=2)

    rest = await rig.feed.page(tenant, after=EventId(first.items[-1].id), limit=2)
    nothing = await rig.feed.page(tenant, after=EventId(rest.items[-1].id), limit=2)

    assert first.after == (str(first.items[-1].id),)
    assert ([event.position for event in rest.items], rest.after) == ([3], None)
    assert (nothing.items, nothing.after) == ([], None)


async def test_reads_only_some_names(rig: Rig) -> None:
    tenant = a_tenant()
    await ring(rig, tenant, 1)
    async with rig.transactions.begin(tenant) as tx:
        tx.record([BellCast(bell=uuid4(), loudness=2)])

    cast = await rig.feed.page(tenant, after=None, names=["bell.cast"], limit=9)
    first = (await rig.feed.page(tenant, after=None, limit=1)).items[0]
    behind = await rig.feed.page(tenant, after=EventId(first.id), names=["bell.rung"], limit=9)

    assert [event.position for event in cast.items] == [2]
    assert behind.items == []


async def test_does_not_know_events_of_others(rig: Rig) -> None:
    other = a_tenant()
    await ring(rig, other, 1)
    theirs = (await rig.feed.page(other, after=None, limit=1)).items[0]

    with pytest.raises(EventUnknown):
        await rig.feed.page(a_tenant(), after=EventId(theirs.id), limit=1)
    assert (await rig.feed.page(a_tenant(), after=None, limit=1)).items == []


async def test_an_event_causes_its_jobs_with_the_request_they_come_from(rig: Rig) -> None:
    tenant = a_tenant()
    token = correlation.set(Correlation("req_1", "user:ada"))
    try:
        await ring(rig, tenant, 5)
    finally:
        correlation.reset(token)

    from_queue = (await rig.dispatch.pick(Queue.DEFAULT, window=9)).rings
    runs = [await rig.claim(rung.job_id) for rung in from_queue]

    assert sorted(run.kind for run in runs if run) == ["listen", "write_down"]
    assert {(run.payload["loudness"], run.request_id) for run in runs if run} == {(5, "req_1")}
