"""Bells on a real Redis, as Dramatiq hears them; news of committed jobs from PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.operations.wakeups import PostgresWakeups
from adapters.redis.bells import RedisBells, open_client
from adapters.redis.broker import DoorbellBroker, open_broker
from application.operations.kinds import UNKNOWN_KIND
from domain.operations.ports import Ring
from domain.shared.errors import ProviderUnavailable
from domain.shared.ids import JobId, public_id
from domain.shared.jobs import JobSpec, Queue
from entrypoints.worker.actors import declare_actors
from tests.support.ledgers import a_tenant, postgres_rig


class Deaf:
    """Stands where a `RunJob` would; nothing here runs a job."""

    kinds: tuple[str, ...] = ()


@pytest.fixture
def namespace() -> str:
    return f"t{uuid4().hex}"


@pytest.fixture
async def bells(redis_url: str, namespace: str) -> AsyncGenerator[RedisBells]:
    async with open_client(redis_url) as client:
        yield RedisBells(client, namespace)


@pytest.fixture
def broker(redis_url: str, namespace: str) -> DoorbellBroker:
    broker = open_broker(redis_url, [], namespace=namespace)
    declare_actors(broker, ["work"], Deaf())  # pyright: ignore[reportArgumentType] - see there
    return broker


def a_ring(attempts: int = 0, *, kind: str = "work", queue: Queue = Queue.DEFAULT, is_suspect: bool = False) -> Ring:
    return Ring(JobId(uuid4()), a_tenant(), kind, queue, attempts, is_suspect)


async def test_dramatiq_hears_what_was_rung(bells: RedisBells, broker: DoorbellBroker) -> None:
    rings = [a_ring(), a_ring(2, is_suspect=True)]

    await bells.ring(rings)

    consumer = broker.consume("default", prefetch=9, timeout=10)
    heard = [next(consumer) for _ in rings]
    assert [message.kwargs for message in heard if message] == [
        {"job_id": public_id("job", ring.job_id), "alone": ring.is_suspect} for ring in rings
    ]
    assert [broker.get_actor(message.actor_name).priority for message in heard if message] == [10, 10]


async def test_urgent_bells_have_urgent_actors(bells: RedisBells, broker: DoorbellBroker) -> None:
    await bells.ring([a_ring(queue=queue) for queue in Queue])

    heard = [next(broker.consume(queue, prefetch=1, timeout=10)) for queue in Queue]

    assert [broker.get_actor(message.actor_name).priority for message in heard if message] == [0, 10, 20]


async def test_unknown_kinds_go_to_the_actor_for_them(bells: RedisBells, broker: DoorbellBroker) -> None:
    await bells.ring([a_ring(kind="from_a_later_release")])

    message = next(broker.consume("default", prefetch=1, timeout=10))

    assert message is not None
    assert broker.get_actor(message.actor_name).actor_name == UNKNOWN_KIND


async def test_knows_which_bells_are_gone(bells: RedisBells, broker: DoorbellBroker) -> None:
    waiting, taken, done, never = a_ring(), a_ring(queue=Queue.BULK), a_ring(queue=Queue.CRITICAL), a_ring()
    await bells.ring([waiting, taken, done])
    next(broker.consume("bulk", prefetch=1, timeout=10))
    consumer = broker.consume("critical", prefetch=1, timeout=10)
    message = next(consumer)
    assert message is not None
    consumer.ack(message)

    assert await bells.missing([waiting, taken, done, never]) == [done, never]


async def test_the_end_of_one_attempt_leaves_the_next_ones_bell(bells: RedisBells, broker: DoorbellBroker) -> None:
    first = a_ring()
    second = Ring(first.job_id, first.workspace_id, first.kind, first.queue, 1)
    await bells.ring([first])
    consumer = broker.consume("default", prefetch=1, timeout=10)
    message = next(consumer)
    await bells.ring([second])

    assert message is not None
    consumer.ack(message)

    assert await bells.missing([first, second]) == [first]


async def test_says_when_redis_is_gone(tmp_path: Path) -> None:
    async with open_client(f"unix://{tmp_path}/nobody") as client:
        bells = RedisBells(client)

        await bells.ring([])
        with pytest.raises(ProviderUnavailable):
            await bells.ring([a_ring()])
        with pytest.raises(ProviderUnavailable):
            await bells.missing([a_ring()])


async def _next(news: AsyncIterator[None]) -> None:
    async with asyncio.timeout(5):
        await anext(news)


async def test_hears_of_committed_jobs(fresh_database_url: str) -> None:
    async with postgres_rig(fresh_database_url) as rig:
        news = PostgresWakeups(fresh_database_url).listen()
        await _next(news)

        hearing = asyncio.create_task(_next(news))
        await asyncio.sleep(0.05)
        was_quiet = not hearing.done()
        await rig.add(JobSpec(kind="work"), a_tenant())
        await hearing

    assert was_quiet


async def test_says_when_the_line_breaks(fresh_database_url: str) -> None:
    news = PostgresWakeups(fresh_database_url).listen()
    await _next(news)
    connection = await asyncpg.connect(fresh_database_url)

    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )

    with pytest.raises(ProviderUnavailable):
        await _next(news)
    await connection.close()


async def test_tries_a_silent_line_and_keeps_it(fresh_database_url: str) -> None:
    news = PostgresWakeups(fresh_database_url, check_seconds=0.05).listen()
    await _next(news)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await anext(news)


async def test_says_when_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailable):
        await _next(PostgresWakeups(f"postgresql://nobody@/none?host={tmp_path}").listen())
