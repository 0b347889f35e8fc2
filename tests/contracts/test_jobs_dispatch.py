"""What the relay may count on: turns between workspaces, a bounded window, nothing rung for ever."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator

import pytest

from domain.operations.ports import Ring
from domain.shared.ids import WorkspaceId
from domain.shared.jobs import JobSpec, Queue
from tests.support.ledgers import Rig, a_tenant, memory_rig, postgres_rig


@pytest.fixture(params=["memory", "postgres"])
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    if request.param == "memory":
        yield memory_rig()
        return
    async with postgres_rig(request.getfixturevalue("database_url")) as postgres:
        yield postgres


async def fill(rig: Rig, tenant: WorkspaceId, count: int, queue: Queue = Queue.DEFAULT) -> None:
    async with rig.transactions.begin(tenant) as tx:
        for _ in range(count):
            await tx.jobs.add(JobSpec(kind="work", queue=queue))


async def test_picks_what_is_due_once(rig: Rig) -> None:
    tenant = a_tenant()
    await fill(rig, tenant, 3)

    first = await rig.dispatch.pick(Queue.DEFAULT, window=10)
    second = await rig.dispatch.pick(Queue.DEFAULT, window=10)

    assert [(ring.workspace_id, ring.kind, ring.queue, ring.attempts) for ring in first.rings] == [
        (tenant, "work", Queue.DEFAULT, 0)
    ] * 3
    assert not first.is_full
    assert list(second.rings) == []


async def test_picks_only_its_queue(rig: Rig) -> None:
    await fill(rig, a_tenant(), 2, Queue.BULK)

    assert not (await rig.dispatch.pick(Queue.CRITICAL, window=10)).rings
    assert len((await rig.dispatch.pick(Queue.BULK, window=10)).rings) == 2


async def test_leaves_what_is_not_due(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)
    await rig.ledger.release(run)
    await rig.pass_time(-60)

    early = await rig.dispatch.pick(Queue.DEFAULT, window=10)
    await rig.pass_time(61)
    late = await rig.dispatch.pick(Queue.DEFAULT, window=10)

    assert (len(early.rings), len(late.rings)) == (0, 1)


async def test_shares_the_window_between_workspaces(rig: Rig) -> None:
    crowd, few, one = a_tenant(), a_tenant(), a_tenant()
    await fill(rig, crowd, 500)
    await fill(rig, few, 5)
    await fill(rig, one, 1)

    picked = [ring.workspace_id for _ in range(3) for ring in (await rig.dispatch.pick(Queue.DEFAULT, window=30)).rings]

    turns = Counter(picked)
    assert sum(turns.values()) == 30
    assert (turns[few], turns[one]) == (5, 1)


async def test_lets_everybody_have_a_turn_when_there_is_less_room_than_workspaces(rig: Rig) -> None:
    tenants = [a_tenant() for _ in range(12)]
    for tenant in tenants:
        await fill(rig, tenant, 10)

    served: Counter[WorkspaceId] = Counter()
    for _ in range(8):
        rings = (await rig.dispatch.pick(Queue.DEFAULT, window=4)).rings
        for ring in rings:
            served[ring.workspace_id] += 1
            assert await rig.claim(ring.job_id)

    if hasattr(rig, "pool"):  # in memory the oldest come first; it has no memory of turns
        assert set(served) == set(tenants)
        assert max(served.values()) - min(served.values()) <= 1


async def test_makes_room_as_jobs_are_claimed(rig: Rig) -> None:
    await fill(rig, a_tenant(), 20)
    full = await rig.dispatch.pick(Queue.DEFAULT, window=8)
    none = await rig.dispatch.pick(Queue.DEFAULT, window=8)

    for ring in full.rings[:3]:
        await rig.claim(ring.job_id)
    more = await rig.dispatch.pick(Queue.DEFAULT, window=8)

    assert (len(full.rings), full.is_full) == (8, True)
    assert (len(none.rings), none.is_full) == (0, True)
    assert len(more.rings) == 3


async def test_finds_bells_that_nobody_answered(rig: Rig) -> None:
    tenant = a_tenant()
    await fill(rig, tenant, 3)
    rings = (await rig.dispatch.pick(Queue.DEFAULT, window=10)).rings
    await rig.claim(rings[0].job_id)

    young = await rig.dispatch.rung_before(5, limit=10)
    await rig.pass_time(6)
    old = await rig.dispatch.rung_before(5, limit=10)

    assert young == []
    assert {ring.job_id for ring in old} == {rings[1].job_id, rings[2].job_id}


async def test_picks_again_what_was_unrung(rig: Rig) -> None:
    await fill(rig, a_tenant(), 3)
    rings = (await rig.dispatch.pick(Queue.DEFAULT, window=10)).rings
    claimed = await rig.claim(rings[0].job_id)

    unrung = await rig.dispatch.unring([ring.job_id for ring in rings])

    again = (await rig.dispatch.pick(Queue.DEFAULT, window=10)).rings
    assert claimed is not None
    assert unrung == 2
    assert {ring.job_id for ring in again} == {rings[1].job_id, rings[2].job_id}


async def test_rings_a_later_attempt_under_another_number(rig: Rig) -> None:
    await fill(rig, a_tenant(), 1)
    first = (await rig.dispatch.pick(Queue.DEFAULT, window=10)).rings[0]
    assert await rig.claim(first.job_id)
    await rig.pass_time(11)
    await rig.dispatch.sweep(limit=10, back_off_seconds=0)

    second = (await rig.dispatch.pick(Queue.DEFAULT, window=10)).rings[0]

    assert (first.job_id, first.attempts, second.attempts) == (second.job_id, 0, 1)


async def test_several_relays_never_pick_the_same(rig: Rig) -> None:
    for _ in range(4):
        await fill(rig, a_tenant(), 25)

    async def relay() -> list[Ring]:
        mine: list[Ring] = []
        for _ in range(12):
            mine += (await rig.dispatch.pick(Queue.DEFAULT, window=1000)).rings
        return mine

    picked = [ring.job_id for rings in await asyncio.gather(*(relay() for _ in range(3))) for ring in rings]

    assert len(picked) == len(set(picked)) == 100
