"""Promises of the identity context's reads, kept by memory and by PostgreSQL alike."""

from datetime import timedelta
from uuid import uuid4

from application.identity.access import KeyAccess, SessionAccess
from domain.identity.roles import Role
from domain.identity.sessions import Session, SessionEnd
from domain.shared.ids import PLATFORM, ApiKeyId, SessionId, UserId
from tests.contracts.test_identity_transactions import a_session, desk
from tests.support.people import NOON, Desk, who

__all__ = ["desk"]


class TestReads:
    async def test_shows_an_account(self, desk: Desk):
        user = await desk.a_user(is_admin=True)

        found = await desk.queries.account(user.id)

        assert found is not None
        assert (found.id, found.email, found.display_name, found.is_admin, found.created_at, found.version) == (
            user.id,
            user.email,
            "ada",
            True,
            NOON,
            1,
        )
        assert await desk.queries.account(UserId(uuid4())) is None

    async def test_lists_the_workspaces_of_a_person_in_any_tenant(self, desk: Desk):
        ada = await desk.a_user()
        first = await desk.a_workspace(ada, "First")
        other = await desk.a_workspace(name="Other")
        await desk.a_member(other.tenant, Role.VIEWER, ada)
        await desk.a_workspace(name="Foreign")

        page = await desk.queries.workspaces(ada.id)

        assert [(line.id, line.name, line.role) for line in page.items] == [
            (first.tenant, "First", "owner"),
            (other.tenant, "Other", "viewer"),
        ]
        assert page.after is None

    async def test_pages_through_workspaces(self, desk: Desk):
        ada = await desk.a_user()
        made = [(await desk.a_workspace(ada)).tenant for _ in range(3)]

        first = await desk.queries.workspaces(ada.id, limit=2)
        rest = await desk.queries.workspaces(ada.id, after=first.after, limit=2)

        assert [line.id for line in [*first.items, *rest.items]] == made
        assert rest.after is None

    async def test_lists_members_of_one_workspace(self, desk: Desk):
        owner = await desk.a_workspace()
        bob = await desk.a_member(owner.tenant, Role.STAFF)
        await desk.a_workspace()

        page = await desk.queries.members(owner.tenant)
        last = await desk.queries.members(owner.tenant, after=(str(page.items[0].id),))

        assert [(line.user_id, line.role) for line in page.items] == [
            (owner.user_id, "owner"),
            (bob.user_id, "staff"),
        ]
        assert [line.display_name for line in last.items] == ["staff"]

    async def test_shows_one_member(self, desk: Desk):
        owner = await desk.a_workspace()
        stranger = await desk.a_user("eve")

        found = await desk.queries.member(owner.tenant, who(owner))

        assert found is not None
        assert found.role == "owner"
        assert await desk.queries.member(owner.tenant, stranger.id) is None

    async def test_lists_keys_without_their_secrets(self, desk: Desk):
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        await desk.create_key(actor=other, name="Theirs", scopes=["jobs:read"])
        made, text = await desk.create_key(actor=owner, name="Till", scopes=["sources:read", "jobs:read"])

        (line,) = (await desk.queries.api_keys(owner.tenant)).items

        assert (line.id, line.name, line.hint, line.scopes) == (
            made.id,
            "Till",
            made.hint,
            ["jobs:read", "sources:read"],
        )
        assert text.text not in repr(line)
        assert await desk.queries.api_key(owner.tenant, made.id) == line
        assert await desk.queries.api_key(other.tenant, made.id) is None


class TestAccessFacts:
    async def test_tells_everything_about_a_session(self, desk: Desk):
        ada = await desk.a_user()
        owner = await desk.a_workspace(ada)
        other = await desk.a_workspace()
        await desk.a_member(other.tenant, Role.VIEWER, ada)
        session, _ = await a_session(desk, ada)

        facts = await desk.facts.of_session(session.id)

        assert facts == SessionAccess(
            user_id=ada.id,
            is_admin=False,
            is_suspended=False,
            ended_at=None,
            expires_at=NOON + timedelta(days=30),
            roles={owner.tenant: "owner", other.tenant: "viewer"},
        )

    async def test_tells_of_an_end_and_of_a_suspension(self, desk: Desk):
        ada = await desk.a_user(is_admin=True)
        session, _ = await a_session(desk, ada)
        async with desk.transactions.begin(PLATFORM) as tx:
            await tx.sessions.end(session.id, SessionEnd.LOGOUT, now=NOON)
        await desk.suspend(ada.id)

        facts = await desk.facts.of_session(session.id)

        assert facts is not None
        assert (facts.ended_at, facts.is_suspended, facts.is_admin, facts.roles) == (NOON, True, True, {})

    async def test_tells_everything_about_a_key(self, desk: Desk):
        owner = await desk.a_workspace()
        made, text = await desk.create_key(actor=owner, name="Till", scopes=["sources:read", "jobs:read"])

        facts = await desk.facts.of_api_key(made.id)

        assert facts == KeyAccess(
            user_id=who(owner),
            workspace_id=owner.tenant,
            digest=text.digest,
            scopes=("jobs:read", "sources:read"),
            expires_at=None,
            revoked_at=None,
            is_suspended=False,
            role="owner",
        )

    async def test_tells_when_the_creator_has_left(self, desk: Desk):
        owner = await desk.a_workspace()
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        made, _ = await desk.create_key(actor=admin, name="Till", scopes=["jobs:read"])
        async with desk.transactions.begin(owner.tenant) as tx:
            await tx.memberships.remove(await tx.memberships.of_user(who(admin)))

        facts = await desk.facts.of_api_key(made.id)

        assert facts is not None
        assert facts.role is None

    async def test_knows_nothing_of_strange_ids(self, desk: Desk):
        assert await desk.facts.of_session(SessionId(uuid4())) is None
        assert await desk.facts.of_api_key(ApiKeyId(uuid4())) is None


def test_a_session_lives_until_its_end_or_its_thirtieth_day():
    session = Session.open(id=SessionId(uuid4()), user_id=UserId(uuid4()), now=NOON)

    assert session.is_alive(NOON + timedelta(days=30, microseconds=-1))
    assert not session.is_alive(NOON + timedelta(days=30))
