"""Promises of the identity context's ports, kept by memory and by PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.memory.database import MemoryDatabase
from adapters.memory.identity import MemoryAccessFacts, MemoryIdentityQueries
from adapters.postgres.database import PostgresDatabase, open_pool
from adapters.postgres.identity import PostgresAccessFacts, PostgresIdentityQueries
from adapters.system import TimeOrderedIds
from application.identity.actors import as_person
from domain.identity.api_keys import ApiKeyNotFound
from domain.identity.roles import Role
from domain.identity.sessions import GRACE, RefreshToken, Session, SessionEnd
from domain.identity.users import User, UserNotFound
from domain.identity.workspaces import AlreadyMember, MemberNotFound, WorkspaceNotFound
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import PLATFORM, SessionId, UserId, WorkspaceId
from tests.support.people import NOON, Desk, TurnableClock, who


@pytest.fixture(scope="module", params=["memory", "postgres"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    clock, ids = TurnableClock(), TimeOrderedIds()
    if request.param == "memory":
        memory = MemoryDatabase(clock, ids)
        yield Desk(
            transactions=memory,
            facts=MemoryAccessFacts(memory),
            queries=MemoryIdentityQueries(memory),
            clock=clock,
        )
        return
    pool = await open_pool(request.getfixturevalue("database_url"))
    database = PostgresDatabase(pool, clock, ids)
    yield Desk(
        transactions=database,
        facts=PostgresAccessFacts(database),
        queries=PostgresIdentityQueries(database),
        clock=clock,
    )
    await pool.close()


def a_new_user(desk: Desk, email: str | None = None) -> User:
    return User.register(id=UserId(desk.ids.new()), email=email or desk.email("ada"), display_name="Ada", now=NOON)


async def a_session(desk: Desk, user: User | None = None) -> tuple[Session, RefreshToken]:
    user = user or await desk.a_user()
    session = Session.open(id=SessionId(desk.ids.new()), user_id=user.id, now=NOON)
    token = desk.chains.first(session.id)
    async with desk.transactions.begin(PLATFORM) as tx:
        assert await tx.sessions.open(session, token)
    return session, token


async def rotate(desk: Desk, token: RefreshToken, *, after: timedelta = timedelta(0)) -> Session | None:
    async with desk.transactions.begin(PLATFORM) as tx:
        return await tx.sessions.rotate(token, desk.chains.successor(token), now=NOON + after)


class TestUsers:
    async def test_gives_an_account_back_as_it_was(self, desk):
        user = a_new_user(desk, email=desk.email("Ünlaut.İ"))

        async with desk.transactions.begin(PLATFORM) as tx:
            await tx.users.register(user, "hash")

        async with desk.transactions.begin(PLATFORM) as tx:
            found = await tx.users.get(user.id)
        assert (found.email, found.display_name, found.created_at) == (user.email, "Ada", NOON)
        assert (found.is_admin, found.suspended_at, found.version) == (False, None, 1)

    async def test_finds_an_address_however_it_is_written(self, desk):
        user = a_new_user(desk, email=desk.email("Straße"))
        async with desk.transactions.begin(PLATFORM) as tx:
            await tx.users.register(user, "the hash")

        async with desk.transactions.begin(PLATFORM) as tx:
            found = await tx.users.by_email(user.email.replace("ß", "SS").upper())

        assert found is not None
        assert (found[0].id, found[1]) == (user.id, "the hash")

    async def test_knows_no_strange_address(self, desk):
        async with desk.transactions.begin(PLATFORM) as tx:
            assert await tx.users.by_email(desk.email("nobody")) is None

    async def test_leaves_an_earlier_account_alone(self, desk):
        first, second = a_new_user(desk), a_new_user(desk)
        second.email = first.email.upper()
        async with desk.transactions.begin(PLATFORM) as tx:
            await tx.users.register(first, "first")

        async with desk.transactions.begin(PLATFORM) as tx:
            owner = await tx.users.register(second, "second")

        assert owner == first.id
        async with desk.transactions.begin(PLATFORM) as tx:
            assert (await tx.users.by_email(first.email))[1] == "first"

    async def test_gives_an_address_to_one_of_many(self, desk):
        email = desk.email("race")

        async def register() -> UserId:
            async with desk.transactions.begin(PLATFORM) as tx:
                return await tx.users.register(a_new_user(desk, email), "hash")

        owners = await asyncio.gather(*[register() for _ in range(8)])

        assert len(set(owners)) == 1

    async def test_refuses_a_change_to_an_old_version(self, desk):
        user = await desk.a_user()
        async with desk.transactions.begin(PLATFORM) as tx:
            stale = await tx.users.get(user.id)
        async with desk.transactions.begin(PLATFORM) as tx:
            fresh = await tx.users.get(user.id)
            fresh.rename("Ada L.")
            await tx.users.save(fresh)

        with pytest.raises(PreconditionFailed):
            async with desk.transactions.begin(PLATFORM) as tx:
                await tx.users.save(stale)

    async def test_shows_accounts_to_the_platform_only(self, desk):
        owner = await desk.a_workspace()

        with pytest.raises(UserNotFound):
            async with desk.transactions.begin(owner.tenant) as tx:
                await tx.users.get(owner.user_id)

    async def test_shows_no_hash_inside_a_workspace(self, desk):
        user = await desk.a_user()
        owner = await desk.a_workspace(user)

        async with desk.transactions.begin(owner.tenant) as tx:
            assert await tx.users.by_email(user.email) is None

    async def test_changes_a_hash_that_is_still_the_one(self, desk):
        user = a_new_user(desk)
        async with desk.transactions.begin(PLATFORM) as tx:
            await tx.users.register(user, "one")

        async with desk.transactions.begin(PLATFORM) as tx:
            assert await tx.users.change_hash(user.id, "two", replacing="one")
            assert not await tx.users.change_hash(user.id, "three", replacing="one")

        async with desk.transactions.begin(PLATFORM) as tx:
            assert (await tx.users.by_email(user.email))[1] == "two"


class TestSessions:
    async def test_moves_to_the_successor(self, desk):
        session, token = await a_session(desk)

        assert await rotate(desk, token) == session
        assert await rotate(desk, desk.chains.successor(token)) == session

    async def test_repeats_the_last_step_within_the_grace(self, desk):
        _, token = await a_session(desk)
        await rotate(desk, token)

        assert await rotate(desk, token, after=GRACE - timedelta(milliseconds=1))

    async def test_repeats_no_step_after_the_grace(self, desk):
        _, token = await a_session(desk)
        await rotate(desk, token)

        assert await rotate(desk, token, after=GRACE) is None

    async def test_does_not_lengthen_the_grace_by_repeating(self, desk):
        _, token = await a_session(desk)
        await rotate(desk, token)
        await rotate(desk, token, after=timedelta(seconds=9))

        assert await rotate(desk, token, after=timedelta(seconds=11)) is None

    async def test_refuses_the_grandparent_even_within_the_grace(self, desk):
        _, token = await a_session(desk)
        await rotate(desk, token)
        await rotate(desk, desk.chains.successor(token))

        assert await rotate(desk, token) is None

    async def test_refuses_a_token_of_another_session(self, desk):
        session, _ = await a_session(desk)
        stranger = desk.chains.first(session.id)

        assert await rotate(desk, stranger) is None

    async def test_ends_after_thirty_days(self, desk):
        _, token = await a_session(desk)

        assert await rotate(desk, token, after=timedelta(days=30)) is None

    async def test_refuses_after_its_end(self, desk):
        session, token = await a_session(desk)
        async with desk.transactions.begin(PLATFORM) as tx:
            assert await tx.sessions.end(session.id, SessionEnd.LOGOUT, now=NOON)

        assert await rotate(desk, token) is None
        async with desk.transactions.begin(PLATFORM) as tx:
            assert not await tx.sessions.end(session.id, SessionEnd.LOGOUT, now=NOON)
            assert await tx.sessions.find(session.id) == replace(session, ended_at=NOON)

    async def test_stops_when_the_account_is_suspended(self, desk):
        user = await desk.a_user()
        session, token = await a_session(desk, user)
        await desk.suspend(user.id)

        assert await rotate(desk, token) is None
        async with desk.transactions.begin(PLATFORM) as tx:
            assert not await tx.sessions.open(replace(session, id=SessionId(desk.ids.new())), token)

    async def test_has_one_successor_for_twenty_at_once(self, desk):
        session, token = await a_session(desk)

        found = await asyncio.gather(*[rotate(desk, token) for _ in range(20)])

        assert found == [session] * 20
        assert await rotate(desk, desk.chains.successor(token)) == session

    async def test_knows_no_strange_session(self, desk):
        async with desk.transactions.begin(PLATFORM) as tx:
            assert await tx.sessions.find(SessionId(desk.ids.new())) is None


class TestWorkspaces:
    async def test_is_founded_with_its_owner(self, desk):
        owner = await desk.a_workspace(name="Quay Street")

        async with desk.transactions.begin(owner.tenant) as tx:
            workspace = await tx.workspaces.get(owner.tenant)
            member = await tx.memberships.of_user(who(owner))
        assert (workspace.name, workspace.version, member.role, member.version) == (
            "Quay Street",
            1,
            Role.OWNER,
            1,
        )

    async def test_hides_other_workspaces(self, desk):
        mine, theirs = await desk.a_workspace(), await desk.a_workspace()

        with pytest.raises(WorkspaceNotFound):
            async with desk.transactions.begin(mine.tenant) as tx:
                await tx.workspaces.get(theirs.tenant)

    async def test_leaves_nothing_behind_when_the_founding_fails(self, desk):
        user = await desk.a_user()
        with pytest.raises(RuntimeError):
            async with desk.transactions.begin(PLATFORM) as tx:
                await FailingFound(desk, tx)(user)

        assert (await desk.queries.workspaces(user.id)).items == []

    async def test_keeps_a_change(self, desk):
        owner = await desk.a_workspace()
        async with desk.transactions.begin(owner.tenant) as tx:
            workspace = await tx.workspaces.get(owner.tenant)
            workspace.rename("Elsewhere")
            await tx.workspaces.save(workspace)

        found = await desk.queries.workspace(owner.tenant)
        assert (found.name, found.version) == ("Elsewhere", 2)


class FailingFound:
    """Founds a workspace in an open transaction, and then fails."""

    def __init__(self, desk: Desk, tx) -> None:
        self.desk, self.tx = desk, tx

    async def __call__(self, user: User) -> None:
        joined = replace(self.desk.found, transactions=Open(self.tx))
        await joined(actor=as_person(user.id), name="Nowhere")
        raise RuntimeError


class Open:
    def __init__(self, tx) -> None:
        self.tx = tx

    def begin(self, _: WorkspaceId):
        return self

    async def __aenter__(self):
        return self.tx

    async def __aexit__(self, *_: object) -> None: ...


class TestMemberships:
    async def test_takes_a_person_once(self, desk):
        owner = await desk.a_workspace()
        user = await desk.a_user("bob")
        await desk.a_member(owner.tenant, Role.STAFF, user)

        with pytest.raises(AlreadyMember):
            await desk.a_member(owner.tenant, Role.VIEWER, user)

    async def test_hides_members_of_other_workspaces(self, desk):
        mine, theirs = await desk.a_workspace(), await desk.a_workspace()

        with pytest.raises(MemberNotFound):
            async with desk.transactions.begin(mine.tenant) as tx:
                await tx.memberships.of_user(who(theirs))

    async def test_counts_owners_of_this_workspace_only(self, desk):
        owner = await desk.a_workspace()
        await desk.a_workspace()
        await desk.a_member(owner.tenant, Role.OWNER)
        await desk.a_member(owner.tenant, Role.ADMIN)

        async with desk.transactions.begin(owner.tenant) as tx:
            assert await tx.memberships.owners() == 2

    async def test_forgets_a_removed_member(self, desk):
        owner = await desk.a_workspace()
        bob = await desk.a_member(owner.tenant, Role.STAFF)
        async with desk.transactions.begin(owner.tenant) as tx:
            member = await tx.memberships.of_user(who(bob))
            member.leave(owners=1)
            await tx.memberships.remove(member)

        assert await desk.queries.member(owner.tenant, bob.user_id) is None

    async def test_finds_the_account_of_an_address(self, desk):
        owner, user = await desk.a_workspace(), await desk.a_user("bob")

        async with desk.transactions.begin(owner.tenant) as tx:
            assert await tx.memberships.account(user.email.upper()) == user.id
            assert await tx.memberships.account(desk.email("nobody")) is None

    async def test_does_not_find_a_suspended_account(self, desk):
        owner, user = await desk.a_workspace(), await desk.a_user("bob")
        await desk.suspend(user.id)

        async with desk.transactions.begin(owner.tenant) as tx:
            assert await tx.memberships.account(user.email) is None


class TestApiKeys:
    async def test_gives_a_key_back_as_it_was(self, desk):
        owner = await desk.a_workspace()
        ends = NOON + timedelta(days=1)
        made, text = await desk.create_key(
            actor=owner, name="Till", scopes=["jobs:read", "sources:read"], expires_at=ends
        )

        async with desk.transactions.begin(owner.tenant) as tx:
            found = await tx.api_keys.get(made.id)

        assert (found.digest, found.hint, found.scopes) == (text.digest, text.hint, made.scopes)
        assert (found.name, found.creator_id, found.expires_at, found.revoked_at) == (
            "Till",
            owner.user_id,
            ends,
            None,
        )

    async def test_hides_keys_of_other_workspaces(self, desk):
        mine, theirs = await desk.a_workspace(), await desk.a_workspace()
        made, _ = await desk.create_key(actor=theirs, name="Till", scopes=["jobs:read"])

        with pytest.raises(ApiKeyNotFound):
            async with desk.transactions.begin(mine.tenant) as tx:
                await tx.api_keys.get(made.id)
