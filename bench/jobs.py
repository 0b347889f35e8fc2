"""Jobs through the ledger beside bare Dramatiq, in one run on one machine.

    python -m bench.jobs [--jobs 5000] [--lone 60] [--rounds 3] [--json]

Both run an async no-op on one worker process with its default settings, with PostgreSQL (durable, fsync on), Valkey
and the client on the same cores. Ours is end to end: from the first commit to the last job's row being done. Bare is
stock Dramatiq: messages already in Redis, from the start of the first to the acknowledgement of the last, which
remembers nothing. The idle figure is from just before COMMIT to the first line of the job's body, on a worker that
has had nothing to do for a while.
"""

import argparse
import asyncio
import json
import logging
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import asyncpg
import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, AsyncIO, Retries

from adapters.embedded import start_servers
from adapters.postgres.database import PostgresDatabase, open_pool
from adapters.postgres.migrating import migrate_up
from adapters.system import SystemClock, TimeOrderedIds
from application.operations.kinds import JobKind
from domain.shared.ids import WorkspaceId
from domain.shared.jobs import JobRun, JobSpec
from entrypoints.composition.jobs import JobServers, JobTiming, broker_at, open_relay, open_run_job
from entrypoints.relay.process import run_relay
from entrypoints.worker.process import WorkerTiming, run_worker

SPAWN = get_context("spawn")
LEFT = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"


async def noop(_: JobRun) -> dict[str, object]:
    """When its first line ran."""
    return {"at": time.time()}


def our_worker(servers: JobServers) -> None:
    def kinds(_: PostgresDatabase) -> list[JobKind]:
        return [JobKind(name="noop", body=noop)]

    broker = broker_at(servers, JobTiming())
    sys.exit(run_worker(broker, lambda: open_run_job(servers, kinds, routes={}), WorkerTiming()))


def our_relay(servers: JobServers) -> None:
    sys.exit(run_relay(lambda: open_relay(servers, JobTiming())))


def bare_broker(url: str) -> tuple[RedisBroker, "dramatiq.Actor"]:
    broker = RedisBroker(url=url, namespace="bare", middleware=[AgeLimit(), Retries(), AsyncIO()])

    async def bare_noop() -> None:
        pass

    return broker, dramatiq.actor(bare_noop, broker=broker)


def bare_worker(url: str) -> None:
    broker, _ = bare_broker(url)
    dramatiq.Worker(broker, worker_threads=8).start()
    time.sleep(3600)


@contextmanager
def process(target, *args) -> Generator[None]:
    running = SPAWN.Process(target=target, args=args, daemon=True)
    running.start()
    try:
        yield
    finally:
        running.kill()
        running.join()


async def ours(servers: JobServers, jobs: int) -> float:
    """Jobs per second."""
    workspace = WorkspaceId(uuid4())
    async with (
        await open_pool(servers.database_url) as pool,
        asyncpg.create_pool(servers.database_url, min_size=1) as sql,
    ):
        database = PostgresDatabase(pool, SystemClock(), TimeOrderedIds())
        began = time.perf_counter()
        for _ in range(jobs // 100):
            async with database.begin(workspace) as tx:
                for _ in range(100):
                    await tx.jobs.add(JobSpec(kind="noop"))
        while await sql.fetchval(LEFT):  # noqa: ASYNC110 - another process changes it
            await asyncio.sleep(0.02)
        return jobs / (time.perf_counter() - began)


def bare(url: str, jobs: int) -> float:
    """Jobs per second."""
    broker, actor = bare_broker(url)
    client = redis.Redis.from_url(url)
    for _ in range(jobs):
        actor.send()
    with process(bare_worker, url):
        while client.hlen("bare:default.msgs") == jobs:
            time.sleep(0.002)
        began = time.perf_counter()
        while client.hlen("bare:default.msgs"):
            time.sleep(0.005)
        took = time.perf_counter() - began
    broker.close()
    return jobs / took


async def idle_starts(servers: JobServers, lone: int) -> list[float]:
    """Milliseconds from just before COMMIT to the body, sorted."""
    workspace, waits = WorkspaceId(uuid4()), []
    async with (
        await open_pool(servers.database_url) as pool,
        asyncpg.create_pool(servers.database_url, min_size=1) as sql,
    ):
        database = PostgresDatabase(pool, SystemClock(), TimeOrderedIds())
        for _ in range(lone):
            await asyncio.sleep(random.uniform(0.3, 0.6))
            async with database.begin(workspace) as tx:
                job_id = await tx.jobs.add(JobSpec(kind="noop"))
                committed_at = time.time()
            await asyncio.sleep(0.15)
            result = await sql.fetchval("SELECT result FROM jobs WHERE id = $1", job_id)
            waits.append((json.loads(result)["at"] - committed_at) * 1000 if result else 1000.0)
    return sorted(waits)


async def ready(servers: JobServers) -> None:
    """Until a first job has gone through."""
    await ours(servers, 100)
    await asyncio.sleep(0.5)


def measure(folder: Path, jobs: int, lone: int, rounds: int) -> dict[str, float]:
    with start_servers(folder) as embedded:
        asyncio.run(migrate_up(embedded.database_url))
        servers = JobServers(
            database_url=embedded.database_url, operator_url=embedded.database_url, redis_url=embedded.redis_url
        )
        our_rates, bare_rates = [], []
        for _ in range(rounds):
            bare_rates.append(bare(embedded.redis_url, jobs))
            with process(our_relay, servers), process(our_worker, servers):
                asyncio.run(ready(servers))
                our_rates.append(asyncio.run(ours(servers, jobs)))
        with process(our_relay, servers), process(our_worker, servers):
            asyncio.run(ready(servers))
            waits = asyncio.run(idle_starts(servers, lone))
    return {
        "jobs_per_second": statistics.median(our_rates),
        "bare_jobs_per_second": statistics.median(bare_rates),
        "ratio": statistics.median(ours / bare for ours, bare in zip(our_rates, bare_rates, strict=True)),
        "idle_start_p50_ms": waits[len(waits) // 2],
        "idle_start_p95_ms": waits[int(len(waits) * 0.95)],
        "idle_start_max_ms": waits[-1],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=5000)
    parser.add_argument("--lone", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="usher-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        figures = measure(Path(folder) / "state", told.jobs, told.lone, told.rounds)
    if told.json:
        print(json.dumps(figures))
        return
    print(
        f"no-op jobs, one worker process: {figures['jobs_per_second']:,.0f}/s through the ledger (600 wanted), "
        f"{figures['bare_jobs_per_second']:,.0f}/s bare Dramatiq: {figures['ratio']:.2f} of it"
    )
    print(
        f"start on an idle worker: p50 {figures['idle_start_p50_ms']:.0f} ms, "
        f"p95 {figures['idle_start_p95_ms']:.0f} ms (50 wanted), max {figures['idle_start_max_ms']:.0f} ms"
    )


if __name__ == "__main__":
    main()
