"""Suggestions, and a record of every call to a provider."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import secure

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_suggestions()
    _create_model_calls()


def downgrade() -> None:
    op.drop_table("model_calls")
    op.drop_table("suggestions")


def _create_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid()),
        sa.Column("saw_sequence", sa.Integer(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("result", postgresql.JSONB()),
        sa.Column("sending", postgresql.JSONB()),
        sa.Column("rejection", postgresql.JSONB()),
        sa.Column("ratings", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.Column("decided_at", _MOMENT),
    )
    op.create_index("uq_suggestions_message_id", "suggestions", ["message_id"], unique=True)
    is_open = sa.text("status IN ('queued', 'ready')")
    op.create_index(
        "uq_suggestions_open",
        "suggestions",
        ["conversation_id", "saw_sequence", "episode"],
        unique=True,
        postgresql_where=is_open,
    )
    op.create_index("ix_suggestions_conversation_id", "suggestions", ["conversation_id", "id"])
    op.create_index("ix_suggestions_workspace_id", "suggestions", ["workspace_id", "id"])
    secure("suggestions", app="SELECT, INSERT, UPDATE")


def _create_model_calls() -> None:
    op.create_table(
        "model_calls",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), sa.ForeignKey("suggestions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("inputs_hash", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer()),
        sa.Column("output_tokens", sa.Integer()),
        sa.Column("cache_read_tokens", sa.Integer()),
        sa.Column("cache_write_tokens", sa.Integer()),
        sa.Column("thinking_tokens", sa.Integer()),
        sa.Column("cost_nanos", sa.BigInteger()),
        sa.Column("cost_currency", sa.Text()),
        sa.Column("price_id", sa.Text()),
        sa.Column("is_charged", sa.Boolean(), nullable=False),
        sa.Column("provider_request", sa.Text()),
        sa.Column("answer", postgresql.JSONB()),
        sa.Column("judgement", postgresql.JSONB()),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT),
    )
    op.create_index("ix_model_calls_suggestion_id", "model_calls", ["suggestion_id", "id"])
    op.create_index("ix_model_calls_workspace_id", "model_calls", ["workspace_id", "opened_at"])
    secure("model_calls", app="SELECT, INSERT, UPDATE")
