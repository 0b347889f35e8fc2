"""Writing the change feed: events, and the jobs they cause, as the last statement before the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from domain.shared.events import Event
from domain.shared.ids import public_id
from domain.shared.jobs import JobSpec
from domain.shared.ports import Ids

JOBS_CHANNEL: Final = "usher_jobs"
"""NOTIFY channel that wakes the relay; one notification a transaction, without payload."""

_APPEND: Final = """
WITH head AS (
    INSERT INTO feed_heads AS h (workspace_id, position) VALUES ($1, cardinality($2::uuid[]))
    ON CONFLICT (workspace_id) DO UPDATE SET position = h.position + excluded.position
    RETURNING position - cardinality($2::uuid[]) AS before
)
INSERT INTO events (workspace_id, position, id, name, subject, data, caller, request_id, occurred_at)
SELECT $1, head.before + e.number, e.id, e.name, e.subject, e.data::jsonb, $6, $7, $8
FROM head, unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS e (id, name, subject, data, number)
"""

_ADD_JOBS: Final = """
WITH added AS (
    INSERT INTO jobs (id, workspace_id, kind, queue, payload, subject, dedup_key, event_id, request_id, state,
                      attempts, deaths, run_at, created_at)
    SELECT j.id, $1, j.kind, j.queue, j.payload::jsonb, j.subject, j.dedup_key, j.event_id, $9, 'queued', 0, 0,
           coalesce(j.run_at, now()), now()
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $10::timestamptz[])
         AS j (id, kind, queue, payload, subject, dedup_key, event_id, run_at)
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT pg_notify('usher_jobs', '') FROM (SELECT 1 FROM added LIMIT 1) AS any_added
"""


class NewJob(msgspec.Struct, frozen=True):
    """A job about to be written."""

    id: UUID
    spec: JobSpec
    event_id: UUID | None = None


class NewEvent(msgspec.Struct, frozen=True):
    """An event about to be written."""

    id: UUID
    event: Event


async def append_events(
    connection: "asyncpg.Connection[asyncpg.Record]",
    tenant: UUID,
    events: Sequence[NewEvent],
    *,
    caller: str | None,
    request_id: str | None,
    now: datetime,
) -> None:
    """Give the events the next positions of the workspace's feed.

    The head row stays locked until the commit, which follows at once: positions become visible in their
    order, so a reader that has seen position n has seen all before it.
    """
    await connection.execute(
        _APPEND,
        tenant,
        [new.id for new in events],
        [new.event.name for new in events],
        [public_id(*new.event.subject) for new in events],
        [data_of(new.event) for new in events],
        caller,
        request_id,
        now,
    )


async def add_jobs(
    connection: "asyncpg.Connection[asyncpg.Record]",
    tenant: UUID,
    jobs: Sequence[NewJob],
    *,
    request_id: str | None,
) -> None:
    """Write the jobs and ring for the relay when the transaction commits.

    Their times are the database's own, so that no process's clock decides what is due.
    """
    specs = [new.spec for new in jobs]
    await connection.execute(
        _ADD_JOBS,
        tenant,
        [new.id for new in jobs],
        [spec.kind for spec in specs],
        [str(spec.queue) for spec in specs],
        [msgspec.json.encode(spec.payload).decode() for spec in specs],
        [spec.subject for spec in specs],
        [spec.dedup_key for spec in specs],
        [new.event_id for new in jobs],
        request_id,
        [spec.run_at for spec in specs],
    )


def data_of(event: Event) -> str:
    """The event's fields as JSON text."""
    return msgspec.json.encode(event).decode()


def caused_jobs(events: Sequence[NewEvent], routes: Mapping[type[Event], Sequence[str]], ids: Ids) -> list[NewJob]:
    """The jobs that the routes table asks for: one for each actor of each event."""
    return [
        NewJob(ids.new(), JobSpec(kind=kind, payload=msgspec.to_builtins(new.event)), new.id)
        for new in events
        for kind in routes.get(type(new.event), ())
    ]
