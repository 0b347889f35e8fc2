"""Conversations, messages, and a search that keeps its indexes under row-level security."""

import sqlalchemy as sa
from alembic import op

from migrations.searching import (
    ALIKE,
    alike,
    create_search_role,
    drop_search_role,
    let_search,
    load_trigrams,
    own_search,
)
from migrations.tenancy import secure

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_search_role()
    _create_conversations()
    _create_messages()
    _index_texts()
    _create_search()


def downgrade() -> None:
    op.execute("DROP FUNCTION usher_count_conversations(tsquery, bigint)")
    op.execute("DROP FUNCTION usher_find_conversations(tsquery)")
    op.execute("DROP FUNCTION usher_find_similar_conversations(text[])")
    op.execute("DROP FUNCTION usher_query(text)")
    for table in ("messages", "conversation_headings", "conversation_counters", "conversations"):
        op.drop_table(table)
    drop_search_role()


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("customer_email", sa.Text()),
        sa.Column("customer_external_id", sa.Text()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("external_id", sa.Text()),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("open_draft_id", sa.Uuid()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_message_at", _MOMENT, nullable=False),
        sa.Column("episode_started_at", _MOMENT, nullable=False),
        sa.Column("first_reply_at", _MOMENT),
        sa.Column("waiting_since_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
    )
    table = "conversations"
    op.create_index("uq_conversations_number", table, ["workspace_id", "number"], unique=True)
    imported = sa.text("external_id IS NOT NULL")
    op.create_index(
        "uq_conversations_external_id",
        table,
        ["workspace_id", "external_id"],
        unique=True,
        postgresql_where=imported,
    )
    op.create_index("ix_conversations_created", table, ["workspace_id", "created_at", "id"])
    op.create_index("ix_conversations_latest", table, ["workspace_id", "last_message_at", "id"])
    op.create_index("ix_conversations_status_created", table, ["workspace_id", "status", "created_at", "id"])
    op.create_index("ix_conversations_status_latest", table, ["workspace_id", "status", "last_message_at", "id"])
    assigned = sa.text("assignee_id IS NOT NULL")
    op.create_index(
        "ix_conversations_assignee",
        table,
        ["workspace_id", "assignee_id", "created_at", "id"],
        postgresql_where=assigned,
    )
    op.create_table(
        "conversation_headings",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("heading", sa.Text(), nullable=False),
    )
    op.create_table(
        "conversation_counters",
        sa.Column("workspace_id", sa.Uuid(), primary_key=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
    )
    secure("conversations")
    secure("conversation_headings")
    secure("conversation_counters", app="SELECT, INSERT, UPDATE")


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer()),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("client_message_id", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT),
    )
    op.create_index("uq_messages_sequence", "messages", ["conversation_id", "sequence"], unique=True)
    named = sa.text("client_message_id IS NOT NULL")
    op.create_index(
        "uq_messages_client_message_id",
        "messages",
        ["conversation_id", "client_message_id"],
        unique=True,
        postgresql_where=named,
    )
    draft = sa.text("state = 'draft'")
    op.create_index("uq_messages_open_draft", "messages", ["conversation_id"], unique=True, postgresql_where=draft)
    secure("messages")


def _index_texts() -> None:
    # The workspace stands first in each index, so that a search costs what its own workspace holds.
    for table, column, where in (
        ("messages", "text", "WHERE state = 'sent'"),
        ("conversation_headings", "heading", ""),
    ):
        op.execute(
            f"CREATE INDEX ix_{table}_words ON {table} "
            f"USING gin (workspace_id, to_tsvector('simple'::regconfig, {column})) {where}"
        )
        op.execute(
            f"CREATE INDEX ix_{table}_trigrams ON {table} USING gin (workspace_id, {column} gin_trgm_ops) {where}"
        )


def _create_search() -> None:
    load_trigrams()
    # Every word may be the beginning of a longer one; quotes, "or" and "-" work as in a web search.
    op.execute(
        "CREATE FUNCTION usher_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
        "SELECT regexp_replace(websearch_to_tsquery('pg_catalog.simple', words)::text, "
        "'''(?:[^'']|'''')+''', '\\&:*', 'g')::tsquery $$"
    )
    let_search("messages")
    let_search("conversation_headings")
    op.execute(_FIND.format(name="usher_find_conversations(words tsquery)", **_EXACT))
    own_search("usher_find_conversations(tsquery)")
    op.execute(_FIND.format(name="usher_find_similar_conversations(words text[])", **_SIMILAR))
    own_search("usher_find_similar_conversations(text[])")
    op.execute(_COUNT)
    own_search("usher_count_conversations(tsquery, bigint)")


_EXACT = {
    "settings": "",
    "message": "to_tsvector('simple'::regconfig, m.text) @@ words",
    "heading": "to_tsvector('simple'::regconfig, h.heading) @@ words",
    "most": "",
}

# Common words have similar ones everywhere: what is only alike is shown up to so many places.
_MOST_ALIKE = "LIMIT 2000"

_SIMILAR = {
    "settings": ALIKE,
    "message": alike("m.text"),
    "heading": alike("h.heading"),
    "most": _MOST_ALIKE,
}

_FIND = """
CREATE FUNCTION {name} RETURNS TABLE (conversation_id uuid, message_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public, pg_temp {settings} AS $$
  SELECT DISTINCT ON (found.conversation_id) found.conversation_id, found.message_id FROM (
    (SELECT m.conversation_id, m.id AS message_id, m.sequence FROM messages m
     WHERE m.workspace_id = usher_workspace() AND m.state = 'sent' AND {message} {most})
    UNION ALL
    (SELECT h.conversation_id, NULL, 0 FROM conversation_headings h
     WHERE h.workspace_id = usher_workspace() AND {heading} {most})
  ) AS found
  ORDER BY found.conversation_id, found.sequence DESC
$$
"""

_COUNT = """
CREATE FUNCTION usher_count_conversations(words tsquery, most bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(*) FROM (
    SELECT FROM messages m
    WHERE m.workspace_id = usher_workspace() AND m.state = 'sent'
      AND to_tsvector('simple'::regconfig, m.text) @@ words
    UNION ALL
    SELECT FROM conversation_headings h
    WHERE h.workspace_id = usher_workspace() AND to_tsvector('simple'::regconfig, h.heading) @@ words
    LIMIT most
  ) AS found
$$
"""
