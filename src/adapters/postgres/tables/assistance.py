"""Suggestions, and a record of every call to a provider."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables.base import TenantRow, Versioned


class SuggestionRow(Versioned, TenantRow):
    """A suggestion. What it ended with, with verdict and evidence, is in `result`."""

    __tablename__ = "suggestions"
    __table_args__ = (
        Index("uq_suggestions_message_id", "message_id", unique=True),
        Index(
            "uq_suggestions_open",
            "conversation_id",
            "saw_sequence",
            "episode",
            unique=True,
            postgresql_where=text("status IN ('queued', 'ready')"),
        ),
        Index("ix_suggestions_conversation_id", "conversation_id", "id"),
        Index("ix_suggestions_workspace_id", "workspace_id", "id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[UUID]
    job_id: Mapped[UUID | None]
    saw_sequence: Mapped[int]
    episode: Mapped[int]
    status: Mapped[str]
    requested_by: Mapped[str]
    decided_by: Mapped[str | None]
    result: Mapped[dict[str, object] | None]
    sending: Mapped[dict[str, object] | None]
    rejection: Mapped[dict[str, object] | None]
    ratings: Mapped[list[object]]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class ModelCallRow(Versioned, TenantRow):
    """One call to a model: written before it, closed after it. Token counts are null where the provider told none."""

    __tablename__ = "model_calls"
    __table_args__ = (
        Index("ix_model_calls_suggestion_id", "suggestion_id", "id"),
        Index("ix_model_calls_workspace_id", "workspace_id", "opened_at"),
    )

    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("suggestions.id", ondelete="CASCADE"))
    step: Mapped[str]
    attempt: Mapped[int] = mapped_column(SmallInteger)
    provider: Mapped[str]
    model: Mapped[str]
    prompt_version: Mapped[str]
    inputs_hash: Mapped[str]
    outcome: Mapped[str]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    thinking_tokens: Mapped[int | None]
    cost_nanos: Mapped[int | None] = mapped_column(BigInteger)
    cost_currency: Mapped[str | None]
    price_id: Mapped[str | None]
    is_charged: Mapped[bool]
    provider_request: Mapped[str | None]
    answer: Mapped[dict[str, object] | None]
    judgement: Mapped[dict[str, object] | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
