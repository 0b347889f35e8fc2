"""Real worker and relay processes for journeys, with kinds of jobs that exist only in tests."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec

from adapters.postgres.database import PostgresDatabase
from application.operations.kinds import JobKind, payload_of
from application.shared.fail_points import FailPoint, fail_point_of
from domain.operations.jobs import RetryPolicy
from domain.shared.errors import Conflict, ProviderUnavailable
from domain.shared.jobs import JobRun
from entrypoints.composition.jobs import JobServers, JobTiming, broker_at, open_relay, open_run_job
from entrypoints.relay.process import RelayTiming, run_relay
from entrypoints.worker.process import WorkerTiming, run_worker

EFFECTS = """
CREATE TABLE IF NOT EXISTS effects (number bigserial PRIMARY KEY, job_id uuid NOT NULL, at timestamptz DEFAULT now());
GRANT ALL ON effects TO usher_app; GRANT ALL ON SEQUENCE effects_number_seq TO usher_app
"""
"""A table for what the test kinds do. It has no unique key: a second effect would be seen."""


class JobProcess(msgspec.Struct, kw_only=True):
    """What a process is told. `journal` is the file that stands for an outside service."""

    database_url: str
    redis_url: str
    namespace: str = "usher"
    journal: str = "/dev/null"
    fail_at: str | None = None
    threads: int = 8
    lease_seconds: float = 1.5
    heartbeat_timeout_seconds: float = 2.0
    grace_seconds: float = 30.0
    window: int = 256
    poll_milliseconds: int = 20
    prefetch: int = 64
    watchdog_seconds: float = 10.0

    @property
    def servers(self) -> JobServers:
        return JobServers(
            database_url=self.database_url,
            operator_url=self.database_url,
            redis_url=self.redis_url,
            namespace=self.namespace,
        )

    @property
    def timing(self) -> JobTiming:
        return JobTiming(
            lease_seconds=self.lease_seconds,
            heartbeat_timeout_seconds=self.heartbeat_timeout_seconds,
            death_back_off_seconds=0.2,
            recall_patience_seconds=0.5,
            relay=RelayTiming(recall_seconds=0.25, sweep_seconds=0.25, schedule_seconds=0.5),
        )

    def start(self, role: str) -> "BaseProcess":
        """Start it as `worker` or `relay`: a fork of a server that has everything imported (50 ms instead of 1 s)."""
        process = _FORKS.Process(target=be, args=(role, msgspec.json.encode(self)))
        process.start()
        return process


_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class Nap(msgspec.Struct):
    """Payload of `slow`."""

    seconds: float


class TestKinds:
    """Bodies of the test kinds; `journal` has one line for each outside call: the job's id."""

    __test__ = False

    def __init__(self, database: PostgresDatabase, journal: str, fail_point: FailPoint) -> None:
        self._database = database
        self._journal = journal
        self._fail_point = fail_point

    async def noop(self, run: JobRun) -> None:
        """Nothing; the wrapper finishes it."""

    async def effect(self, run: JobRun) -> None:
        """One row, in the transaction that finishes the job."""
        self._fail_point("before_call")
        self._fail_point("after_call")
        await self._effect(run)

    async def slow(self, run: JobRun) -> None:
        """An effect after `seconds`."""
        await asyncio.sleep(payload_of(run, Nap).seconds)
        await self._effect(run)

    async def call(self, run: JobRun) -> None:
        """An outside call under the job's id (the service ignores a repeated key), kept as a step, then the effect."""
        async with self._database.begin(run.workspace_id) as tx:
            kept = await tx.jobs.kept_step(run, "call")
        if kept is None:
            self._fail_point("before_call")
            with Path(self._journal).open("a") as journal:
                journal.write(f"{run.id}\n")
            self._fail_point("after_call")
            async with self._database.begin(run.workspace_id) as tx:
                await tx.jobs.keep_step(run, "call", {"done": True})
        await self._effect(run)

    async def raises(self, run: JobRun) -> None:
        raise RuntimeError(f"broken for good, attempt {run.attempt}")

    async def refuses(self, run: JobRun) -> None:
        raise Conflict("somebody was first", holder="them")

    async def down(self, run: JobRun) -> None:
        if run.attempt < 3:
            raise ProviderUnavailable("somewhere")
        await self._effect(run)

    async def blocks(self, run: JobRun) -> None:
        """Stands still, and everything with it, the first time."""
        if run.attempt == 1:
            time.sleep(60)
        await self._effect(run)

    async def die(self, run: JobRun) -> None:
        """Poison: takes its process along."""
        os.kill(os.getpid(), signal.SIGKILL)

    async def _effect(self, run: JobRun) -> None:
        async with self._database.begin(run.workspace_id) as tx:
            await tx.connection.execute("INSERT INTO effects (job_id) VALUES ($1)", run.id)
            await tx.jobs.finish(run, {"effect": True})

    def all(self) -> list[JobKind]:
        """The kinds, with quick retries."""
        retry = RetryPolicy(max_attempts=4, base_seconds=0.05, cap_seconds=0.2)
        bodies: Mapping[str, object] = {
            "noop": self.noop, "effect": self.effect, "slow": self.slow, "call": self.call,
            "raises": self.raises, "refuses": self.refuses, "down": self.down, "die": self.die, "blocks": self.blocks,
        }  # fmt: skip
        return [JobKind(name=name, body=body, retry=retry) for name, body in bodies.items()]  # pyright: ignore[reportArgumentType]


def be(role: str, told: bytes) -> None:
    """Be a worker or a relay, in a process of its own."""
    process = msgspec.json.decode(told, type=JobProcess)
    sys.exit(_work(process) if role == "worker" else _relay(process))


def _work(told: JobProcess) -> int:
    fail_point = fail_point_of(told.fail_at, is_test=True)
    return run_worker(
        broker_at(told.servers, told.timing),
        lambda: open_run_job(
            told.servers,
            lambda database: TestKinds(database, told.journal, fail_point).all(),
            routes={},
            lease_seconds=told.lease_seconds,
            fail_point=fail_point,
        ),
        WorkerTiming(
            threads=told.threads,
            grace_seconds=told.grace_seconds,
            poll_milliseconds=told.poll_milliseconds,
            prefetch=told.prefetch,
            watchdog_seconds=told.watchdog_seconds,
        ),
        fail_point=fail_point,
    )


def _relay(told: JobProcess) -> int:
    return run_relay(lambda: open_relay(told.servers, told.timing, window=told.window, schedules=()))
