"""The two roles, the change feed, the job ledger, schedules and stored answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import create_role, secure, share

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_roles()
    _create_feed()
    _create_jobs()
    _create_answers()


def downgrade() -> None:
    for table in ("answers", "schedule_slots", "job_steps", "jobs", "events", "feed_heads"):
        op.drop_table(table)
    op.execute("DROP FUNCTION usher_workspace()")
    for role in ("usher_app", "usher_operator"):
        op.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")


def _create_roles() -> None:
    for role in ("usher_app", "usher_operator"):
        create_role(role)
    op.execute("GRANT SELECT ON alembic_version TO usher_app, usher_operator")
    op.execute(
        "CREATE FUNCTION usher_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE "
        "AS $$ SELECT nullif(current_setting('usher.workspace', true), '')::uuid $$"
    )


def _create_feed() -> None:
    op.create_table(
        "feed_heads",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("caller", sa.Text()),
        sa.Column("request_id", sa.Text()),
        sa.Column("occurred_at", _MOMENT, nullable=False),
    )
    op.create_index("uq_events_id", "events", ["id"], unique=True)
    secure("feed_heads", app="SELECT, INSERT, UPDATE")
    secure("events", app="SELECT, INSERT")


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("dedup_key", sa.Text()),
        sa.Column("event_id", sa.Uuid()),
        sa.Column("request_id", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("deaths", sa.SmallInteger(), nullable=False),
        sa.Column("run_at", _MOMENT, nullable=False),
        sa.Column("rung_at", _MOMENT),
        sa.Column("lease", sa.Uuid()),
        sa.Column("lease_until", _MOMENT),
        sa.Column("worker", sa.Text()),
        sa.Column("progress", sa.SmallInteger()),
        sa.Column("result", postgresql.JSONB()),
        sa.Column("error", postgresql.JSONB()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
    )
    waiting = sa.text("state = 'queued' AND rung_at IS NULL")
    op.create_index("ix_jobs_due", "jobs", ["queue", "workspace_id", "run_at", "id"], postgresql_where=waiting)
    rung = sa.text("state = 'queued' AND rung_at IS NOT NULL")
    op.create_index("ix_jobs_rung", "jobs", ["queue", "rung_at"], postgresql_where=rung)
    op.create_index("ix_jobs_leases", "jobs", ["lease_until"], postgresql_where=sa.text("state = 'running'"))
    ended = sa.text("finished_at IS NOT NULL")
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"], postgresql_where=ended)
    op.create_index("ix_jobs_workspace_id", "jobs", ["workspace_id", "id"])
    keyed = sa.text("dedup_key IS NOT NULL")
    op.create_index(
        "uq_jobs_dedup_key", "jobs", ["workspace_id", "kind", "dedup_key"], unique=True, postgresql_where=keyed
    )
    op.create_table(
        "job_steps",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), primary_key=True),
        sa.Column("step", sa.Text(), primary_key=True),
        sa.Column("output", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "schedule_slots",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("due_at", _MOMENT, primary_key=True),
    )
    secure("jobs", operator="SELECT, INSERT, UPDATE, DELETE")
    secure("job_steps", operator="SELECT, DELETE")
    share("schedule_slots", app="SELECT", operator="SELECT, INSERT, DELETE")


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("caller", sa.Text(), primary_key=True),
        sa.Column("route", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_answers_created_at", "answers", ["created_at"])
    secure("answers", app="SELECT, INSERT", operator="SELECT, DELETE")
