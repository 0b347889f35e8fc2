"""Stopping, reviving and giving up single jobs; looking at them."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest

from application.operations.change_jobs import CancelJob, DiscardJob, RetryJob
from application.operations.look_at_jobs import GetJob, ListJobs, WaitForJob
from application.operations.queries import JobFilter
from domain.operations.jobs import JobIsNotParked, JobIsOver, JobNotFound, JobState, Trouble
from domain.shared.access import Actor
from domain.shared.errors import Forbidden
from domain.shared.ids import JobId, UserId, WorkspaceId
from domain.shared.jobs import JobSpec, LeaseLost
from tests.support.ledgers import Rig, a_tenant, memory_rig, postgres_rig

TROUBLE = Trouble(code="conflict", detail="Somebody was first.", facts={"holder": "them"})


@pytest.fixture(params=["memory", "postgres"])
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    if request.param == "memory":
        yield memory_rig()
        return
    async with postgres_rig(request.getfixturevalue("database_url")) as postgres:
        yield postgres


def an_actor(tenant: WorkspaceId, *permissions: str) -> Actor:
    granted = frozenset(permissions or ("jobs:read", "jobs:manage"))
    return Actor(workspace_id=tenant, permissions=granted, role="owner", user_id=UserId(uuid4()))


async def test_cancels_a_queued_job(rig: Rig) -> None:
    tenant = a_tenant()
    job_id = await rig.add(JobSpec(kind="work"), tenant)

    await CancelJob(rig.transactions)(actor=an_actor(tenant), job_id=job_id)
    await CancelJob(rig.transactions)(actor=an_actor(tenant), job_id=job_id)

    assert await rig.claim(job_id) is None
    assert (await rig.queries.view(tenant, job_id)).status == "cancelled"


async def test_a_cancelled_job_cannot_finish(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)

    await CancelJob(rig.transactions)(actor=an_actor(tenant), job_id=run.id)

    async def finish() -> None:
        async with rig.transactions.begin(tenant) as tx:
            await tx.jobs.finish(run)

    with pytest.raises(LeaseLost):
        await finish()
    assert await rig.ledger.renew([run.lease], lease_seconds=10) == frozenset()


async def test_either_the_finish_or_the_cancel_wins(rig: Rig) -> None:
    tenant = a_tenant()

    async def race() -> tuple[str, bool, bool]:
        run = await rig.a_run(tenant)

        async def finish() -> None:
            async with rig.transactions.begin(tenant) as tx:
                await tx.jobs.finish(run)

        cancel = CancelJob(rig.transactions)(actor=an_actor(tenant), job_id=run.id)
        finished, cancelled = await asyncio.gather(finish(), cancel, return_exceptions=True)
        return (await rig.queries.view(tenant, run.id)).status, finished is None, cancelled is None

    for _ in range(10):
        assert await race() in {("succeeded", True, False), ("cancelled", False, True)}


async def test_refuses_to_cancel_what_has_ended(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)
    await rig.ledger.finish(run, None)

    with pytest.raises(JobIsOver) as refusal:
        await CancelJob(rig.transactions)(actor=an_actor(tenant), job_id=run.id)

    assert refusal.value.facts == {"current": "succeeded", "allowed": ["queued", "running"]}


async def test_hides_other_workspaces(rig: Rig) -> None:
    job_id = await rig.add(JobSpec(kind="work"), a_tenant())
    stranger = an_actor(a_tenant())

    with pytest.raises(JobNotFound):
        await CancelJob(rig.transactions)(actor=stranger, job_id=job_id)
    with pytest.raises(JobNotFound):
        await GetJob(rig.queries)(actor=stranger, job_id=job_id)
    assert (await ListJobs(rig.queries)(actor=stranger, wanted=JobFilter(), after=None, limit=10)).items == []


async def test_asks_for_permission(rig: Rig) -> None:
    tenant = a_tenant()
    job_id = await rig.add(JobSpec(kind="work"), tenant)

    with pytest.raises(Forbidden):
        await CancelJob(rig.transactions)(actor=an_actor(tenant, "jobs:read"), job_id=job_id)
    with pytest.raises(Forbidden):
        await GetJob(rig.queries)(actor=an_actor(tenant, "jobs:manage"), job_id=job_id)


async def test_revives_a_parked_job(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)
    await rig.ledger.park(run, TROUBLE)

    await RetryJob(rig.transactions)(workspace_id=tenant, job_id=run.id)

    again = await rig.claim(run.id)
    assert again is not None
    assert again.attempt == 1


async def test_discards_a_parked_job(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)
    await rig.ledger.park(run, TROUBLE)

    await DiscardJob(rig.transactions)(workspace_id=tenant, job_id=run.id)

    assert (await rig.queries.view(tenant, run.id)).status == "cancelled"


@pytest.mark.parametrize("use_case", [RetryJob, DiscardJob])
async def test_only_decides_about_parked_jobs(rig: Rig, use_case: type[RetryJob | DiscardJob]) -> None:
    tenant = a_tenant()
    job_id = await rig.add(JobSpec(kind="work"), tenant)

    with pytest.raises(JobIsNotParked):
        await use_case(rig.transactions)(workspace_id=tenant, job_id=job_id)
    with pytest.raises(JobNotFound):
        await use_case(rig.transactions)(workspace_id=tenant, job_id=JobId(uuid4()))


async def test_shows_why_a_job_failed(rig: Rig) -> None:
    tenant = a_tenant()
    run = await rig.a_run(tenant)
    await rig.ledger.park(run, TROUBLE)

    job = await GetJob(rig.queries)(actor=an_actor(tenant), job_id=run.id)

    assert job.error is not None
    assert (job.error.code, job.error.facts) == ("conflict", {"holder": "them"})
    assert (job.attempts, job.kind) == (1, "work")
    assert job.finished_at is not None


async def test_lists_newest_first_and_by_filter(rig: Rig) -> None:
    tenant = a_tenant()
    ids = [await rig.add(JobSpec(kind=kind, subject=f"msg_{kind}"), tenant) for kind in ("a", "b", "c")]
    run = await rig.claim(ids[1])
    assert run is not None
    list_jobs, actor = ListJobs(rig.queries), an_actor(tenant)

    first = await list_jobs(actor=actor, wanted=JobFilter(), after=None, limit=2)
    rest = await list_jobs(actor=actor, wanted=JobFilter(), after=first.after, limit=2)
    running = await list_jobs(actor=actor, wanted=JobFilter(states=[JobState.RUNNING]), after=None, limit=9)
    kinds = await list_jobs(actor=actor, wanted=JobFilter(kinds=["a", "c"]), after=None, limit=9)
    about = await list_jobs(actor=actor, wanted=JobFilter(subject="msg_a"), after=None, limit=9)

    assert [job.id for job in first.items + rest.items] == ids[::-1]
    assert rest.after is None
    assert [job.id for job in running.items] == [ids[1]]
    assert [job.id for job in kinds.items] == [ids[2], ids[0]]
    assert [job.id for job in about.items] == [ids[0]]


async def test_waits_for_the_end_but_not_for_ever(rig: Rig) -> None:
    tenant = a_tenant()
    run, other = await rig.a_run(tenant), await rig.a_run(tenant)
    wait = WaitForJob(rig.queries)

    async def finish_soon() -> None:
        await asyncio.sleep(0.05)
        await rig.ledger.finish(run, {"done": True})

    finishing = asyncio.create_task(finish_soon())
    ended = await wait(actor=an_actor(tenant), job_id=run.id, seconds=5)
    unended = await wait(actor=an_actor(tenant), job_id=other.id, seconds=0.05)
    await finishing

    assert (ended.is_over, ended.result) == (True, {"done": True})
    assert (unended.is_over, unended.status) == (False, "running")
