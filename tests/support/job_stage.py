"""A stage for journeys of jobs: a database and a corner of Redis of their own, processes that are sure to end."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec

from adapters.embedded import EmbeddedServers
from adapters.postgres.database import PostgresDatabase, open_pool
from adapters.system import SystemClock, TimeOrderedIds
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobSpec, Queue
from tests.support import servers as session
from tests.support.job_processes import EFFECTS, JobProcess
from tests.support.ledgers import a_tenant

_PATIENCE_SECONDS = 30.0


@dataclass
class Stage:
    """`told` is what every process is told; `start` takes changes to it."""

    told: JobProcess
    database: PostgresDatabase
    sql: "asyncpg.Pool[asyncpg.Record]"
    processes: list[BaseProcess] = field(default_factory=list[BaseProcess])

    def start(self, role: str = "worker", **changes: Any) -> BaseProcess:
        process = msgspec.structs.replace(self.told, **changes).start(role)
        self.processes.append(process)
        return process

    async def add(
        self,
        kind: str,
        count: int = 1,
        *,
        tenant: WorkspaceId | None = None,
        queue: Queue = Queue.DEFAULT,
        **payload: object,
    ) -> list[JobId]:
        """Commit these jobs in one transaction."""
        async with self.database.begin(tenant or a_tenant()) as tx:
            return [await tx.jobs.add(JobSpec(kind=kind, payload=payload, queue=queue)) for _ in range(count)]

    async def states(self) -> Counter[str]:
        rows = await self.sql.fetch("SELECT state, count(*) AS count FROM jobs GROUP BY state")
        return Counter({row["state"]: row["count"] for row in rows})

    async def job(self, job_id: JobId) -> "asyncpg.Record":
        row = await self.sql.fetchrow("SELECT * FROM jobs WHERE id = $1", job_id)
        assert row is not None
        return row

    async def until_over(self, seconds: float = _PATIENCE_SECONDS) -> Counter[str]:
        """Wait until no job is queued or running."""
        return await self.until("SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE state IN ('queued', 'running'))", seconds)

    async def until(self, condition: str, seconds: float = _PATIENCE_SECONDS) -> Counter[str]:
        """Wait until this SQL says true."""
        end = time.monotonic() + seconds
        while not await self.sql.fetchval(condition):
            assert time.monotonic() < end, f"still not after {seconds} s: {condition}; {await self.states()}"
            await asyncio.sleep(0.02)
        return await self.states()

    async def until_dead(self, process: BaseProcess, seconds: float = _PATIENCE_SECONDS) -> int:
        """Wait for the end of a process; its exit code, minus the signal that killed it."""
        end = time.monotonic() + seconds
        while process.exitcode is None:
            assert time.monotonic() < end, f"still alive after {seconds} s"
            await asyncio.sleep(0.02)
        return process.exitcode

    async def effects(self) -> Counter[JobId]:
        """How often each job took effect."""
        rows = await self.sql.fetch("SELECT job_id FROM effects")
        return Counter(JobId(row["job_id"]) for row in rows)

    def calls(self) -> Counter[str]:
        """How often the outside service was called for each job."""
        return Counter(Path(self.told.journal).read_text(encoding="utf-8").split())

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()


@asynccontextmanager
async def open_stage(servers: EmbeddedServers, redis_url: str, folder: Path, **changes: Any) -> AsyncGenerator[Stage]:
    """Open a stage; at the end its processes are killed and its database is dropped."""
    session.make_template(servers)
    name = f"usher_stage_{uuid4().hex[:12]}"
    url = await session.clone_database(servers.database_url, name)
    journal = folder / name
    journal.touch()
    told = JobProcess(database_url=url, redis_url=redis_url, namespace=name, journal=str(journal))
    async with await open_pool(url) as pool, asyncpg.create_pool(url, min_size=1, max_size=3) as sql:
        await sql.execute(EFFECTS)
        stage = Stage(
            msgspec.structs.replace(told, **changes), PostgresDatabase(pool, SystemClock(), TimeOrderedIds()), sql
        )
        try:
            yield stage
        finally:
            stage.end()
    await session.drop_database(servers.database_url, name)
