"""Sources, their versions, and the search among them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.searching import ALIKE, alike, let_search, load_trigrams, own_search
from migrations.tenancy import secure

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_sources()
    _create_versions()
    _create_search()


def downgrade() -> None:
    op.execute("DROP FUNCTION usher_find_facts(text, integer)")
    op.execute("DROP FUNCTION usher_fact_query(text)")
    op.execute("DROP FUNCTION usher_find_sources(tsquery)")
    op.execute("DROP FUNCTION usher_find_similar_sources(text[])")
    op.drop_table("source_versions")
    op.drop_table("sources")


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *_content(),
        sa.Column("conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="CASCADE")),
        sa.Column("known_since", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text()),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("searched", postgresql.TSVECTOR(), sa.Computed(_SEARCHED, persisted=True), nullable=False),
    )
    named = sa.text("external_id IS NOT NULL")
    op.create_index(
        "uq_sources_external_id",
        "sources",
        ["workspace_id", "external_id"],
        unique=True,
        postgresql_where=named,
    )
    op.create_index("ix_sources_workspace_id", "sources", ["workspace_id", "id"])
    op.create_index("ix_sources_kind", "sources", ["workspace_id", "kind", "id"])
    op.create_index("ix_sources_service", "sources", ["workspace_id", "service", "id"])
    attached = sa.text("conversation_id IS NOT NULL")
    op.create_index(
        "ix_sources_conversation_id",
        "sources",
        ["conversation_id", "batch", "id"],
        postgresql_where=attached,
    )
    standing = sa.text("conversation_id IS NULL AND NOT is_archived AND kind IN ('checklist', 'policy')")
    op.create_index("ix_sources_standing", "sources", ["workspace_id", "id"], postgresql_where=standing)
    shared = sa.text("conversation_id IS NULL AND NOT is_archived")
    op.create_index("ix_sources_shared", "sources", ["workspace_id", "kind", "id"], postgresql_where=shared)
    op.execute("CREATE INDEX ix_sources_words ON sources USING gin (workspace_id, searched)")
    op.execute(
        "CREATE INDEX ix_sources_trigrams ON sources USING gin (workspace_id, (title || ' ' || entity) gin_trgm_ops)"
    )
    secure("sources")


def _create_versions() -> None:
    op.create_table(
        "source_versions",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        *_content(),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    secure("source_versions", app="SELECT, INSERT")


def _content() -> list[sa.Column[object]]:
    texts: list[sa.Column[object]] = [
        sa.Column(name, sa.Text(), nullable=False) for name in ("title", "entity", "service", "text")
    ]
    return [*texts, sa.Column("fields", postgresql.JSONB(), nullable=False)]


def _create_search() -> None:
    load_trigrams()
    let_search("sources")
    op.execute(_FIND.format(name="usher_find_sources(words tsquery)", match="s.searched @@ words", settings=""))
    own_search("usher_find_sources(tsquery)")
    op.execute(_FIND.format(name="usher_find_similar_sources(words text[])", match=_SIMILAR, settings=ALIKE))
    own_search("usher_find_similar_sources(text[])")
    op.execute(_FACT_QUERY)
    op.execute(_FIND_FACTS)
    own_search("usher_find_facts(text, integer)")


_SEARCHED = (
    "setweight(to_tsvector('simple'::regconfig, title || ' ' || entity), 'A') || "
    "setweight(to_tsvector('simple'::regconfig, fields), 'B') || "
    "setweight(to_tsvector('simple'::regconfig, text), 'C')"
)

_SIMILAR = alike("(s.title || ' ' || s.entity)") + " LIMIT 2000"

_FIND = """
CREATE FUNCTION {name} RETURNS TABLE (source_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = pg_catalog, public, pg_temp {settings} AS $$
  SELECT s.id FROM sources s WHERE s.workspace_id = usher_workspace() AND {match}
$$
"""

# Any word of a message may point to a fact: stop words are left out, longer words count by their stem, and of very
# long messages the longest words stand for the whole.
_FACT_QUERY = """
CREATE FUNCTION usher_fact_query(said text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(quote_literal(coalesce(stem[1], word)) || CASE WHEN length(coalesce(stem[1], word)) > 3
                    THEN ':*' ELSE '' END, ' | ')::tsquery
  FROM (
    SELECT word, stem
    FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', left(said, 100000)))) AS word,
         ts_lexize('pg_catalog.english_stem', word) AS stem
    WHERE stem IS DISTINCT FROM '{}' ORDER BY length(word) DESC LIMIT 200
  ) AS telling
$$
"""

_FIND_FACTS = """
CREATE FUNCTION usher_find_facts(said text, most integer) RETURNS TABLE (source_id uuid, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT best.id, row_number() OVER (ORDER BY best.score DESC, best.id) FROM (
    SELECT found.id, ts_rank(found.searched, found.query) AS score FROM (
      SELECT s.id, s.searched, q.query FROM usher_fact_query(said) AS q (query), sources s
      WHERE s.workspace_id = usher_workspace() AND s.conversation_id IS NULL AND NOT s.is_archived
        AND s.kind NOT IN ('checklist', 'policy') AND s.searched @@ q.query
      LIMIT 5000
    ) AS found
    ORDER BY score DESC, found.id LIMIT most
  ) AS best
$$
"""
