"""What becomes of a job, as the memory worker shows it: the same wrapper as in a real worker."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

import msgspec
import pytest

from adapters.memory.database import MemoryDatabase, MemoryJob
from adapters.memory.operations import MemoryLedger, MemoryWorker
from adapters.system import TimeOrderedIds
from application.operations.kinds import JobKind, Kinds, payload_of
from application.operations.running import RunningJobs
from application.shared.fail_points import FAIL_POINTS, DieAt, fail_point_of, pass_by
from domain.operations.jobs import RetryPolicy
from domain.shared.correlation import Correlation, correlation
from domain.shared.errors import Conflict, ProviderUnavailable
from domain.shared.ids import JobId
from domain.shared.jobs import JobRun, JobSpec, LeaseLost, Queue
from tests.support.ledgers import MovableClock, a_tenant

Body = Callable[[JobRun], Awaitable[Mapping[str, object] | None]]


class Office:
    """A memory database with a worker whose jobs have this body."""

    def __init__(self, body: Body, *, time_limit_seconds: float = 1.0) -> None:
        self.clock = MovableClock()
        self.database = MemoryDatabase(self.clock, TimeOrderedIds())
        retry = RetryPolicy(max_attempts=3, base_seconds=10)
        kind = JobKind(name="work", body=body, retry=retry, time_limit_seconds=time_limit_seconds)
        self.worker = MemoryWorker(self.database, Kinds.of([kind]))
        self.tenant = a_tenant()

    async def add(self, kind: str = "work", **payload: object) -> JobId:
        async with self.database.begin(self.tenant) as tx:
            return await tx.jobs.add(JobSpec(kind=kind, payload=payload))

    async def run(self, kind: str = "work", **payload: object) -> MemoryJob:
        job_id = await self.add(kind, **payload)
        await self.worker.drain()
        return self.job(job_id)

    def job(self, job_id: JobId) -> MemoryJob:
        return self.database.tables["jobs"][job_id]


async def nothing(_: JobRun) -> None:
    """Do nothing."""


async def test_finishes_with_what_the_body_returns() -> None:
    async def body(run: JobRun) -> Mapping[str, object]:
        return {"doubled": 2 * int(str(run.payload["number"]))}

    job = await Office(body).run(number=21)

    assert (job.state, job.result, job.attempts) == ("succeeded", {"doubled": 42}, 1)


async def test_leaves_alone_what_the_body_finished() -> None:
    async def body(run: JobRun) -> Mapping[str, object]:
        async with office.database.begin(run.workspace_id) as tx:
            await tx.jobs.finish(run, {"from": "the body"})
        return {"from": "the wrapper"}

    office = Office(body)

    assert (await office.run()).result == {"from": "the body"}


async def test_a_refusal_is_final_and_public() -> None:
    async def body(_: JobRun) -> None:
        raise Conflict("somebody was first", holder="them")

    job = await Office(body).run()

    assert (job.state, job.attempts) == ("failed", 1)
    assert job.error == {
        "code": "conflict",
        "detail": "somebody was first",
        "facts": {"holder": "them"},
        "error_type": "Conflict",
        "message": None,
    }


async def test_an_unexpected_error_is_tried_again_and_parked_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async def body(run: JobRun) -> None:
        raise RuntimeError(f"secret details of attempt {run.attempt}")

    office = Office(body)

    with caplog.at_level(logging.CRITICAL):
        job_id = await office.add()
        states: list[str] = []
        for _ in range(3):
            await office.worker.drain()
            states.append(office.job(job_id).state)
            office.clock.move(100)

    error = office.job(job_id).error
    assert states == ["queued", "queued", "failed"]
    assert error is not None
    assert (error["error_type"], error["message"]) == ("RuntimeError", "secret details of attempt 3")
    assert "secret" not in str(error["detail"])


async def test_waits_for_a_provider_as_long_as_it_asks() -> None:
    async def body(run: JobRun) -> None:
        if run.attempt == 1:
            raise ProviderUnavailable("helio", retry_after_seconds=60)

    office = Office(body)
    job = await office.run()
    office.clock.move(60)
    await office.worker.drain()
    early = office.job(job.id).state
    office.clock.move(10)
    await office.worker.drain()

    assert (early, office.job(job.id).state) == ("queued", "succeeded")


async def test_stops_a_body_at_its_time_limit() -> None:
    async def body(_: JobRun) -> None:
        await asyncio.sleep(5)

    job = await Office(body, time_limit_seconds=0.01).run()

    assert job.state == "queued"
    assert job.error is not None
    assert job.error["error_type"] == "TimeoutError"


async def test_drops_what_was_done_without_a_lease() -> None:
    async def body(_: JobRun) -> None:
        raise LeaseLost("taken over")

    job = await Office(body).run()

    assert (job.state, job.attempts, job.error) == ("running", 1, None)


async def test_parks_a_kind_that_it_does_not_know() -> None:
    job = await Office(nothing).run("from_the_future")

    assert job.state == "failed"
    assert job.error is not None
    assert job.error["error_type"] == "UnknownKind"


async def test_reads_the_payload_into_a_struct_or_parks() -> None:
    class Told(msgspec.Struct):
        who: UUID
        times: int = 1

    read: list[Told] = []

    async def body(run: JobRun) -> None:
        read.append(payload_of(run, Told))

    office, who = Office(body), uuid4()
    good = await office.run(who=who, later="added in another release")
    bad = await office.run(who="nobody")

    assert (good.state, read[0].who) == ("succeeded", who)
    assert (bad.state, bad.attempts) == ("failed", 1)
    assert bad.error is not None
    assert bad.error["error_type"] == "PayloadUnreadable"


async def test_runs_under_the_request_that_caused_it() -> None:
    seen: list[Correlation] = []

    async def body(_: JobRun) -> None:
        seen.append(correlation.get())

    office = Office(body)
    token = correlation.set(Correlation("req_7", "user:ada"))
    job_id = await office.add()
    correlation.reset(token)
    await office.worker.drain()

    assert seen[0].request_id == "req_7"
    assert str(seen[0].caller).startswith("job:job_")
    assert correlation.get() == Correlation()
    assert office.job(job_id).state == "succeeded"


async def test_a_stopped_worker_returns_its_jobs_unharmed() -> None:
    started = asyncio.Event()

    async def body(_: JobRun) -> None:
        started.set()
        await asyncio.sleep(5)

    office = Office(body, time_limit_seconds=9)
    job_id = await office.add()
    running = asyncio.create_task(office.worker.run_job(job_id=job_id))
    await started.wait()

    stopped = office.worker.run_job.running.stop()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert stopped == 1
    assert (office.job(job_id).state, office.job(job_id).attempts) == ("queued", 0)


async def test_a_closed_worker_begins_nothing() -> None:
    office = Office(nothing)
    office.worker.run_job.running.close()
    job_id = await office.add()

    await office.worker.run_job(job_id=job_id)

    assert office.job(job_id).state == "queued"


async def test_a_lost_lease_stops_the_body() -> None:
    started = asyncio.Event()

    async def body(_: JobRun) -> None:
        started.set()
        await asyncio.sleep(5)

    office = Office(body, time_limit_seconds=9)
    job_id = await office.add()
    running = asyncio.create_task(office.worker.run_job(job_id=job_id))
    await started.wait()
    async with office.database.begin(office.tenant) as tx:
        await tx.job_desk.cancel(job_id)

    await office.worker.run_job.running.renew()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert office.job(job_id).state == "cancelled"


class DeafLedger(MemoryLedger):
    """A ledger that cannot be reached when leases are renewed."""

    async def renew(self, leases: object, /, *, lease_seconds: float) -> frozenset[UUID]:
        raise ProviderUnavailable("database")


async def test_stops_when_leases_could_not_be_renewed_in_time() -> None:
    office = Office(nothing)
    running = RunningJobs(DeafLedger(office.database), lease_seconds=0.05)
    run = await _claimed(office)

    async def body() -> None:
        with running.hold(run):
            await asyncio.sleep(5)

    task = asyncio.create_task(body())
    await asyncio.sleep(0)
    await running.renew()
    is_patient = not task.cancelling()
    await asyncio.sleep(0.06)
    await running.renew()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert is_patient


async def test_keeps_leases_while_the_body_works() -> None:
    office = Office(nothing)
    running = RunningJobs(MemoryLedger(office.database), lease_seconds=0.03)
    run = await _claimed(office)
    office.clock.move(5)
    keeping = asyncio.create_task(running.keep())

    with running.hold(run):
        await asyncio.sleep(0.05)
    keeping.cancel()

    lease_until = office.job(run.id).lease_until
    assert lease_until is not None
    assert lease_until > office.clock.now()


async def test_urgent_jobs_come_first() -> None:
    order: list[object] = []

    async def body(run: JobRun) -> None:
        order.append(run.payload["queue"])

    office = Office(body)
    async with office.database.begin(office.tenant) as tx:
        for queue in (Queue.BULK, Queue.DEFAULT, Queue.CRITICAL):
            await tx.jobs.add(JobSpec(kind="work", queue=queue, payload={"queue": queue}))
    await office.worker.drain()

    assert order == ["critical", "default", "bulk"]


async def test_stops_draining_what_never_ends() -> None:
    async def body(run: JobRun) -> None:
        async with office.database.begin(run.workspace_id) as tx:
            await tx.jobs.add(JobSpec(kind="work"))

    office = Office(body)
    await office.add()

    with pytest.raises(RuntimeError, match="add itself"):
        await office.worker.drain(limit=5)


def test_two_kinds_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="work"):
        Kinds.of([JobKind(name="work", body=nothing), JobKind(name="work", body=nothing)])


def test_fail_points_are_for_tests_only() -> None:
    assert fail_point_of("after_claim:2", is_test=False) is pass_by
    assert fail_point_of(None, is_test=True) is pass_by
    assert fail_point_of("after_claim:2", is_test=True) == DieAt("after_claim", 2)
    assert fail_point_of("before_ack", is_test=True) == DieAt("before_ack", 1)
    with pytest.raises(ValueError, match="fail point"):
        fail_point_of("somewhere", is_test=True)


def test_other_places_are_passed_by() -> None:
    die = DieAt("after_call", 1)

    for place in FAIL_POINTS:
        if place != "after_call":
            die(place)
        pass_by(place)


async def _claimed(office: Office) -> JobRun:
    job_id = await office.add()
    run = await MemoryLedger(office.database).claim(job_id, lease_seconds=1, worker="w", alone=False)
    assert run is not None
    return run
