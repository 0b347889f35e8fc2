"""Redis flushed, killed, gone; PostgreSQL's connections cut; relays killed and doubled: nothing lost, none doubled."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import redis.asyncio

from adapters.embedded import EmbeddedServers
from domain.shared.jobs import Queue
from tests.support.job_stage import Stage, open_stage
from tests.support.own_valkey import OwnValkey

pytestmark = [pytest.mark.journey, pytest.mark.crash]


@pytest.fixture
def valkey() -> Generator[OwnValkey]:
    folder = Path(tempfile.mkdtemp(prefix="usher-v-"))  # a socket's path may have 107 bytes at most
    own = OwnValkey(folder)
    own.start()
    yield own
    own.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def stage(servers: EmbeddedServers, valkey: OwnValkey, tmp_path: Path) -> AsyncGenerator[Stage]:
    async with open_stage(servers, valkey.url, tmp_path) as stage:
        yield stage


async def feed(stage: Stage, count: int) -> None:
    """Jobs coming in over a second or so, on all queues."""
    for number in range(count // 10):
        await stage.add("effect", 10, queue=list(Queue)[number % 3])
        await asyncio.sleep(0.02)


async def assert_each_once(stage: Stage, count: int) -> None:
    states = await stage.until_over()
    assert states == {"succeeded": count}
    effects = await stage.effects()
    assert len(effects) == effects.total() == count


async def test_nothing_is_lost_when_redis_is_flushed(stage: Stage, valkey: OwnValkey) -> None:
    stage.start("relay")
    feeding = asyncio.create_task(feed(stage, 400))
    await stage.add("slow", 100, seconds=0.05)
    stage.start()

    async with redis.asyncio.Redis.from_url(valkey.url) as client:
        for _ in range(5):
            await asyncio.sleep(0.3)
            await client.flushall()
    await feeding

    await stage.until_over()
    effects = await stage.effects()
    assert (await stage.states(), len(effects), effects.total()) == ({"succeeded": 500}, 500, 500)


async def test_nothing_is_lost_when_redis_restarts_empty(stage: Stage, valkey: OwnValkey) -> None:
    stage.start("relay")
    stage.start()
    feeding = asyncio.create_task(feed(stage, 400))

    for _ in range(2):
        await asyncio.sleep(0.4)
        valkey.kill()
        await asyncio.sleep(0.3)
        valkey.start()
    await feeding

    await assert_each_once(stage, 400)


async def test_jobs_wait_while_redis_is_gone(stage: Stage, valkey: OwnValkey) -> None:
    valkey.kill()
    stage.start("relay")
    await feed(stage, 50)
    stage.start()
    await asyncio.sleep(1)
    waiting = await stage.states()

    valkey.start()

    assert waiting == {"queued": 50}
    await assert_each_once(stage, 50)


async def test_two_relays_and_two_workers_share_the_work(stage: Stage) -> None:
    for _ in range(2):
        stage.start("relay")
        stage.start()

    await feed(stage, 400)

    await assert_each_once(stage, 400)
    assert await stage.sql.fetchval("SELECT max(attempts) FROM jobs") == 1


async def test_nothing_is_lost_when_the_relay_is_killed(stage: Stage) -> None:
    stage.start()
    feeding = asyncio.create_task(feed(stage, 400))

    for _ in range(4):
        doomed = stage.start("relay")
        await asyncio.sleep(0.35)
        doomed.kill()
    await feeding
    stage.start("relay")

    await assert_each_once(stage, 400)


async def test_nothing_is_lost_when_connections_are_cut(stage: Stage) -> None:
    stage.start("relay")
    stage.start()
    feeding = asyncio.create_task(feed(stage, 400))

    for _ in range(4):
        await asyncio.sleep(0.25)
        await stage.sql.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE 'usher%'"
        )
    await asyncio.gather(feeding, return_exceptions=True)  # a cut connection may have been the feeder's own

    added = await stage.sql.fetchval("SELECT count(*) FROM jobs")
    await assert_each_once(stage, added)


async def test_small_windows_do_not_stand_still(stage: Stage) -> None:
    async with redis.asyncio.Redis.from_url(stage.told.redis_url) as client:
        stage.start("relay", window=3)
        await stage.add("effect", 30)
        await asyncio.sleep(0.3)
        await client.flushall()
        stage.start(prefetch=1)

    await assert_each_once(stage, 30)
