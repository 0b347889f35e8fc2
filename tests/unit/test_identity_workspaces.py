"""Workspaces, their members and their keys."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.identity.actors import as_member, as_person
from application.identity.add_member import AddMember
from application.identity.change_member import ChangeMember
from application.identity.queries import (
    ListApiKeys,
    ListMembers,
    ListWorkspaces,
    ShowAccount,
    ShowApiKey,
    ShowMember,
    ShowWorkspace,
)
from application.identity.remove_member import RemoveMember
from application.identity.rename_workspace import RenameWorkspace
from application.identity.revoke_api_key import RevokeApiKey
from domain.identity.api_keys import ApiKeyNotFound
from domain.identity.roles import Role
from domain.identity.users import UserNotFound
from domain.identity.workspaces import AlreadyMember, LastOwner, MemberNotFound, WorkspaceNotFound
from domain.shared.errors import Forbidden, Invalid, PreconditionFailed, TokenRevoked
from domain.shared.ids import UserId
from tests.support.people import NOON, Desk, a_desk, who


def add_member(desk: Desk) -> AddMember:
    return AddMember(desk.transactions, desk.clock, desk.ids, desk.recent)


def change_member(desk: Desk) -> ChangeMember:
    return ChangeMember(desk.transactions, desk.recent)


def remove_member(desk: Desk) -> RemoveMember:
    return RemoveMember(desk.transactions, desk.recent)


async def a_machine(desk: Desk):
    owner = await desk.a_workspace()
    _, key = await desk.create_key(actor=owner, name="Till", scopes=["keys:manage", "members:manage"])
    return await desk.authenticate.authenticate(key.text, None)


class TestFounding:
    async def test_needs_a_name(self):
        desk = a_desk()

        with pytest.raises(Invalid):
            await desk.a_workspace(name=" ")

    async def test_is_for_persons(self):
        desk = a_desk()
        machine = await a_machine(desk)

        with pytest.raises(Forbidden):
            await desk.found(actor=machine, name="Mine")


class TestRenaming:
    async def test_shows_another_name(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        rename = RenameWorkspace(desk.transactions)

        changed = await rename(actor=owner, workspace_id=owner.tenant, name="Dock", seen=1)
        same = await rename(actor=owner, workspace_id=owner.tenant, name=None)

        assert (changed.name, changed.version, same.version) == ("Dock", 2, 2)

    async def test_refuses_others_old_versions_and_blank_names(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        staff = await desk.a_member(owner.tenant, Role.STAFF)
        rename = RenameWorkspace(desk.transactions)

        with pytest.raises(WorkspaceNotFound):
            await rename(actor=other, workspace_id=owner.tenant, name="Mine")
        with pytest.raises(Forbidden):
            await rename(actor=staff, workspace_id=owner.tenant, name="Mine")
        with pytest.raises(PreconditionFailed):
            await rename(actor=owner, workspace_id=owner.tenant, name="Dock", seen=2)
        with pytest.raises(Invalid):
            await rename(actor=owner, workspace_id=owner.tenant, name="")


class TestAdding:
    async def test_lets_an_account_in_as_staff(self):
        desk = a_desk()
        owner, bob = await desk.a_workspace(), await desk.a_user("bob")

        member = await add_member(desk)(actor=owner, workspace_id=owner.tenant, email=bob.email.upper())

        assert (member.user_id, member.role, member.version) == (bob.id, Role.STAFF, 1)

    async def test_answers_alike_for_unknown_and_suspended_addresses(self):
        desk = a_desk()
        owner, bob = await desk.a_workspace(), await desk.a_user("bob")
        await desk.suspend(bob.id)

        for email in (bob.email, "nobody@example.test"):
            with pytest.raises(Invalid) as caught:
                await add_member(desk)(actor=owner, workspace_id=owner.tenant, email=email)
            assert [(each.pointer, each.code) for each in caught.value.problems] == [("/email", "cannot_be_added")]

    async def test_refuses_a_text_that_is_no_address(self):
        desk = a_desk()
        owner = await desk.a_workspace()

        with pytest.raises(Invalid):
            await add_member(desk)(actor=owner, workspace_id=owner.tenant, email="bob")

    async def test_takes_nobody_twice(self):
        desk = a_desk()
        ada = await desk.a_user()
        owner = await desk.a_workspace(ada)

        with pytest.raises(AlreadyMember):
            await add_member(desk)(actor=owner, workspace_id=owner.tenant, email=ada.email)

    async def test_is_not_for_everybody(self):
        desk = a_desk()
        owner, other, bob = await desk.a_workspace(), await desk.a_workspace(), await desk.a_user("bob")
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        staff = await desk.a_member(owner.tenant, Role.STAFF)

        with pytest.raises(WorkspaceNotFound):
            await add_member(desk)(actor=other, workspace_id=owner.tenant, email=bob.email)
        with pytest.raises(Forbidden):
            await add_member(desk)(actor=staff, workspace_id=owner.tenant, email=bob.email)
        with pytest.raises(Forbidden):
            await add_member(desk)(actor=admin, workspace_id=owner.tenant, email=bob.email, role=Role.OWNER)


class TestChanging:
    async def test_gives_another_role(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        bob = await desk.a_member(owner.tenant, Role.STAFF)
        there: dict[str, Any] = {"workspace_id": owner.tenant, "user_id": bob.user_id}

        member = await change_member(desk)(actor=owner, **there, role=Role.ADMIN, seen=1)
        same = await change_member(desk)(actor=owner, **there, role=None)

        assert (member.role, member.version, same.version) == (Role.ADMIN, 2, 2)

    async def test_refuses_whoever_may_not(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        there: dict[str, Any] = {"workspace_id": owner.tenant, "user_id": owner.user_id}

        with pytest.raises(WorkspaceNotFound):
            await change_member(desk)(actor=other, **there, role=Role.STAFF)
        with pytest.raises(Forbidden):
            await change_member(desk)(actor=admin, **there, role=Role.STAFF)
        with pytest.raises(PreconditionFailed):
            await change_member(desk)(actor=owner, **there, role=Role.STAFF, seen=7)
        with pytest.raises(LastOwner):
            await change_member(desk)(actor=owner, **there, role=Role.STAFF)


class TestRemoving:
    async def test_lets_everybody_leave_but_the_last_owner(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        viewer = await desk.a_member(owner.tenant, Role.VIEWER)

        await remove_member(desk)(actor=viewer, workspace_id=owner.tenant, user_id=who(viewer))

        with pytest.raises(MemberNotFound):
            await remove_member(desk)(actor=owner, workspace_id=owner.tenant, user_id=who(viewer))
        with pytest.raises(LastOwner):
            await remove_member(desk)(actor=owner, workspace_id=owner.tenant, user_id=who(owner))

    async def test_refuses_whoever_may_not(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        staff = await desk.a_member(owner.tenant, Role.STAFF)
        there: dict[str, Any] = {"workspace_id": owner.tenant, "user_id": owner.user_id}

        with pytest.raises(WorkspaceNotFound):
            await remove_member(desk)(actor=other, **there)
        with pytest.raises(Forbidden):
            await remove_member(desk)(actor=staff, **there)
        with pytest.raises(Forbidden):
            await remove_member(desk)(actor=admin, **there)
        with pytest.raises(PreconditionFailed):
            await remove_member(desk)(actor=owner, **there, seen=7)

    async def test_stops_the_keys_of_whoever_left(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        admin = await desk.a_member(owner.tenant, Role.ADMIN)
        _, key = await desk.create_key(actor=admin, name="Till", scopes=["jobs:read"])
        await desk.authenticate.authenticate(key.text, None)

        await remove_member(desk)(actor=owner, workspace_id=owner.tenant, user_id=who(admin))

        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(key.text, None)


class TestKeys:
    async def test_names_everything_that_is_wrong(self):
        desk = a_desk()
        owner = await desk.a_workspace()

        with pytest.raises(Invalid) as caught:
            await desk.create_key(actor=owner, name="", scopes=["jobs:read", "everything"], expires_at=NOON)
        with pytest.raises(Invalid) as empty:
            await desk.create_key(actor=owner, name="Till", scopes=[])

        assert [each.pointer for each in caught.value.problems] == ["/name", "/scopes/1", "/expires_at"]
        assert [each.pointer for each in empty.value.problems] == ["/scopes"]

    async def test_holds_only_what_its_maker_holds(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        few = as_member(who(owner), owner.tenant, Role.OWNER)
        few = type(few)(
            workspace_id=few.tenant, permissions=frozenset({"keys:manage"}), role="owner", user_id=few.user_id
        )

        with pytest.raises(Forbidden):
            await desk.create_key(actor=few, name="Till", scopes=["jobs:read"])

    async def test_is_made_by_persons_who_may(self):
        desk = a_desk()
        machine = await a_machine(desk)
        staff = await desk.a_member(machine.tenant, Role.STAFF)

        for actor in (machine, staff):
            with pytest.raises(Forbidden):
                await desk.create_key(actor=actor, name="Till", scopes=["jobs:read"])

    async def test_is_withdrawn_at_once_in_this_process(self):
        desk = a_desk()
        owner = await desk.a_workspace()
        made, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        await desk.authenticate.authenticate(key.text, None)
        revoke = RevokeApiKey(desk.transactions, desk.clock, desk.recent)

        first = await revoke(actor=owner, api_key_id=made.id, seen=1)
        second = await revoke(actor=owner, api_key_id=made.id)

        assert (first.version, second.version) == (2, 2)
        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(key.text, None)

    async def test_is_withdrawn_only_by_those_who_may(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        staff = await desk.a_member(owner.tenant, Role.STAFF)
        made, _ = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        revoke = RevokeApiKey(desk.transactions, desk.clock, desk.recent)

        with pytest.raises(Forbidden):
            await revoke(actor=staff, api_key_id=made.id)
        with pytest.raises(ApiKeyNotFound):
            await revoke(actor=other, api_key_id=made.id)
        with pytest.raises(PreconditionFailed):
            await revoke(actor=owner, api_key_id=made.id, seen=9)


class TestLooking:
    async def test_shows_what_is_the_callers_own(self):
        desk = a_desk()
        ada = await desk.a_user()
        owner = await desk.a_workspace(ada)
        made, _ = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        me, here = as_person(ada.id), owner.tenant

        assert (await ShowAccount(desk.queries)(actor=me)).email == ada.email
        assert len((await ListWorkspaces(desk.queries)(actor=me)).items) == 1
        assert (await ShowWorkspace(desk.queries)(actor=owner, workspace_id=here)).role == "owner"
        assert len((await ListMembers(desk.queries)(actor=owner, workspace_id=here)).items) == 1
        assert (await ShowMember(desk.queries)(actor=owner, workspace_id=here, user_id=ada.id)).role == "owner"
        assert len((await ListApiKeys(desk.queries)(actor=owner)).items) == 1
        assert (await ShowApiKey(desk.queries)(actor=owner, api_key_id=made.id)).name == "Till"

    async def test_shows_nothing_of_others(self):
        desk = a_desk()
        owner, other = await desk.a_workspace(), await desk.a_workspace()
        there: dict[str, Any] = {"actor": owner, "workspace_id": other.tenant}

        with pytest.raises(WorkspaceNotFound):
            await ShowWorkspace(desk.queries)(**there)
        with pytest.raises(WorkspaceNotFound):
            await ListMembers(desk.queries)(**there)
        with pytest.raises(WorkspaceNotFound):
            await ShowMember(desk.queries)(**there, user_id=UserId(uuid4()))
        with pytest.raises(MemberNotFound):
            await ShowMember(desk.queries)(actor=owner, workspace_id=owner.tenant, user_id=UserId(uuid4()))
        with pytest.raises(ApiKeyNotFound):
            await ShowApiKey(desk.queries)(actor=owner, api_key_id=uuid4())

    async def test_has_no_account_for_machines(self):
        desk = a_desk()
        machine = await a_machine(desk)

        with pytest.raises(UserNotFound):
            await ShowAccount(desk.queries)(actor=machine)
        with pytest.raises(Forbidden):
            await ListWorkspaces(desk.queries)(actor=machine)


async def test_a_key_may_end_some_day():
    desk = a_desk()
    owner = await desk.a_workspace()

    made, _ = await desk.create_key(
        actor=owner, name="Till", scopes=["jobs:read"], expires_at=NOON + timedelta(days=90)
    )

    assert made.expires_at == NOON + timedelta(days=90)
