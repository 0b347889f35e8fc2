"""What PostgreSQL itself refuses, and what happens when many do the same at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from adapters.postgres.database import APP_ROLE, PostgresDatabase, open_pool
from adapters.postgres.identity import PostgresAccessFacts, PostgresIdentityQueries
from adapters.system import TimeOrderedIds
from application.identity.change_member import ChangeMember
from application.identity.remove_member import RemoveMember
from domain.identity.roles import Role
from domain.identity.workspaces import LastOwner
from domain.shared.errors import TokenRevoked
from domain.shared.ids import PLATFORM
from tests.support.people import PASSWORD, Desk, TurnableClock, who

LOOK_UP_ROLE = "usher_lookup"


@pytest.fixture(scope="module")
async def desk(database_url: str) -> AsyncIterator[Desk]:
    clock = TurnableClock()
    pool = await open_pool(database_url)
    database = PostgresDatabase(pool, clock, TimeOrderedIds())
    yield Desk(
        transactions=database,
        facts=PostgresAccessFacts(database),
        queries=PostgresIdentityQueries(database),
        clock=clock,
    )
    await pool.close()


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The owner of the tables, who can become anybody."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def as_app(connection, workspace=None, user=None) -> None:
    await connection.execute(f"RESET ROLE; SET ROLE {APP_ROLE}")
    await connection.execute("SELECT set_config('usher.workspace', $1, false)", str(workspace or ""))
    await connection.execute("SELECT set_config('usher.user', $1, false)", str(user or ""))


class TestWalls:
    async def test_shows_nothing_without_a_workspace(self, desk, owner):
        await desk.a_workspace()
        await as_app(owner)

        for table in ("users", "passwords", "sessions", "workspaces", "memberships", "api_keys"):
            assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0, table

    async def test_shows_a_workspace_its_own_rows_only(self, desk, owner):
        mine, theirs = await desk.a_workspace(), await desk.a_workspace()
        for actor in (mine, theirs):
            await desk.create_key(actor=actor, name="Till", scopes=["jobs:read"])
        await as_app(owner, mine.tenant)

        assert await owner.fetch("SELECT id FROM workspaces") == [(mine.tenant,)]
        assert await owner.fetch("SELECT user_id FROM memberships") == [(mine.user_id,)]
        assert await owner.fetch("SELECT workspace_id FROM api_keys") == [(mine.tenant,)]
        assert await owner.fetch("SELECT id FROM users") == [(mine.user_id,)]
        assert await owner.fetchval("SELECT count(*) FROM passwords") == 0
        assert await owner.fetchval("SELECT count(*) FROM sessions") == 0

    async def test_shows_people_their_own_places_for_reading_only(self, desk, owner):
        ada = await desk.a_user()
        mine, _ = await desk.a_workspace(ada), await desk.a_workspace()
        await as_app(owner, PLATFORM, ada.id)

        assert await owner.fetch("SELECT workspace_id FROM memberships") == [(mine.tenant,)]
        assert await owner.fetch("SELECT id FROM workspaces") == [(mine.tenant,)]
        assert await owner.execute("UPDATE memberships SET role = 'viewer'") == "UPDATE 0"
        assert await owner.execute("DELETE FROM memberships") == "DELETE 0"

    async def test_takes_no_row_for_another_workspace(self, desk, owner):
        mine, theirs = await desk.a_workspace(), await desk.a_workspace()
        await as_app(owner, mine.tenant)

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute(
                "INSERT INTO memberships (id, version, workspace_id, user_id, role, created_at) "
                "VALUES ($1, 1, $2, $3, 'owner', now())",
                desk.ids.new(),
                theirs.tenant,
                mine.user_id,
            )

    async def test_lets_nobody_delete_accounts_or_keys(self, owner):
        await as_app(owner, PLATFORM)

        for table in ("users", "passwords", "sessions", "workspaces", "api_keys"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.execute(f"DELETE FROM {table}")

    async def test_gives_the_look_up_no_hash_and_no_login(self, owner):
        await owner.execute(f"SET ROLE {LOOK_UP_ROLE}")

        for query in (
            "SELECT hash FROM passwords",
            "SELECT email FROM users",
            "SELECT digest FROM sessions",
            "UPDATE users SET is_admin = true",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.execute(query)
        await owner.execute("RESET ROLE")
        can_log_in, bypasses = await owner.fetchrow(
            "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = $1", LOOK_UP_ROLE
        )
        assert (can_log_in, bypasses) == (False, False)

    async def test_lets_only_the_app_look_up(self, owner):
        for function in ("usher_session_access(uuid)", "usher_api_key_access(uuid)", "usher_account(text)"):
            allowed = await owner.fetch(
                "SELECT rolname FROM pg_roles WHERE has_function_privilege(oid, $1, 'EXECUTE') "
                "AND rolname LIKE 'usher%' AND NOT rolsuper ORDER BY rolname",
                function,
            )
            definer, config = await owner.fetchrow(
                "SELECT prosecdef, proconfig FROM pg_proc WHERE oid = $1::regprocedure", function
            )
            assert [name for (name,) in allowed if name != "usher"] == [APP_ROLE, LOOK_UP_ROLE]
            assert (definer, config) == (True, ["search_path=pg_catalog, pg_temp"])

    async def test_keeps_the_operator_out_of_accounts(self, owner):
        await owner.execute("SET ROLE usher_operator")

        for table in ("users", "passwords", "sessions"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.execute(f"SELECT * FROM {table}")

    async def test_stores_no_secret_that_can_be_used(self, desk, owner):
        user = await desk.a_user()
        actor = await desk.a_workspace(user)
        grant = await desk.log_in(email=user.email, password=PASSWORD)
        _, key = await desk.create_key(actor=actor, name="Till", scopes=["jobs:read"])
        token = desk.chains.read(grant.refresh_token)
        await owner.execute("RESET ROLE")

        dump = [str(row) for table in ("sessions", "api_keys") for row in await owner.fetch(f"SELECT * FROM {table}")]

        everything = "\n".join(dump)
        assert all(secret not in everything for secret in (key.text, key.text[-49:], repr(token.secret)[2:-1]))


class TestRaces:
    async def test_gives_twenty_refreshes_one_successor_and_locks_nobody_out(self, desk):
        user = await desk.a_user()
        grant = await desk.log_in(email=user.email, password=PASSWORD)

        found = await asyncio.gather(*[desk.refresh(refresh_token=grant.refresh_token) for _ in range(20)])

        (successor,) = {each.refresh_token for each in found}
        assert await desk.refresh(refresh_token=successor)

    async def test_kills_the_family_once_when_a_grandparent_comes_many_times(self, desk):
        user = await desk.a_user()
        first = await desk.log_in(email=user.email, password=PASSWORD)
        second = await desk.refresh(refresh_token=first.refresh_token)
        third = await desk.refresh(refresh_token=second.refresh_token)

        found = await asyncio.gather(
            *[desk.refresh(refresh_token=first.refresh_token) for _ in range(8)], return_exceptions=True
        )

        assert {type(each) for each in found} == {TokenRevoked}
        with pytest.raises(TokenRevoked):
            await desk.refresh(refresh_token=third.refresh_token)
        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(third.access_token, PLATFORM)

    @pytest.mark.parametrize("how", ["leave", "step down"])
    async def test_keeps_an_owner_when_two_go_at_once(self, desk, how):
        first = await desk.a_workspace()
        second = await desk.a_member(first.tenant, Role.OWNER)
        remove, change = RemoveMember(desk.transactions, desk.recent), ChangeMember(desk.transactions, desk.recent)

        async def go(actor) -> None:
            there: dict[str, Any] = {"actor": actor, "workspace_id": actor.tenant, "user_id": who(actor)}
            await (remove(**there) if how == "leave" else change(**there, role=Role.VIEWER))

        found = await asyncio.gather(go(first), go(second), return_exceptions=True)

        assert sorted(type(each).__name__ for each in found) == sorted([LastOwner.__name__, "NoneType"])
        async with desk.transactions.begin(first.tenant) as tx:
            assert await tx.memberships.owners() == 1

    async def test_registers_an_address_once_when_many_try(self, desk):
        email = desk.email("race")

        await asyncio.gather(
            *[desk.register(email=email, password=PASSWORD, display_name=f"Ada {n}") for n in range(8)]
        )

        assert await desk.log_in(email=email, password=PASSWORD)
