"""The relay's side of the ledger: what is due, by turns between workspaces; what was lost."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg

from adapters.postgres.operations.ledger import json_text, operator_calls
from domain.operations.jobs import MAX_DEATHS, SUSPECT_DEATHS, Trouble
from domain.operations.ports import LostLease, Picked, Ring
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import Queue

# `tenants` hops from workspace to workspace in the index (a loose scan), so a backlog of one workspace costs the
# others nothing: each gets its share of the room. Where not all had their turn, the next round goes on behind the last
# one visited ($3, and $4 is true), with one job each.
_PICK: Final = """
WITH RECURSIVE room AS MATERIALIZED (
    SELECT greatest($2 - count(*), 0) AS free FROM jobs
    WHERE queue = $1 AND state = 'queued' AND rung_at IS NOT NULL
), tenants (workspace_id, number) AS (
    (SELECT j.workspace_id, 1 FROM jobs j
     WHERE j.queue = $1 AND j.state = 'queued' AND j.rung_at IS NULL AND j.workspace_id >= $3
     ORDER BY j.workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT j.workspace_id FROM jobs j
            WHERE j.queue = $1 AND j.state = 'queued' AND j.rung_at IS NULL AND j.workspace_id > t.workspace_id
            ORDER BY j.workspace_id LIMIT 1), t.number + 1
    FROM tenants t WHERE t.workspace_id IS NOT NULL AND t.number < (SELECT free FROM room)
), share AS MATERIALIZED (
    SELECT room.free, CASE WHEN $4 THEN least(room.free, 1)
                      ELSE greatest(room.free / greatest(count(t.workspace_id), 1), least(room.free, 1)) END AS each
    FROM room LEFT JOIN tenants t ON true GROUP BY room.free
), picked AS MATERIALIZED (
    SELECT due.id FROM tenants t CROSS JOIN LATERAL (
        SELECT j.id FROM jobs j
        WHERE j.queue = $1 AND j.workspace_id = t.workspace_id AND j.state = 'queued' AND j.rung_at IS NULL
          AND j.run_at <= now()
        ORDER BY j.run_at, j.id LIMIT (SELECT each FROM share) FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE t.workspace_id IS NOT NULL LIMIT (SELECT free FROM share)
), rung AS (
    UPDATE jobs j SET rung_at = now() FROM picked WHERE j.id = picked.id
    RETURNING j.id, j.workspace_id, j.kind, j.attempts, j.deaths
)
SELECT share.free, last.number AS visits, last.workspace_id AS visited,
       rung.id, rung.workspace_id, rung.kind, rung.attempts, rung.deaths
FROM share
LEFT JOIN (
    SELECT number, workspace_id FROM tenants WHERE workspace_id IS NOT NULL ORDER BY number DESC LIMIT 1
) AS last ON true
LEFT JOIN rung ON true
"""

_RUNG_BEFORE: Final = """
SELECT id, workspace_id, kind, queue, attempts, deaths FROM jobs
WHERE queue = ANY ($3) AND state = 'queued' AND rung_at < now() - $1 * interval '1 second'
ORDER BY rung_at LIMIT $2
"""

_UNRING: Final = """
UPDATE jobs SET rung_at = NULL
WHERE id IN (SELECT id FROM jobs WHERE id = ANY ($1) AND state = 'queued' ORDER BY id FOR UPDATE SKIP LOCKED)
"""

_SWEEP: Final = """
WITH lost AS (
    SELECT id FROM jobs WHERE state = 'running' AND lease_until < now()
    ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE jobs j
SET deaths = j.deaths + 1, lease = NULL, lease_until = NULL, rung_at = NULL,
    state = CASE WHEN j.deaths + 1 >= $2 THEN 'failed' ELSE 'queued' END,
    finished_at = CASE WHEN j.deaths + 1 >= $2 THEN now() END,
    error = $4::text::jsonb,
    run_at = now() + random() * $3 * power(2, j.deaths) * interval '1 second'
FROM lost WHERE j.id = lost.id
RETURNING j.id, j.kind, j.worker, j.deaths, j.state
"""

_DIED: Final = Trouble(
    code="internal_error",
    detail="Something went wrong on our side.",
    error_type="ProcessDied",
    message="the process that ran it died, or stood still for longer than its lease",
)
_START: Final = UUID(int=0)


class PostgresDispatch:
    """`Dispatch` on PostgreSQL, with a pool of the operator's role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._next: dict[Queue, UUID] = {}

    async def pick(self, queue: Queue, /, *, window: int) -> Picked:
        """See `domain.operations.ports.Dispatch.pick`. One workspace after the other gets its turn."""
        start = self._next.get(queue, _START)
        async with operator_calls():
            rows = await self._pool.fetch(_PICK, str(queue), window, start, start != _START)
        rings = [_ring_in(row, queue) for row in rows if row["id"] is not None]
        free, visits, visited = rows[0]["free"], rows[0]["visits"] or 0, rows[0]["visited"]
        # Behind the last one when there was no room for all; from the start when all had their turn.
        if free:
            self._next[queue] = UUID(int=visited.int + 1) if visits >= free else _START
        is_full = len(rings) >= free
        return Picked(rings=rings, is_full=is_full, may_have_more=bool(rings) or (start != _START and not is_full))

    async def rung_before(self, age_seconds: float, /, *, limit: int) -> list[Ring]:
        """See `domain.operations.ports.Dispatch.rung_before`."""
        async with operator_calls():
            rows = await self._pool.fetch(_RUNG_BEFORE, age_seconds, limit, [str(queue) for queue in Queue])
        return [_ring_in(row, Queue(row["queue"])) for row in rows]

    async def unring(self, job_ids: Collection[JobId], /) -> int:
        """See `domain.operations.ports.Dispatch.unring`."""
        async with operator_calls():
            status = await self._pool.execute(_UNRING, list(job_ids))
        return int(status.rpartition(" ")[2])

    async def sweep(self, *, limit: int, back_off_seconds: float) -> list[LostLease]:
        """See `domain.operations.ports.Dispatch.sweep`."""
        async with operator_calls():
            rows = await self._pool.fetch(_SWEEP, limit, MAX_DEATHS, back_off_seconds, json_text(_DIED))
        return [_lost_in(row) for row in rows]


def _ring_in(row: "asyncpg.Record", queue: Queue) -> Ring:
    return Ring(
        job_id=JobId(row["id"]),
        workspace_id=WorkspaceId(row["workspace_id"]),
        kind=row["kind"],
        queue=queue,
        attempts=row["attempts"],
        is_suspect=row["deaths"] >= SUSPECT_DEATHS,
    )


def _lost_in(row: "asyncpg.Record") -> LostLease:
    return LostLease(
        job_id=JobId(row["id"]),
        kind=row["kind"],
        worker=row["worker"],
        deaths=row["deaths"],
        is_parked=row["state"] == "failed",
    )
