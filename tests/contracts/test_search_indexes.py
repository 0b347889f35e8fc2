"""Searches keep their index under row-level security: seen in the plans of the application's own role."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import asyncpg
import pytest

from adapters.postgres.knowledge.facts import FACTS

FILL = """
WITH c AS (
    INSERT INTO conversations (workspace_id, id, version, number, customer_name, channel, subject, priority, status,
        last_sequence, episode, created_at, last_message_at, episode_started_at)
    SELECT $1, gen_random_uuid(), 1, n, 'Ada', 'chat', '', 'normal', 'open', 10, 1, now(), now(), now()
    FROM generate_series(1, $2) AS n RETURNING id, number
), h AS (
    INSERT INTO conversation_headings SELECT $1, id, 'heading ' || left(md5(number::text), 8) FROM c
)
INSERT INTO messages (workspace_id, id, version, conversation_id, sequence, episode, author, recorded_by, text, state,
    created_at, sent_at)
SELECT $1, gen_random_uuid(), 1, c.id, n, 1, 'staff', '', 'message ' || left(md5((c.number * 10 + n)::text), 8),
    'sent', now(), now()
FROM c, generate_series(1, 10) AS n
"""

FILL_SOURCES = """
INSERT INTO sources (workspace_id, id, version, kind, title, entity, service, text, fields, known_since, batch,
    recorded_by, is_archived, created_at, updated_at)
SELECT $1, gen_random_uuid(), 1, 'inventory', 'title ' || left(md5(n::text), 8), '', '', '', '{}', 0, 0, '', false,
    now(), now()
FROM generate_series(1, $2) AS n
"""


BY_ORDER = ("ix_sources_workspace_id", "ix_sources_kind", "ix_sources_service", "ix_sources_shared")


@pytest.fixture(scope="module")
async def plans(database_url: str) -> AsyncIterator["Plans"]:
    """One transaction for all, taken back at the end."""
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    plans = Plans(connection, uuid4())
    for workspace in (plans.workspace, uuid4()):
        await connection.execute(FILL, workspace, 100)
        await connection.execute(FILL_SOURCES, workspace, 1_000)
    await connection.execute("ANALYZE conversations, conversation_headings, messages, sources")
    await connection.execute("LOAD 'auto_explain'")
    # Few rows are read fastest as a whole; the question is whether the index may be used at all.
    await connection.execute(
        "SET LOCAL auto_explain.log_min_duration = 0; SET LOCAL auto_explain.log_nested_statements = on; "
        "SET LOCAL client_min_messages = log; SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"
    )
    await connection.execute("SELECT set_config('usher.workspace', $1, true)", str(plans.workspace))
    connection.add_log_listener(lambda _, message: plans.seen.append(message.message))
    yield plans
    await transaction.rollback()
    await connection.close()


class Plans:
    """Runs statements as the application and notes how PostgreSQL went about them, inside functions, too."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", workspace: UUID) -> None:
        self.connection = connection
        self.workspace = workspace
        self.seen: list[str] = []

    async def of(
        self, sql: str, *arguments: object, without: Sequence[str] = (), settings: str = ""
    ) -> tuple[str, int]:
        """The plans as if some indexes were not there, and how many rows came."""
        savepoint = self.connection.transaction()
        await savepoint.start()
        for index in without:
            await self.connection.execute(f"DROP INDEX {index}")
        await self.connection.execute(f"SET LOCAL ROLE usher_app; {settings}")
        self.seen.clear()
        rows = await self.connection.fetch(sql, *arguments)
        await savepoint.rollback()
        return "\n".join(self.seen), len(rows)


@pytest.mark.parametrize(
    ("sql", "text", "indexes", "without"),
    [
        (
            "SELECT * FROM usher_find_conversations(usher_query($1))",
            "message c4ca4238",
            {"ix_messages_words", "ix_conversation_headings_words"},
            (),
        ),
        (
            "SELECT * FROM usher_find_similar_conversations(ARRAY[$1])",
            "c81e728x",
            {"ix_messages_trigrams", "ix_conversation_headings_trigrams"},
            ("ix_messages_words", "ix_conversation_headings_words"),
        ),
        ("SELECT * FROM usher_find_sources(usher_query($1))", "c4ca4238", {"ix_sources_words"}, BY_ORDER),
        (
            "SELECT * FROM usher_find_similar_sources(ARRAY[$1])",
            "c4ca423x",
            {"ix_sources_trigrams"},
            (*BY_ORDER, "ix_sources_words"),
        ),
        ("SELECT * FROM usher_find_facts($1, 10)", "the c4ca4238", {"ix_sources_words"}, BY_ORDER),
    ],
)
async def test_goes_by_the_index(plans: Plans, sql: str, text: str, indexes: set[str], without: Sequence[str]):
    plan, found = await plans.of(sql, text, without=without)

    assert {index for index in indexes if index in plan} == indexes, plan
    assert found in {0, 1, 2}


async def test_fills_the_shelf_by_the_index(plans: Plans):
    values = {"workspace_id": plans.workspace, "conversation_id": uuid4(), "said": "cheapest", "most": 10}

    plan, found = await plans.of(
        FACTS.text,
        *FACTS.arguments(values),
        without=("ix_sources_workspace_id", "ix_sources_kind"),
        settings="SET LOCAL enable_indexscan = on",
    )

    assert found == 10
    # Kinds of which there are next to no rows may be read in another way; inventory, of which there are many, may not.
    assert "Backward using ix_sources_shared" in plan, plan
    assert "Seq Scan on sources" not in plan, plan


async def test_finds_its_own_workspaces_rows_only(plans: Plans):
    _, found = await plans.of("SELECT * FROM usher_find_conversations(usher_query($1))", "message")
    _, sources = await plans.of("SELECT * FROM usher_find_sources(usher_query($1))", "title")

    assert (found, sources) == (100, 1_000)


async def test_would_lose_the_index_without_its_function(plans: Plans):
    plan, _ = await plans.of(
        "SELECT id FROM messages WHERE workspace_id = $2 AND state = 'sent' "
        "AND to_tsvector('simple'::regconfig, text) @@ usher_query($1)",
        "c4ca4238",
        plans.workspace,
    )

    assert [line for line in plan.splitlines() if "Index Cond" in line and "@@" in line] == []
    assert "@@" in plan
