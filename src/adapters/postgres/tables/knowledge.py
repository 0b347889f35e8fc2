"""Sources and all that they ever said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, Text, literal_column, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables.base import TenantRow, Versioned

SEARCHED = (
    "setweight(to_tsvector('simple'::regconfig, title || ' ' || entity), 'A') || "
    "setweight(to_tsvector('simple'::regconfig, fields), 'B') || "
    "setweight(to_tsvector('simple'::regconfig, text), 'C')"
)
"""What a search looks at, the name of the thing counting most."""


class SourceRow(Versioned, TenantRow):
    """A source in its present version."""

    __tablename__ = "sources"
    __table_args__ = (
        Index(
            "uq_sources_external_id",
            "workspace_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_sources_workspace_id", "workspace_id", "id"),
        Index("ix_sources_kind", "workspace_id", "kind", "id"),
        Index("ix_sources_service", "workspace_id", "service", "id"),
        Index(
            "ix_sources_conversation_id",
            "conversation_id",
            "batch",
            "id",
            postgresql_where=text("conversation_id IS NOT NULL"),
        ),
        Index(
            "ix_sources_standing",
            "workspace_id",
            "id",
            postgresql_where=text("conversation_id IS NULL AND NOT is_archived AND kind IN ('checklist', 'policy')"),
        ),
        Index(
            "ix_sources_shared",
            "workspace_id",
            "kind",
            "id",
            postgresql_where=text("conversation_id IS NULL AND NOT is_archived"),
        ),
        Index("ix_sources_words", "workspace_id", "searched", postgresql_using="gin"),
        Index(
            "ix_sources_trigrams",
            "workspace_id",
            literal_column("((title || ' '::text) || entity)", Text()).label("name"),
            postgresql_using="gin",
            postgresql_ops={"name": "gin_trgm_ops"},
        ),
    )

    kind: Mapped[str]
    title: Mapped[str]
    entity: Mapped[str]
    service: Mapped[str]
    fields: Mapped[dict[str, object]]
    text: Mapped[str]
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    known_since: Mapped[int]
    batch: Mapped[int]
    external_id: Mapped[str | None]
    recorded_by: Mapped[str]
    is_archived: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    searched: Mapped[str] = mapped_column(TSVECTOR(), Computed(SEARCHED, persisted=True))


class SourceVersionRow(TenantRow):
    """What a source said in one version. Never changed: the application may only add and read."""

    __tablename__ = "source_versions"

    source_id: Mapped[UUID] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    entity: Mapped[str]
    service: Mapped[str]
    fields: Mapped[dict[str, object]]
    text: Mapped[str]
    is_archived: Mapped[bool]
    recorded_by: Mapped[str]
    created_at: Mapped[datetime]
