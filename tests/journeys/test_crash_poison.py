"""Jobs that kill, break, hang or cannot be read; workers that are told to stop."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from adapters.embedded import EmbeddedServers
from application.operations.change_jobs import CancelJob
from domain.shared.access import Actor
from domain.shared.ids import JobId
from entrypoints.worker.watchdog import STOOD_STILL
from tests.support.job_stage import Stage, open_stage
from tests.support.ledgers import a_tenant

pytestmark = [pytest.mark.journey, pytest.mark.crash]


@pytest.fixture
async def stage(servers: EmbeddedServers, redis_url: str, tmp_path: Path) -> AsyncGenerator[Stage]:
    async with open_stage(servers, redis_url, tmp_path, lease_seconds=1.0, heartbeat_timeout_seconds=1.0) as stage:
        stage.start("relay")
        yield stage


async def test_a_job_that_kills_its_process_is_parked_after_three_deaths(stage: Stage) -> None:
    [poison] = await stage.add("die")
    good = await stage.add("effect", 40)

    deaths = 0
    while (await stage.job(poison))["state"] in {"queued", "running"}:
        worker = stage.start()
        while worker.exitcode is None and (await stage.job(poison))["state"] != "failed":
            await asyncio.sleep(0.02)
        deaths += worker.exitcode is not None
    states = await stage.until_over()

    job = await stage.job(poison)
    assert (deaths, job["deaths"], job["attempts"]) == (3, 3, 3)
    assert '"ProcessDied"' in job["error"]
    assert states == {"succeeded": 40, "failed": 1}
    assert await stage.effects() == dict.fromkeys(good, 1)


async def test_a_job_that_raises_is_parked_with_its_last_error(stage: Stage) -> None:
    [broken], [refused], [down] = (await stage.add("raises"), await stage.add("refuses"), await stage.add("down"))
    worker = stage.start()

    await stage.until_over()

    error = (await stage.job(broken))["error"]
    assert (await stage.job(broken))["attempts"] == 4
    assert '"RuntimeError"' in error
    assert "broken for good, attempt 4" in error
    assert (await stage.job(refused))["attempts"] == 1
    assert '"conflict"' in (await stage.job(refused))["error"]
    assert (await stage.job(down))["state"] == "succeeded"
    assert (await stage.job(down))["attempts"] == 3
    assert worker.exitcode is None


async def test_what_cannot_be_read_is_parked_and_the_worker_lives(stage: Stage) -> None:
    [unknown] = await stage.add("from_a_later_release")
    [unreadable] = await stage.add("slow", seconds="soon")
    worker = stage.start()

    await stage.until_over()
    [good] = await stage.add("effect")
    await stage.until_over()

    assert '"UnknownKind"' in (await stage.job(unknown))["error"]
    assert '"PayloadUnreadable"' in (await stage.job(unreadable))["error"]
    assert {(await stage.job(job))["attempts"] for job in (unknown, unreadable)} == {1}
    assert (await stage.job(good))["state"] == "succeeded"
    assert worker.exitcode is None


async def test_sigterm_lets_running_jobs_finish_and_returns_the_rest(stage: Stage) -> None:
    jobs = await stage.add("slow", 30, seconds=0.8)
    worker = stage.start(threads=4)
    await stage.until("SELECT count(*) = 4 FROM jobs WHERE state = 'running'")
    asked_at = time.monotonic()

    _terminate(worker.pid)
    code = await stage.until_dead(worker)
    states = await stage.states()
    took = time.monotonic() - asked_at
    stage.start(threads=16)
    await stage.until_over()

    assert (code, states) == (0, {"succeeded": 4, "queued": 26})
    assert took < 5
    assert await stage.sql.fetchrow("SELECT max(attempts), max(deaths) FROM jobs") == (1, 0)
    assert await stage.effects() == dict.fromkeys(jobs, 1)


async def test_workers_can_be_replaced_under_load(stage: Stage) -> None:
    jobs = await stage.add("slow", 300, seconds=0.05)

    codes = []
    for _ in range(4):
        worker = stage.start(threads=4)
        await stage.until("SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'running')")
        await asyncio.sleep(0.3)
        _terminate(worker.pid)
        codes.append(await stage.until_dead(worker))
    stage.start(threads=32)
    await stage.until_over()

    assert codes == [0] * 4
    assert await stage.sql.fetchrow("SELECT max(attempts), max(deaths) FROM jobs") == (1, 0)
    assert await stage.effects() == dict.fromkeys(jobs, 1)


async def test_sigterm_returns_what_does_not_finish_in_time(stage: Stage) -> None:
    [job] = await stage.add("slow", seconds=20)
    worker = stage.start(grace_seconds=0.3)
    await stage.until("SELECT count(*) = 1 FROM jobs WHERE state = 'running'")

    _terminate(worker.pid)
    code = await stage.until_dead(worker)

    row = await stage.job(job)
    assert (code, row["state"], row["attempts"], row["deaths"]) == (0, "queued", 0, 0)
    assert not await stage.effects()


async def test_a_worker_that_stood_still_does_not_finish_what_others_have(stage: Stage) -> None:
    jobs = await stage.add("slow", 2, seconds=0.5)
    frozen = stage.start()
    await stage.until("SELECT count(*) = 2 FROM jobs WHERE state = 'running'")

    os.kill(frozen.pid or 0, signal.SIGSTOP)
    stage.start()
    await stage.until_over()
    os.kill(frozen.pid or 0, signal.SIGCONT)
    await asyncio.sleep(1.5)

    assert await stage.states() == {"succeeded": 2}
    assert await stage.effects() == dict.fromkeys(jobs, 1)


async def test_a_worker_that_stands_still_makes_room_for_another(stage: Stage) -> None:
    [blocking] = await stage.add("blocks")
    stuck = stage.start(watchdog_seconds=0.3)

    code = await stage.until_dead(stuck)
    good = await stage.add("effect", 5)
    stage.start()
    states = await stage.until_over()

    assert code == STOOD_STILL
    assert states == {"succeeded": 6}
    assert await stage.effects() == dict.fromkeys([blocking, *good], 1)


async def test_a_cancelled_job_stops_soon_and_leaves_nothing(stage: Stage) -> None:
    tenant = a_tenant()
    [job] = await stage.add("slow", tenant=tenant, seconds=1.2)
    stage.start(lease_seconds=0.6)
    await stage.until("SELECT count(*) = 1 FROM jobs WHERE state = 'running'")
    actor = Actor(workspace_id=tenant, permissions=frozenset({"jobs:manage"}), role="owner")

    await CancelJob(stage.database)(actor=actor, job_id=JobId(job))
    await asyncio.sleep(1.4)

    assert (await stage.job(job))["state"] == "cancelled"
    assert not await stage.effects()


def _terminate(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
