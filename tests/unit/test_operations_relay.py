"""The relay over a memory ledger and bells that can be lost or out of order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from application.operations.relay_jobs import RecallBells, RelayJobs, SweepLeases, Window
from application.operations.schedule_jobs import ScheduleJobs
from domain.operations.ports import Ring
from domain.shared.errors import ProviderUnavailable
from domain.shared.jobs import JobSpec, Queue
from entrypoints.relay.process import Relay, RelayTiming
from tests.support.ledgers import MemoryRig, a_tenant, memory_rig


@dataclass
class Bells:
    """`Bells` in a list; `is_broken` ones refuse, and `lose` forgets all."""

    rung: list[Ring] = field(default_factory=list[Ring])
    is_broken: bool = False

    async def ring(self, rings: Sequence[Ring], /) -> None:
        if self.is_broken:
            raise ProviderUnavailable("redis")
        self.rung += rings

    async def missing(self, rings: Sequence[Ring], /) -> list[Ring]:
        if self.is_broken:
            raise ProviderUnavailable("redis")
        return [ring for ring in rings if ring not in self.rung]

    def lose(self) -> None:
        self.rung.clear()


@pytest.fixture
def rig() -> MemoryRig:
    return memory_rig()


@pytest.fixture
def bells() -> Bells:
    return Bells()


async def fill(rig: MemoryRig, count: int, queue: Queue = Queue.DEFAULT) -> None:
    async with rig.transactions.begin(a_tenant()) as tx:
        for _ in range(count):
            await tx.jobs.add(JobSpec(kind="work", queue=queue))


async def test_rings_all_queues_urgent_ones_first(rig: MemoryRig, bells: Bells) -> None:
    for queue in (Queue.BULK, Queue.DEFAULT, Queue.CRITICAL):
        await fill(rig, 2, queue)

    is_crowded = await RelayJobs(dispatch=rig.dispatch, bells=bells)()

    assert [ring.queue for ring in bells.rung] == ["critical"] * 2 + ["default"] * 2 + ["bulk"] * 2
    assert not is_crowded


async def test_says_when_jobs_wait_for_room(rig: MemoryRig, bells: Bells) -> None:
    await fill(rig, 5)

    is_crowded = await RelayJobs(dispatch=rig.dispatch, bells=bells, window=3)()

    assert len(bells.rung) == 3
    assert is_crowded


def test_the_window_follows_the_pace_of_the_workers() -> None:
    window = Window(least=32, most=256)
    sizes = [window.size]

    for pace in (1000, 100, 4):  # jobs a second, over a second and a half each
        for _ in range(6):
            now = 0.25 * (len(sizes) + 4)
            window.fill(pace // 4, now)
            sizes.append(window.size)

    assert sizes[0] == 32
    assert max(sizes[3:7]) >= 250
    assert 32 <= sizes[12] <= 50
    assert sizes[18] == 32


def test_a_small_window_stays_small() -> None:
    assert Window(least=32, most=3).size == 3


async def test_forgets_what_it_could_not_ring(rig: MemoryRig, bells: Bells) -> None:
    await fill(rig, 2)
    relay = RelayJobs(dispatch=rig.dispatch, bells=bells)
    bells.is_broken = True
    with pytest.raises(ProviderUnavailable):
        await relay()

    bells.is_broken = False
    await relay()

    assert len(bells.rung) == 2


async def test_rings_again_what_redis_lost(rig: MemoryRig, bells: Bells) -> None:
    relay, recall = RelayJobs(dispatch=rig.dispatch, bells=bells), RecallBells(dispatch=rig.dispatch, bells=bells)
    await fill(rig, 3)
    await relay()
    await rig.claim(bells.rung[0].job_id)
    await rig.pass_time(3)
    kept = await recall()
    bells.lose()

    lost = await recall()
    await relay()

    assert (kept, lost, len(bells.rung)) == (0, 2, 2)


async def test_rings_again_after_a_long_wait_whatever_redis_says(rig: MemoryRig, bells: Bells) -> None:
    recall = RecallBells(dispatch=rig.dispatch, bells=bells, longest_seconds=60)
    await fill(rig, 1)
    await RelayJobs(dispatch=rig.dispatch, bells=bells)()

    await rig.pass_time(59)
    early = await recall()
    await rig.pass_time(2)
    late = await recall()

    assert (early, late) == (0, 1)


async def test_sweeps_lost_leases(rig: MemoryRig) -> None:
    await rig.a_run(a_tenant())
    sweep = SweepLeases(dispatch=rig.dispatch)

    early = await sweep()
    await rig.pass_time(11)
    late = await sweep()

    assert (early, late) == (0, 1)


@dataclass
class News:
    """`Wakeups` by hand; the line can be cut."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    is_cut: bool = False
    times_listened: int = 0

    async def listen(self) -> AsyncIterator[None]:
        self.times_listened += 1
        while True:
            await self.arrived.wait()
            self.arrived.clear()
            if self.is_cut:
                raise ProviderUnavailable("database")
            yield None

    def tell(self) -> None:
        self.arrived.set()


async def test_wakes_at_news_and_outlives_broken_servers(rig: MemoryRig, bells: Bells) -> None:
    news = News()
    slow = RelayTiming(poll_seconds=60, recall_seconds=60, sweep_seconds=60, schedule_seconds=60)
    relay = Relay(
        relay_jobs=RelayJobs(dispatch=rig.dispatch, bells=bells, window=4),
        recall_bells=RecallBells(dispatch=rig.dispatch, bells=bells),
        sweep_leases=SweepLeases(dispatch=rig.dispatch),
        schedule_jobs=ScheduleJobs(transactions=rig.transactions, clock=rig.clock, schedules=()),
        wakeups=news,
        timing=slow,
    )
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.01)

    await fill(rig, 2)
    news.tell()
    await asyncio.sleep(0.05)
    at_news = len(bells.rung)
    news.is_cut = True
    news.tell()
    await asyncio.sleep(0.15)
    news.is_cut, bells.is_broken = False, True
    await fill(rig, 10)
    news.tell()
    await asyncio.sleep(0.05)
    while_broken = len(bells.rung)
    bells.is_broken = False
    await asyncio.sleep(0.3)
    in_window = len(bells.rung)
    for ring in bells.rung:
        await rig.claim(ring.job_id)
    await asyncio.sleep(0.1)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert (at_news, while_broken, in_window) == (2, 2, 4)
    assert len(bells.rung) == 8
    assert news.times_listened == 2
