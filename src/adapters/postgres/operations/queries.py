"""Jobs and events for looking: columns straight into Structs."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

import asyncpg
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from adapters.postgres.database import PostgresDatabase
from adapters.postgres.operations.ledger import operator_calls
from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.operations import JobRow
from application.operations.queries import EventView, JobCount, JobError, JobFilter, JobRecord, JobView
from application.shared.pages import Page
from domain.operations.feed import EventUnknown
from domain.operations.jobs import JobNotFound, JobState
from domain.shared.ids import EventId, JobId, WorkspaceId

_JOBS: Final = table_of(JobRow)

_VIEW: Final = (
    *(_JOBS.c[name] for name in ("id", "kind", "state", "progress", "result", "error", "subject", "attempts")),
    *(_JOBS.c[name] for name in ("created_at", "started_at", "finished_at")),
)
_RECORD: Final = (
    *(_JOBS.c[name] for name in ("id", "workspace_id", "kind", "queue", "state", "attempts", "deaths", "payload")),
    *(_JOBS.c[name] for name in ("subject", "request_id", "worker", "result", "error", "run_at", "created_at")),
    *(_JOBS.c[name] for name in ("started_at", "finished_at")),
)

_ONE: Final = Statement(
    select(*_VIEW).where(_JOBS.c.workspace_id == bindparam("tenant"), _JOBS.c.id == bindparam("id"))
)

_COUNTS: Final = """
SELECT queue, state AS status, count(*) AS count,
       min(run_at) FILTER (WHERE state = 'queued' AND run_at <= now()) AS oldest_due_at
FROM jobs WHERE state IN ('queued', 'running', 'failed') GROUP BY queue, state ORDER BY queue, state
"""


_FROM_START: Final = Statement(
    text("""
SELECT id, position, name, subject, data, occurred_at FROM events
WHERE workspace_id = :tenant AND (CAST(:names AS text[]) IS NULL OR name = ANY (CAST(:names AS text[])))
ORDER BY position LIMIT :limit
""")
)

# No row: the event is unknown. One row of NULLs: nothing is behind it.
_BEHIND: Final = Statement(
    text("""
SELECT e.* FROM (SELECT position FROM events WHERE workspace_id = :tenant AND id = :after) AS seen
LEFT JOIN LATERAL (
    SELECT id, position, name, subject, data, occurred_at FROM events
    WHERE workspace_id = :tenant AND position > seen.position
      AND (CAST(:names AS text[]) IS NULL OR name = ANY (CAST(:names AS text[])))
    ORDER BY position LIMIT :limit
) AS e ON true ORDER BY e.position
""")
)


class PostgresJobQueries:
    """`JobQueries` on PostgreSQL."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def view(self, tenant: WorkspaceId, job_id: JobId, /) -> JobView:
        """See `application.operations.queries.JobQueries.view`."""
        row = await self._database.row(tenant, _ONE, tenant=tenant, id=job_id)
        if row is None:
            raise JobNotFound("no such job")
        return _view(row)

    async def page(
        self, tenant: WorkspaceId, wanted: JobFilter, /, *, after: JobId | None, limit: int
    ) -> Page[JobView]:
        """See `application.operations.queries.JobQueries.page`."""
        values = _values(wanted, after=after)
        statement = _jobs(tuple(values), is_record=False)
        rows = await self._database.rows(tenant, statement, tenant=tenant, limit=limit + 1, **values)
        views = [_view(row) for row in rows[:limit]]
        return Page(items=views, after=(str(views[-1].id),) if len(rows) > limit else None)


class PostgresJobRecords:
    """`JobRecords` on PostgreSQL, with a pool of the operator's role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def record(self, job_id: JobId, /) -> JobRecord:
        """See `application.operations.queries.JobRecords.record`."""
        rows = await self._fetch({"id": job_id}, 1)
        if not rows:
            raise JobNotFound("no such job")
        return rows[0]

    async def records(
        self, wanted: JobFilter, /, *, workspace_id: WorkspaceId | None, limit: int
    ) -> Sequence[JobRecord]:
        """See `application.operations.queries.JobRecords.records`."""
        values = _values(wanted, tenant=workspace_id)
        return await self._fetch(values, limit)

    async def counts(self) -> Sequence[JobCount]:
        """See `application.operations.queries.JobRecords.counts`."""
        async with operator_calls():
            return [JobCount(**dict(row)) for row in await self._pool.fetch(_COUNTS)]

    async def _fetch(self, values: Mapping[str, object], limit: int) -> list[JobRecord]:
        statement = _jobs(tuple(values), is_record=True)
        async with operator_calls():
            rows = await self._pool.fetch(statement.text, *statement.arguments({**values, "limit": limit}))
        return [JobRecord(**_renamed(row)) for row in rows]


class PostgresFeedQueries:
    """`FeedQueries` on PostgreSQL: a range of the primary key."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def page(
        self, tenant: WorkspaceId, /, *, after: EventId | None, names: Sequence[str] = (), limit: int
    ) -> Page[EventView]:
        """See `application.operations.queries.FeedQueries.page`."""
        values: dict[str, object] = {"tenant": tenant, "names": list(names) or None, "limit": limit + 1}
        if after is None:
            rows = await self._database.rows(tenant, _FROM_START, **values)
        else:
            rows = await self._database.rows(tenant, _BEHIND, after=after, **values)
            if not rows:
                raise EventUnknown("no such event is kept")
        views = [EventView(**dict(row)) for row in rows[:limit] if row["id"] is not None]
        return Page(items=views, after=(str(views[-1].id),) if len(rows) > limit else None)


@cache
def _jobs(given: tuple[str, ...], *, is_record: bool) -> Statement:
    chosen = {
        "tenant": lambda: _JOBS.c.workspace_id == bindparam("tenant"),
        "id": lambda: _JOBS.c.id == bindparam("id"),
        "after": lambda: _JOBS.c.id < bindparam("after"),
        "states": lambda: _JOBS.c.state == func.any(bindparam("states", type_=ARRAY(Text()))),
        "kinds": lambda: _JOBS.c.kind == func.any(bindparam("kinds", type_=ARRAY(Text()))),
        "subject": lambda: _JOBS.c.subject == bindparam("subject"),
    }
    names = given if is_record else ("tenant", *given)
    columns = _RECORD if is_record else _VIEW
    where = [chosen[name]() for name in names]
    return Statement(select(*columns).where(*where).order_by(_JOBS.c.id.desc()).limit(bindparam("limit")))


def _values(wanted: JobFilter, **others: object) -> dict[str, object]:
    values = {"states": list(wanted.states), "kinds": list(wanted.kinds), "subject": wanted.subject, **others}
    return {name: value for name, value in values.items() if value}


def _view(row: "asyncpg.Record") -> JobView:
    values = _renamed(row)
    values["error"] = _public(values["error"]) if row["state"] == JobState.FAILED else None
    return JobView(**values)


def _public(error: Mapping[str, Any] | None) -> JobError | None:
    return JobError(error["code"], error["detail"], error.get("facts") or {}) if error else None


def _renamed(row: "asyncpg.Record") -> dict[str, Any]:
    values = dict(cast("Mapping[str, Any]", row))
    values["status"] = values.pop("state")
    return values
