"""Who is behind a token, and what is remembered about it."""

from datetime import timedelta

import pytest

from application.identity.authenticate import Authenticate
from application.identity.recent import Fleeting
from domain.identity.roles import PERMISSIONS, Role
from domain.identity.users import AccountSuspended
from domain.identity.workspaces import WorkspaceNotFound
from domain.shared.errors import Forbidden, Invalid, InvalidCredentials, TokenExpired, TokenRevoked
from domain.shared.ids import PLATFORM, WorkspaceId
from tests.support.people import NOON, PASSWORD, CountedFacts, a_desk, who


async def signed_in(desk, user=None):
    user = user or await desk.a_user()
    return (await desk.log_in(email=user.email, password=PASSWORD)).access_token


class TestPeople:
    async def test_acts_in_the_only_workspace(self):
        desk = a_desk()
        ada = await desk.a_user()
        owner = await desk.a_workspace(ada)

        actor = await desk.authenticate.authenticate(await signed_in(desk, ada), None)

        assert (actor.user_id, actor.tenant, actor.role) == (ada.id, owner.tenant, "owner")
        assert actor.permissions == PERMISSIONS[Role.OWNER]
        assert actor.session_id is not None

    async def test_acts_in_the_chosen_workspace(self):
        desk = a_desk()
        ada = await desk.a_user()
        await desk.a_workspace(ada)
        other = await desk.a_workspace()
        await desk.a_member(other.tenant, Role.VIEWER, ada)

        actor = await desk.authenticate.authenticate(await signed_in(desk, ada), other.tenant)

        assert (actor.tenant, actor.role) == (other.tenant, "viewer")

    @pytest.mark.parametrize("count", [0, 2])
    async def test_must_choose_where_the_choice_is_not_clear(self, count):
        desk = a_desk()
        ada = await desk.a_user()
        for _ in range(count):
            await desk.a_workspace(ada)

        with pytest.raises(Invalid) as caught:
            await desk.authenticate.authenticate(await signed_in(desk, ada), None)

        assert [problem.parameter for problem in caught.value.problems] == ["Usher-Workspace"]

    async def test_finds_no_workspace_of_others(self):
        desk = a_desk()
        theirs = await desk.a_workspace()
        token = await signed_in(desk)

        with pytest.raises(WorkspaceNotFound):
            await desk.authenticate.authenticate(token, theirs.tenant)
        with pytest.raises(WorkspaceNotFound):
            await desk.authenticate.authenticate(token, WorkspaceId(desk.ids.new()))

    @pytest.mark.parametrize(("is_admin", "role"), [(False, "user"), (True, "admin")])
    async def test_acts_for_itself_without_a_workspace(self, is_admin, role):
        desk = a_desk()
        ada = await desk.a_user(is_admin=is_admin)

        actor = await desk.authenticate.authenticate(await signed_in(desk, ada), PLATFORM)

        assert (actor.tenant, actor.role, actor.may("platform:manage")) == (PLATFORM, role, is_admin)

    async def test_is_refused_when_suspended(self):
        desk = a_desk()
        ada = await desk.a_user()
        token = await signed_in(desk, ada)
        await desk.suspend(ada.id)

        with pytest.raises(AccountSuspended):
            await desk.authenticate.authenticate(token, PLATFORM)

    async def test_is_refused_with_a_token_of_a_session_that_is_not_there(self):
        desk, elsewhere = a_desk(), a_desk()

        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(await signed_in(elsewhere), PLATFORM)


class TestMachines:
    async def test_acts_in_its_workspace_with_its_scopes(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        made, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read", "sources:write"])

        for workspace in (None, owner.tenant):
            actor = await desk.authenticate.authenticate(key.text, workspace)
            assert (actor.tenant, actor.role, actor.user_id) == (owner.tenant, "machine", None)
            assert (actor.api_key_id, actor.permissions) == (made.id, {"jobs:read", "sources:write"})

    async def test_never_has_more_than_its_creator_has_today(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        _, key = await desk.create_key(actor=admin, name="Till", scopes=["jobs:read", "jobs:manage"])
        async with desk.transactions.begin(owner.tenant) as tx:
            member = await tx.memberships.of_user(who(admin))
            member.become(Role.VIEWER, owners=1)
            await tx.memberships.save(member)

        assert (await desk.authenticate.authenticate(key.text, None)).permissions == {"jobs:read"}

    async def test_stops_with_its_creator(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        _, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        await desk.suspend(who(owner))

        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(key.text, None)

    async def test_stops_when_its_time_is_over(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        _, key = await desk.create_key(
            actor=owner, name="Till", scopes=["jobs:read"], expires_at=NOON + timedelta(seconds=1)
        )

        assert await desk.authenticate.authenticate(key.text, None)
        desk.clock.turn(seconds=1)
        with pytest.raises(TokenExpired):
            await desk.authenticate.authenticate(key.text, None)

    async def test_has_no_account_and_no_other_workspace(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        _, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])

        with pytest.raises(Forbidden):
            await desk.authenticate.authenticate(key.text, PLATFORM)
        with pytest.raises(WorkspaceNotFound):
            await desk.authenticate.authenticate(key.text, other.tenant)

    async def test_is_refused_with_the_id_of_one_key_and_the_secret_of_another(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        made, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        forged = type(key).make(made.id, b"\x01" * 32)

        with pytest.raises(InvalidCredentials):
            await desk.authenticate.authenticate(forged.text, None)
        assert await desk.authenticate.authenticate(key.text, None)
        with pytest.raises(InvalidCredentials):
            await desk.authenticate.authenticate(forged.text, None)

    async def test_is_refused_without_a_query_when_it_is_mistyped(self):
        desk = a_desk()
        facts = CountedFacts(desk.facts)
        authenticate = Authenticate(desk.tokens, facts, desk.clock)
        owner = await desk.a_workspace()
        _, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])

        with pytest.raises(InvalidCredentials):
            await authenticate.authenticate(key.text[:-1] + ("0" if key.text[-1] != "0" else "1"), None)

        assert facts.count == 0

    async def test_is_refused_when_nobody_made_it(self):
        desk, elsewhere = a_desk(), a_desk()
        owner = await elsewhere.a_workspace()
        _, key = await elsewhere.create_key(actor=owner, name="Till", scopes=["jobs:read"])

        with pytest.raises(InvalidCredentials):
            await desk.authenticate.authenticate(key.text, None)


class TestMemory:
    async def test_looks_once_a_second(self):
        desk = a_desk()
        ada = await desk.a_user()
        await desk.a_workspace(ada)
        token = await signed_in(desk, ada)
        facts = CountedFacts(desk.facts)
        authenticate = Authenticate(desk.tokens, facts, desk.clock)

        for _ in range(9):
            await authenticate.authenticate(token, None)
            desk.clock.turn(seconds=0.09)
        assert facts.count == 1
        desk.clock.turn(seconds=0.1)
        await authenticate.authenticate(token, None)

        assert facts.count == 2

    async def test_learns_of_a_logout_elsewhere_within_a_second(self):
        desk = a_desk()
        token = await signed_in(desk)
        elsewhere = Authenticate(desk.tokens, desk.facts, desk.clock)
        actor = await elsewhere.authenticate(token, PLATFORM)

        await desk.log_out(actor=actor)

        desk.clock.turn(seconds=0.999)
        with pytest.raises(TokenRevoked):
            await elsewhere.authenticate(token, PLATFORM)

    async def test_believes_no_token_beyond_its_end(self):
        desk = a_desk()
        token = await signed_in(desk)
        desk.clock.turn(minutes=14, seconds=59.9)
        assert await desk.authenticate.authenticate(token, PLATFORM)

        desk.clock.turn(seconds=0.1)

        with pytest.raises(TokenExpired):
            await desk.authenticate.authenticate(token, PLATFORM)

    async def test_learns_of_a_new_role_at_once_in_this_process(self):
        desk = a_desk()
        ada = await desk.a_user()
        token = await signed_in(desk, ada)
        with pytest.raises(Invalid):
            await desk.authenticate.authenticate(token, None)

        await desk.a_workspace(ada)

        assert (await desk.authenticate.authenticate(token, None)).role == "owner"


class TestFleeting:
    def test_forgets_in_time_and_when_the_clock_goes_back(self):
        kept: Fleeting[str, int] = Fleeting()
        kept.put("a", 1, NOON, NOON + timedelta(seconds=1))

        assert kept.get("a", NOON) == 1
        assert kept.get("a", NOON + timedelta(seconds=1)) is None
        assert kept.get("a", NOON - timedelta(hours=1)) is None

    def test_never_grows_beyond_its_size(self):
        kept: Fleeting[int, int] = Fleeting(largest=20)
        for number in range(100):
            kept.put(number, number, NOON, NOON + timedelta(seconds=1))

        assert len(kept) <= 20
        assert kept.get(99, NOON) == 99
