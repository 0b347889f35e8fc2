"""Conversations, their messages, what a search looks at besides, and the numbers given out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables.base import TenantRow, Versioned

_SENT = text("state = 'sent'")


class ConversationRow(Versioned, TenantRow):
    """A conversation. Each index serves one order of the list, alone or within a status or an assignee."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_number", "workspace_id", "number", unique=True),
        Index(
            "uq_conversations_external_id",
            "workspace_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_conversations_created", "workspace_id", "created_at", "id"),
        Index("ix_conversations_latest", "workspace_id", "last_message_at", "id"),
        Index("ix_conversations_status_created", "workspace_id", "status", "created_at", "id"),
        Index("ix_conversations_status_latest", "workspace_id", "status", "last_message_at", "id"),
        Index(
            "ix_conversations_assignee",
            "workspace_id",
            "assignee_id",
            "created_at",
            "id",
            postgresql_where=text("assignee_id IS NOT NULL"),
        ),
    )

    number: Mapped[int]
    customer_name: Mapped[str]
    customer_email: Mapped[str | None]
    customer_external_id: Mapped[str | None]
    channel: Mapped[str]
    subject: Mapped[str]
    priority: Mapped[str]
    status: Mapped[str]
    assignee_id: Mapped[UUID | None]
    external_id: Mapped[str | None]
    last_sequence: Mapped[int]
    episode: Mapped[int]
    open_draft_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    last_message_at: Mapped[datetime]
    episode_started_at: Mapped[datetime]
    first_reply_at: Mapped[datetime | None]
    waiting_since_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ConversationHeadingRow(TenantRow):
    """Subject and customer, for search. Apart from the conversation, whose row changes with every message."""

    __tablename__ = "conversation_headings"
    __table_args__ = (
        Index(
            "ix_conversation_headings_words",
            "workspace_id",
            func.to_tsvector(literal_column("'simple'::regconfig"), literal_column("heading")),
            postgresql_using="gin",
        ),
        Index(
            "ix_conversation_headings_trigrams",
            "workspace_id",
            "heading",
            postgresql_using="gin",
            postgresql_ops={"heading": "gin_trgm_ops"},
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    heading: Mapped[str]


class ConversationCounterRow(TenantRow):
    """The last number given out in a workspace; locked until the transaction ends, so that there are no gaps."""

    __tablename__ = "conversation_counters"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class MessageRow(Versioned, TenantRow):
    """A message or a draft of one. Words and trigrams of what was sent are indexed."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("uq_messages_sequence", "conversation_id", "sequence", unique=True),
        Index(
            "uq_messages_client_message_id",
            "conversation_id",
            "client_message_id",
            unique=True,
            postgresql_where=text("client_message_id IS NOT NULL"),
        ),
        Index(
            "uq_messages_open_draft",
            "conversation_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "ix_messages_words",
            "workspace_id",
            func.to_tsvector(literal_column("'simple'::regconfig"), literal_column("text")),
            postgresql_using="gin",
            postgresql_where=_SENT,
        ),
        Index(
            "ix_messages_trigrams",
            "workspace_id",
            "text",
            postgresql_using="gin",
            postgresql_ops={"text": "gin_trgm_ops"},
            postgresql_where=_SENT,
        ),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    sequence: Mapped[int | None]
    episode: Mapped[int]
    author: Mapped[str]
    author_id: Mapped[UUID | None]
    recorded_by: Mapped[str]
    text: Mapped[str]
    client_message_id: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
