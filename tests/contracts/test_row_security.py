"""Row-level security: the second net must hold alone, on every table that belongs to a workspace."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import bindparam, func, literal_column, select

from adapters.postgres.conversations.queries import PostgresConversationQueries
from adapters.postgres.database import APP_ROLE, OPERATOR_ROLE, PoolSize, PostgresDatabase, open_pool
from adapters.postgres.knowledge.queries import PostgresSourceQueries
from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.conversations import ConversationRow
from application.conversations.queries import ConversationFilter, ConversationOrder
from application.knowledge.queries import SourceFilter
from domain.conversations.conversation import ConversationNotFound
from domain.knowledge.source import SourceNotFound
from tests.support.talking import Talk, on_postgres

_C = table_of(ConversationRow).c

TENANT_TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       array(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
       pg_get_userbyid(c.relowner) AS owner
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
ORDER BY 1
"""

ROLES = "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname LIKE 'usher\\_%'"

# Whoever may use a policy that shows all rows; functions of these roles must confine themselves.
SEES_EVERYTHING = """
SELECT DISTINCT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
WHERE pg_get_expr(p.polqual, p.polrelid) = 'true'
"""


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def talk(database_url: str) -> AsyncIterator[Talk]:
    async with on_postgres(database_url) as talk:
        yield talk


class TestEveryTenantTable:
    async def test_forces_its_policies(self, owner):
        tables = await owner.fetch(TENANT_TABLES)

        assert len(tables) > 10
        assert [t["name"] for t in tables if not (t["enabled"] and t["forced"])] == []
        assert [t["name"] for t in tables if not {"tenant", "operator"} <= set(t["policies"])] == []

    async def test_belongs_to_neither_role_that_serves(self, owner):
        tables = await owner.fetch(TENANT_TABLES)

        assert {t["owner"] for t in tables}.isdisjoint({APP_ROLE, OPERATOR_ROLE})

    async def test_shows_nothing_without_a_workspace(self, owner, database_url):
        names = [table["name"] for table in await owner.fetch(TENANT_TABLES)]

        pool = await open_pool(database_url)
        try:
            counts = {name: await pool.fetchval(f"SELECT count(*) FROM {name}") for name in names}
        finally:
            await pool.close()

        assert {name: count for name, count in counts.items() if count} == {}

    async def test_shows_nothing_of_another_workspace_with_the_where_removed(self, owner, talk: Talk):
        conversation = await talk.begin(first="Hello")
        await talk.know("Golf")
        stranger = talk.somebody()
        names = [table["name"] for table in await owner.fetch(TENANT_TABLES)]

        async with talk.raw.begin(stranger.tenant) as tx:
            seen = {name: await tx.connection.fetchval(f"SELECT count(*) FROM {name}") for name in names}
            changed = await tx.connection.execute(
                "UPDATE conversations SET subject = 'mine' WHERE id = $1", conversation.id
            )
            deleted = await tx.connection.execute("DELETE FROM messages")

        assert {name: count for name, count in seen.items() if count} == {}
        assert (changed, deleted) == ("UPDATE 0", "DELETE 0")

    async def test_takes_no_row_for_another_workspace(self, talk: Talk):
        conversation = await talk.begin()
        stranger = talk.somebody()

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with talk.raw.begin(stranger.tenant) as tx:
                await tx.connection.execute(
                    "INSERT INTO conversation_counters (workspace_id, last_number) VALUES ($1, 1)",
                    talk.actor.tenant,
                )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with talk.raw.begin(talk.actor.tenant) as tx:
                await tx.connection.execute(
                    "UPDATE conversations SET workspace_id = $1 WHERE id = $2", stranger.tenant, conversation.id
                )


class TestRoles:
    async def test_cannot_log_in_or_bypass(self, owner):
        roles = await owner.fetch(ROLES)

        assert {APP_ROLE, OPERATOR_ROLE, "usher_search"} <= {role["rolname"] for role in roles}
        assert [r["rolname"] for r in roles if r["rolsuper"] or r["rolbypassrls"] or r["rolcanlogin"]] == []

    async def test_of_the_application_sees_no_table_whole(self, owner):
        seers = {row["rolname"] for row in await owner.fetch(SEES_EVERYTHING)}

        assert APP_ROLE not in seers
        assert not await owner.fetchval(
            "SELECT bool_or(pg_has_role('usher_app', role, 'MEMBER')) FROM unnest($1::text[]) AS role", list(seers)
        )

    async def test_versions_of_sources_cannot_be_rewritten(self, talk: Talk):
        await talk.know("Golf")

        for statement in ("UPDATE source_versions SET title = 'x'", "DELETE FROM source_versions"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with talk.raw.begin(talk.actor.tenant) as tx:
                    await tx.connection.execute(statement)


class TestSearchFunctions:
    async def test_are_for_the_application_alone(self, owner):
        functions = await owner.fetch(
            "SELECT p.oid::regprocedure::text AS name, p.proconfig, r.rolname AS owner, "
            "array(SELECT grantee::regrole::text FROM aclexplode(p.proacl)) AS grantees "
            "FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef"
        )

        assert len(functions) >= 5
        for function in functions:
            assert any(setting.startswith("search_path=pg_catalog") for setting in function["proconfig"])
            assert set(function["grantees"]) <= {APP_ROLE, OPERATOR_ROLE, function["owner"]}, function["name"]

    async def test_find_nothing_without_a_workspace(self, talk: Talk, database_url):
        await talk.begin(first="Hello")
        await talk.know("Hello")
        pool = await open_pool(database_url)
        try:
            found = [
                await pool.fetch("SELECT * FROM usher_find_conversations(usher_query('hello'))"),
                await pool.fetch("SELECT * FROM usher_find_similar_conversations(ARRAY['hello'])"),
                await pool.fetch("SELECT * FROM usher_find_sources(usher_query('hello'))"),
                await pool.fetch("SELECT * FROM usher_find_similar_sources(ARRAY['hello'])"),
                await pool.fetch("SELECT * FROM usher_find_facts('hello', 10)"),
            ]
            count = await pool.fetchval("SELECT usher_count_conversations(usher_query('hello'), 10)")
        finally:
            await pool.close()

        assert found == [[]] * 5
        assert count == 0


class TestSingleReads:
    """One statement sets the workspace and reads; see docs/decisions/0030."""

    READS = (
        Statement(select(_C.id).where(_C.id == bindparam("id"))),
        Statement(select(_C.id).order_by(_C.created_at.desc(), _C.id.desc()).limit(literal_column("1"))),
        Statement(select(func.count()).select_from(_C.id.table)),
        Statement(select(_C.status, func.count()).group_by(_C.status)),
    )

    @pytest.mark.parametrize("number", range(len(READS)))
    async def test_set_the_workspace_before_anything_else(self, talk: Talk, number: int):
        conversation = await talk.begin()
        read, values = self.READS[number], {"id": conversation.id}

        async with talk.raw.begin(talk.actor.tenant) as tx:
            arguments = [*read.arguments(values), str(talk.actor.tenant)]
            plan = "\n".join(row[0] for row in await tx.connection.fetch(f"EXPLAIN {read.confined}", *arguments))

        # The first thing below the loop is the setting; the read is its inner side and runs once for each outer row.
        outer, inner = plan.partition("->")[2].split("->", 1)
        assert plan.startswith("Nested Loop"), plan
        assert "Result" in outer + inner.split("->")[0], plan
        assert "conversations" not in outer, plan
        assert "Limit" in inner, plan

    async def test_leave_no_workspace_behind(self, talk: Talk, database_url):
        conversation = await talk.begin()
        pool = await open_pool(database_url, size=PoolSize(smallest=1, largest=1))
        try:
            connection: Any = await pool.acquire()
            rows = await self.READS[0].confined_rows(connection, talk.actor.tenant, id=conversation.id)
            setting = await connection.fetchval("SELECT current_setting('usher.workspace', true)")
            left = await connection.fetch("SELECT id FROM conversations")
            await pool.release(connection)
        finally:
            await pool.close()

        assert [row["id"] for row in rows] == [conversation.id]
        assert not setting
        assert left == []

    async def test_show_nothing_of_another_workspace_with_the_where_removed(self, talk: Talk):
        conversation = await talk.begin()
        everything = Statement(select(_C.id))

        database: Any = talk.raw
        own = await database.rows(talk.actor.tenant, everything)
        foreign = await database.rows(talk.somebody().tenant, everything)

        assert [row["id"] for row in own] == [conversation.id]
        assert foreign == []


class TestTheFirstNet:
    """The tenant's WHERE must hold alone, too: asked by a superuser, whom no policy confines."""

    async def test_hides_other_tenants_where_no_policy_does(self, talk: Talk, database_url):
        foreign = await talk.begin(first="A golf", subject="golf")
        source = await talk.know("Golf", kind="policy")
        await talk.know("Golf", kind="inventory")
        stranger = talk.somebody()
        pool = await open_pool(database_url, role="postgres")
        try:
            database = PostgresDatabase(pool, talk.clock, talk.ids)
            assert await pool.fetchval("SELECT count(*) FROM conversations") > 0
            conversations = PostgresConversationQueries(database)
            sources = PostgresSourceQueries(database)
            for few in (0, 5_000):
                searching = PostgresConversationQueries(database, few=few)
                for q in ("golf", "gollf"):
                    page = await searching.page(stranger.tenant, ConversationFilter(q=q), ConversationOrder.NEWEST)
                    assert page.items == []
            for statuses in ((), ("open",), ("open", "closed")):
                wanted = ConversationFilter(statuses=statuses)
                assert (await conversations.page(stranger.tenant, wanted, ConversationOrder.OLDEST)).items == []
            for kinds in ((), ("policy",), ("policy", "inventory")):
                assert (await sources.page(stranger.tenant, SourceFilter(kinds=kinds))).items == []
                assert (await sources.page(stranger.tenant, SourceFilter(kinds=kinds, q="golf"))).items == []
            with pytest.raises(ConversationNotFound):
                await conversations.one(stranger.tenant, foreign.id)
            with pytest.raises(ConversationNotFound):
                await conversations.messages(stranger.tenant, foreign.id)
            with pytest.raises(SourceNotFound):
                await sources.one(stranger.tenant, source.id)
            with pytest.raises(SourceNotFound):
                await sources.versions(stranger.tenant, source.id)
            async with database.begin(stranger.tenant) as tx:
                assert await tx.sources.facts_for(foreign.id, "golf", 10) == []
                assert await tx.messages.latest(foreign.id, 1, 10) == []
                assert await tx.messages.by_client_id(foreign.id, "c") is None
                assert not await tx.source_threads.exists(foreign.id)
                with pytest.raises(ConversationNotFound):
                    await tx.conversations.get(foreign.id)
        finally:
            await pool.close()
