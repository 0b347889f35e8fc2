"""What the ledger promises, in memory and on PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from application.operations.queries import JobFilter
from domain.operations.jobs import Trouble
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobSpec, LeaseLost, Queue
from tests.support.ledgers import Rig, a_tenant, memory_rig, postgres_rig

TROUBLE = Trouble(code="internal_error", detail="Something went wrong.", error_type="RuntimeError", message="bang\0")


@pytest.fixture(params=["memory", "postgres"])
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    if request.param == "memory":
        yield memory_rig()
        return
    async with postgres_rig(request.getfixturevalue("database_url")) as postgres:
        yield postgres


@pytest.fixture
def tenant() -> WorkspaceId:
    return a_tenant()


async def status(rig: Rig, tenant: WorkspaceId, job_id: JobId) -> str:
    return (await rig.queries.view(tenant, job_id)).status


async def test_a_job_stands_or_falls_with_its_cause(rig: Rig, tenant: WorkspaceId) -> None:
    async def fail() -> None:
        async with rig.transactions.begin(tenant) as tx:
            await tx.jobs.add(JobSpec(kind="work"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    kept = await rig.add(JobSpec(kind="work"), tenant)
    assert [job.id for job in (await _all(rig, tenant))] == [kept]


async def test_claims_a_job_once(rig: Rig, tenant: WorkspaceId) -> None:
    job_id = await rig.add(JobSpec(kind="work", payload={"text": "é", "n": 1}, subject="msg_1"), tenant)

    claims = await asyncio.gather(*(rig.claim(job_id) for _ in range(5)))

    runs = [run for run in claims if run]
    assert len(runs) == 1
    assert (runs[0].id, runs[0].workspace_id, runs[0].kind, runs[0].attempt) == (job_id, tenant, "work", 1)
    assert runs[0].payload == {"text": "é", "n": 1}
    assert await status(rig, tenant, job_id) == "running"


async def test_claims_nothing_unknown(rig: Rig) -> None:
    assert await rig.claim(JobId(uuid4())) is None


async def test_holds_a_job_back_until_it_is_due(rig: Rig, tenant: WorkspaceId) -> None:
    run_at = datetime.now(UTC) + timedelta(days=90)
    if not hasattr(rig, "pool"):
        run_at = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(days=90)
    job_id = await rig.add(JobSpec(kind="work", run_at=run_at), tenant)

    early = await rig.claim(job_id)
    await rig.pass_time(90 * 24 * 3600 + 1)
    late = await rig.claim(job_id)

    assert early is None
    assert late is not None


async def test_finishes_with_the_effect(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    async with rig.transactions.begin(tenant) as tx:
        await tx.jobs.finish(run, {"answer": 42})

    job = await rig.queries.view(tenant, run.id)
    assert (job.status, job.result, job.is_over) == ("succeeded", {"answer": 42}, True)


async def test_does_not_finish_when_the_effect_fails(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    async def fail() -> None:
        async with rig.transactions.begin(tenant) as tx:
            await tx.jobs.finish(run)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await status(rig, tenant, run.id) == "running"


async def test_finishes_what_its_body_left_open_and_only_once(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    first, second = await rig.ledger.finish(run, {"n": "\0"}), await rig.ledger.finish(run, None)

    assert (first, second) == (True, False)
    assert await status(rig, tenant, run.id) == "succeeded"


async def test_refuses_a_finish_after_the_lease_is_lost(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)
    await rig.pass_time(11)
    await rig.dispatch.sweep(limit=10, back_off_seconds=0)

    async def finish() -> None:
        async with rig.transactions.begin(tenant) as tx:
            await tx.jobs.finish(run)

    with pytest.raises(LeaseLost):
        await finish()
    assert not await rig.ledger.park(run, TROUBLE)
    assert not await rig.ledger.retry(run, TROUBLE, timedelta())
    assert not await rig.ledger.release(run)
    assert await status(rig, tenant, run.id) == "queued"


async def test_refuses_a_finish_in_another_workspace(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    async def finish() -> None:
        async with rig.transactions.begin(a_tenant()) as tx:
            await tx.jobs.finish(run)

    with pytest.raises(LeaseLost):
        await finish()


async def test_retries_after_a_wait_and_counts(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    await rig.ledger.retry(run, TROUBLE, timedelta(seconds=30))

    assert await rig.claim(run.id) is None
    await rig.pass_time(31)
    again = await rig.claim(run.id)
    assert again is not None
    assert (again.attempt, again.lease != run.lease) == (2, True)
    assert (await rig.queries.view(tenant, run.id)).error is None


async def test_parks_with_the_public_part_of_the_trouble(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    await rig.ledger.park(run, TROUBLE)

    job = await rig.queries.view(tenant, run.id)
    assert job.status == "failed"
    assert job.error is not None
    assert (job.error.code, job.error.detail) == ("internal_error", "Something went wrong.")
    assert await rig.claim(run.id) is None


async def test_releases_without_counting_the_attempt(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    await rig.ledger.release(run)

    again = await rig.claim(run.id)
    assert again is not None
    assert again.attempt == 1


async def test_renews_what_is_held_and_names_it(rig: Rig, tenant: WorkspaceId) -> None:
    held, lost = await rig.a_run(tenant), await rig.a_run(tenant)
    await rig.ledger.park(lost, TROUBLE)
    await rig.pass_time(8)

    kept = await rig.ledger.renew([held.lease, lost.lease], lease_seconds=10)
    await rig.pass_time(8)
    swept = await rig.dispatch.sweep(limit=10, back_off_seconds=0)

    assert kept == {held.lease}
    assert swept == []


async def test_renewing_and_finishing_do_not_get_in_each_others_way(rig: Rig, tenant: WorkspaceId) -> None:
    runs = [await rig.a_run(tenant) for _ in range(40)]
    leases = [run.lease for run in runs]

    await asyncio.gather(
        *(rig.ledger.renew(leases, lease_seconds=10) for _ in range(5)),
        *(rig.ledger.finish(run, None) for run in reversed(runs)),
        *(rig.ledger.renew(leases, lease_seconds=10) for _ in range(5)),
    )

    assert {job.status for job in await _all(rig, tenant)} == {"succeeded"}


async def test_parks_after_the_third_death(rig: Rig, tenant: WorkspaceId) -> None:
    job_id = await rig.add(JobSpec(kind="poison"), tenant)

    deaths = []
    for _ in range(3):
        assert await rig.claim(job_id)
        await rig.pass_time(11)
        deaths += await rig.dispatch.sweep(limit=10, back_off_seconds=1)
        await rig.pass_time(20)

    assert [(lost.deaths, lost.is_parked, lost.worker) for lost in deaths] == [
        (1, False, "test"),
        (2, False, "test"),
        (3, True, "test"),
    ]
    assert await status(rig, tenant, job_id) == "failed"
    assert await rig.claim(job_id) is None


async def test_a_suspect_runs_only_alone(rig: Rig, tenant: WorkspaceId) -> None:
    job_id = await rig.add(JobSpec(kind="work"), tenant)
    suspicions = []
    for _ in range(2):
        [ring] = (await rig.dispatch.pick(Queue.DEFAULT, window=9)).rings
        suspicions.append(ring.is_suspect)
        assert await rig.claim(job_id, alone=False)
        await rig.pass_time(11)
        await rig.dispatch.sweep(limit=10, back_off_seconds=0)

    [ring] = (await rig.dispatch.pick(Queue.DEFAULT, window=9)).rings
    beside_others = await rig.claim(job_id, alone=False)
    alone = await rig.claim(job_id, alone=True)

    assert [*suspicions, ring.is_suspect] == [False, False, True]
    assert beside_others is None
    assert alone is not None


async def test_adds_a_deduplicated_job_once(rig: Rig, tenant: WorkspaceId) -> None:
    spec = JobSpec(kind="work", dedup_key="2026-11-20")

    ids = await asyncio.gather(*(rig.add(spec, tenant) for _ in range(5)))
    other_kind = await rig.add(JobSpec(kind="other", dedup_key="2026-11-20"), tenant)
    other_tenant = await rig.add(spec, a_tenant())

    assert len({*ids}) == 1
    assert len({ids[0], other_kind, other_tenant}) == 3


async def test_adds_a_deduplicated_job_once_within_a_transaction(rig: Rig, tenant: WorkspaceId) -> None:
    spec = JobSpec(kind="work", dedup_key="again")

    async with rig.transactions.begin(tenant) as tx:
        first, second = await tx.jobs.add(spec), await tx.jobs.add(spec)

    assert first == second
    assert [job.id for job in await _all(rig, tenant)] == [first]


async def test_keeps_a_step_for_later_attempts(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)
    async with rig.transactions.begin(tenant) as tx:
        before = await tx.jobs.kept_step(run, "call")
        await tx.jobs.keep_step(run, "call", {"id": 1})
        await tx.jobs.keep_step(run, "call", {"id": 2})
    await rig.ledger.retry(run, TROUBLE, timedelta())
    again = await rig.claim(run.id)
    assert again is not None

    async with rig.transactions.begin(tenant) as tx:
        kept = await tx.jobs.kept_step(again, "call")

    assert (before, kept) == (None, {"id": 1})


async def test_keeps_no_step_of_a_run_that_lost_its_lease(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)
    await rig.ledger.release(run)

    async def keep() -> None:
        async with rig.transactions.begin(tenant) as tx:
            await tx.jobs.keep_step(run, "call", {})

    with pytest.raises(LeaseLost):
        await keep()


async def test_shows_progress(rig: Rig, tenant: WorkspaceId) -> None:
    run = await rig.a_run(tenant)

    async with rig.transactions.begin(tenant) as tx:
        await tx.jobs.report(run, 40)

    assert (await rig.queries.view(tenant, run.id)).progress == 40


async def _all(rig: Rig, tenant: WorkspaceId) -> list:
    return (await rig.queries.page(tenant, JobFilter(), after=None, limit=100)).items
