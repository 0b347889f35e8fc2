"""What is thrown away in time, and what is kept."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.database import OPERATOR_ROLE, open_pool
from adapters.postgres.operations.housekeeping import PostgresBin
from adapters.postgres.operations.queries import PostgresJobRecords
from application.operations.housekeeping import Purge
from application.operations.queries import JobFilter
from domain.operations.jobs import JobNotFound, JobState, Trouble
from domain.shared.ids import JobId
from domain.shared.jobs import JobSpec
from tests.support.ledgers import PostgresRig, a_tenant, postgres_rig

TROUBLE = Trouble(code="internal_error", detail="Something went wrong.", error_type="RuntimeError")


@pytest.fixture
async def rig(database_url: str) -> AsyncGenerator[PostgresRig]:
    async with postgres_rig(database_url) as rig:
        yield rig


@pytest.fixture
async def operator(database_url: str) -> "AsyncGenerator[asyncpg.Pool[asyncpg.Record]]":
    async with await open_pool(database_url, role=OPERATOR_ROLE) as pool:
        yield pool


@pytest.fixture
async def owner(database_url: str) -> "AsyncGenerator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_purges_jobs_that_ended_long_ago(rig: PostgresRig, operator: "asyncpg.Pool[asyncpg.Record]") -> None:
    tenant = a_tenant()
    done, fresh, parked, old_parked = [await rig.a_run(tenant) for _ in range(4)]
    queued = await rig.add(JobSpec(kind="work"), tenant)
    async with rig.transactions.begin(tenant) as tx:
        await tx.jobs.keep_step(done, "call", {})
    for run in (done, fresh):
        await rig.ledger.finish(run, None)
    for run in (parked, old_parked):
        await rig.ledger.park(run, TROUBLE)
    for run, days in ((done, 8), (parked, 8), (old_parked, 31)):
        await operator.execute(
            "UPDATE jobs SET finished_at = now() - $2::interval WHERE id = $1", run.id, timedelta(days=days)
        )

    purged = await Purge(bin=PostgresBin(operator))(fresh)

    kept = {job.id for job in (await rig.queries.page(tenant, JobFilter(), after=None, limit=9)).items}
    assert purged["jobs"] == 2
    assert kept == {fresh.id, parked.id, queued}
    assert await operator.fetchval("SELECT count(*) FROM job_steps WHERE job_id = $1", done.id) == 0


async def test_purges_answers_that_nobody_may_ask_for(
    rig: PostgresRig, operator: "asyncpg.Pool[asyncpg.Record]", owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    tenant, run = a_tenant(), await rig.a_run(a_tenant())
    for hours in (1, 23, 26):
        await owner.execute(
            "INSERT INTO answers (workspace_id, caller, route, key, fingerprint, status, body, created_at) "
            "VALUES ($1, 'user:1', 'r', $2, '', 200, '', now() - $3::interval)",
            tenant,
            str(hours),
            timedelta(hours=hours),
        )

    await Purge(bin=PostgresBin(operator))(run)

    rows = await owner.fetch("SELECT key FROM answers WHERE workspace_id = $1 ORDER BY key", tenant)
    assert [row["key"] for row in rows] == ["1", "23"]


async def test_purges_slots_but_the_newest(
    rig: PostgresRig, operator: "asyncpg.Pool[asyncpg.Record]", owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    name, run = f"s{uuid4()}", await rig.a_run(a_tenant())
    old = datetime.now(UTC) - timedelta(days=40)
    for day in range(3):
        await owner.execute("INSERT INTO schedule_slots VALUES ($1, $2)", name, old + timedelta(days=day))

    await Purge(bin=PostgresBin(operator))(run)

    rows = await owner.fetch("SELECT due_at FROM schedule_slots WHERE name = $1", name)
    assert [row["due_at"] for row in rows] == [old + timedelta(days=2)]


async def test_operators_see_all_workspaces(rig: PostgresRig, operator: "asyncpg.Pool[asyncpg.Record]") -> None:
    first, second = await rig.a_run(a_tenant()), await rig.a_run(a_tenant(), JobSpec(kind="other"))
    await rig.ledger.park(first, TROUBLE)
    records = PostgresJobRecords(operator)

    record = await records.record(first.id)
    failed = await records.records(JobFilter(states=[JobState.FAILED]), workspace_id=None, limit=9)
    theirs = await records.records(JobFilter(), workspace_id=second.workspace_id, limit=9)
    counts = {(count.queue, count.status): count.count for count in await records.counts()}

    assert record.error is not None
    assert (record.workspace_id, record.error["error_type"]) == (first.workspace_id, "RuntimeError")
    assert [job.id for job in failed] == [first.id]
    assert [job.kind for job in theirs] == ["other"]
    assert counts == {("default", "failed"): 1, ("default", "running"): 1}
    with pytest.raises(JobNotFound):
        await records.record(JobId(uuid4()))
