"""The change feed, the job ledger, schedules and stored answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables.base import Row, TenantRow

_WAITING = "state = 'queued' AND rung_at IS NULL"


class FeedHeadRow(TenantRow):
    """The last position of a workspace's feed; its lock makes commit order and position order the same."""

    __tablename__ = "feed_heads"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class EventRow(TenantRow):
    """What happened. Append-only; `position` has no gaps within a workspace."""

    __tablename__ = "events"
    __table_args__ = (Index("uq_events_id", "id", unique=True),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID]
    name: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, object]]
    caller: Mapped[str | None]
    request_id: Mapped[str | None]
    occurred_at: Mapped[datetime]


class JobRow(TenantRow):
    """Work that must happen. Redis only rings; this row is the record."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "queue", "workspace_id", "run_at", "id", postgresql_where=text(_WAITING)),
        Index("ix_jobs_rung", "queue", "rung_at", postgresql_where=text("state = 'queued' AND rung_at IS NOT NULL")),
        Index("ix_jobs_leases", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_jobs_finished_at", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
        Index("ix_jobs_workspace_id", "workspace_id", "id"),
        Index(
            "uq_jobs_dedup_key",
            "workspace_id",
            "kind",
            "dedup_key",
            unique=True,
            postgresql_where=text("dedup_key IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    queue: Mapped[str]
    payload: Mapped[dict[str, object]]
    subject: Mapped[str | None]
    dedup_key: Mapped[str | None]
    event_id: Mapped[UUID | None]
    request_id: Mapped[str | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    deaths: Mapped[int] = mapped_column(SmallInteger)
    run_at: Mapped[datetime]
    rung_at: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    progress: Mapped[int | None] = mapped_column(SmallInteger)
    result: Mapped[dict[str, object] | None]
    error: Mapped[dict[str, object] | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobStepRow(TenantRow):
    """The outcome of one step of a job, kept so that a later attempt does not act again."""

    __tablename__ = "job_steps"

    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    output: Mapped[dict[str, object]]
    created_at: Mapped[datetime]


class ScheduleSlotRow(Row):
    """A due time of a schedule that has been turned into a job, once."""

    __tablename__ = "schedule_slots"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)


class AnswerRow(TenantRow):
    """The stored answer to an Idempotency-Key, kept 24 hours at least."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_created_at", "created_at"),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    location: Mapped[str | None]
    etag: Mapped[str | None]
    created_at: Mapped[datetime]
