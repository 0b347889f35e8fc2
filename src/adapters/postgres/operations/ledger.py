"""The ledger across workspaces. Needs a pool of the operator's role; each call is one statement and commit."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from adapters.postgres.operations.together import Together
from adapters.postgres.troubles import LOST
from domain.operations.jobs import MAX_DEATHS, SUSPECT_DEATHS, Trouble
from domain.shared.errors import ProviderUnavailable
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobRun
from domain.shared.ports import Ids

_CLAIM: Final = """
WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::smallint[])
    AS a (id, lease, seconds, worker, deaths)
), free AS (
    SELECT id, deaths FROM jobs WHERE id = ANY ($1) AND state = 'queued' AND run_at <= now()
    ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE jobs AS j
SET state = 'running', attempts = j.attempts + 1, lease = a.lease, worker = a.worker,
    lease_until = now() + a.seconds * interval '1 second', started_at = coalesce(j.started_at, now())
FROM asked a JOIN free ON free.id = a.id AND free.deaths <= a.deaths WHERE j.id = a.id
RETURNING j.id, j.workspace_id, j.kind, j.payload, j.attempts, j.lease, j.request_id
"""

_RENEW: Final = """
UPDATE jobs SET lease_until = now() + $2 * interval '1 second'
WHERE id IN (SELECT id FROM jobs WHERE state = 'running' AND lease = ANY ($1) ORDER BY id FOR UPDATE)
RETURNING lease
"""

# Locked by id, as in _RENEW: the two meet on the same rows, and must not wait for each other in a circle.
_FINISH: Final = """
WITH held AS (
    SELECT id, lease FROM jobs WHERE id = ANY ($1) AND lease = ANY ($2) AND state = 'running' ORDER BY id FOR UPDATE
)
UPDATE jobs AS j
SET state = 'succeeded', result = f.result::jsonb, error = NULL, lease = NULL, lease_until = NULL,
    finished_at = now()
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS f (id, lease, result) JOIN held USING (id, lease)
WHERE j.id = f.id
RETURNING f.lease
"""

_RETRY: Final = """
UPDATE jobs
SET state = 'queued', lease = NULL, lease_until = NULL, rung_at = NULL, error = $3::text::jsonb, run_at = now() + $4
WHERE id = $1 AND lease = $2 AND state = 'running'
"""

_PARK: Final = """
UPDATE jobs SET state = 'failed', lease = NULL, lease_until = NULL, error = $3::text::jsonb, finished_at = now()
WHERE id = $1 AND lease = $2 AND state = 'running'
"""

_RELEASE: Final = """
WITH released AS (
    UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease = NULL, lease_until = NULL, rung_at = NULL
    WHERE id = $1 AND lease = $2 AND state = 'running' RETURNING 1
)
SELECT pg_notify('usher_jobs', '') FROM released
"""

Ask = tuple[JobId, float, str, int]
Finished = tuple[JobRun, str | None]


class PostgresLedger:
    """`Ledger` on PostgreSQL. Claims and finishes of concurrent tasks share statements (and their commits)."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", ids: Ids) -> None:
        self._pool = pool
        self._ids = ids
        self._claim: Together[Ask, JobRun | None] = Together(self._claim_all)
        self._finish: Together[Finished, bool] = Together(self._finish_all)

    async def claim(self, job_id: JobId, /, *, lease_seconds: float, worker: str, alone: bool) -> JobRun | None:
        """See `domain.operations.ports.Ledger.claim`."""
        most_deaths = MAX_DEATHS if alone else SUSPECT_DEATHS - 1
        return await self._claim((job_id, lease_seconds, worker, most_deaths))

    async def _claim_all(self, asked: Sequence[Ask]) -> Sequence[JobRun | None]:
        leases = [self._ids.new() for _ in asked]
        ids, seconds, workers, deaths = zip(*asked, strict=True)
        async with operator_calls():
            rows = await self._pool.fetch(_CLAIM, ids, leases, seconds, workers, deaths)
        runs = {row["lease"]: _run_in(row) for row in rows}
        return [runs.get(lease) for lease in leases]

    async def renew(self, leases: Collection[UUID], /, *, lease_seconds: float) -> frozenset[UUID]:
        """See `domain.operations.ports.Ledger.renew`."""
        async with operator_calls():
            rows = await self._pool.fetch(_RENEW, list(leases), lease_seconds)
        return frozenset(row["lease"] for row in rows)

    async def finish(self, run: JobRun, result: Mapping[str, object] | None, /) -> bool:
        """See `domain.operations.ports.Ledger.finish`."""
        return await self._finish((run, json_text(result)))

    async def _finish_all(self, finished: Sequence[Finished]) -> Sequence[bool]:
        ids = [run.id for run, _ in finished]
        leases = [run.lease for run, _ in finished]
        async with operator_calls():
            rows = await self._pool.fetch(_FINISH, ids, leases, [result for _, result in finished])
        done = {row["lease"] for row in rows}
        return [lease in done for lease in leases]

    async def retry(self, run: JobRun, trouble: Trouble, delay: timedelta, /) -> bool:
        """See `domain.operations.ports.Ledger.retry`."""
        return await self._change(_RETRY, run.id, run.lease, json_text(trouble), delay)

    async def park(self, run: JobRun, trouble: Trouble, /) -> bool:
        """See `domain.operations.ports.Ledger.park`."""
        return await self._change(_PARK, run.id, run.lease, json_text(trouble))

    async def release(self, run: JobRun, /) -> bool:
        """See `domain.operations.ports.Ledger.release`."""
        async with operator_calls():
            return bool(await self._pool.fetch(_RELEASE, run.id, run.lease))

    async def _change(self, statement: str, *values: object) -> bool:
        async with operator_calls():
            return (await self._pool.execute(statement, *values)) == "UPDATE 1"


@asynccontextmanager
async def operator_calls() -> AsyncGenerator[None]:
    """Turn the driver's troubles with the connection into ours.

    Raises:
        ProviderUnavailable: the database does not answer.
    """
    try:
        yield
    except LOST as error:
        raise ProviderUnavailable("database", retry_after_seconds=1) from error


def json_text(value: object | None) -> str | None:
    """The value as JSON text that jsonb takes: it refuses U+0000, which becomes U+FFFD."""
    return None if value is None else msgspec.json.encode(value).decode().replace("\\u0000", "\\ufffd")


def _run_in(row: "asyncpg.Record") -> JobRun:
    payload: Any = row["payload"]
    return JobRun(
        id=JobId(row["id"]),
        workspace_id=WorkspaceId(row["workspace_id"]),
        kind=row["kind"],
        payload=payload,
        attempt=row["attempts"],
        lease=row["lease"],
        request_id=row["request_id"],
    )
