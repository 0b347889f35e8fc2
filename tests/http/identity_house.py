"""The identity routes over memory adapters, with people who really sign in."""

from dataclasses import dataclass
from typing import Any

import httpx

from adapters.memory.database import MemoryDatabase
from application.identity.add_member import AddMember
from application.identity.change_member import ChangeMember
from application.identity.create_api_key import CreateApiKey
from application.identity.found_workspace import FoundWorkspace
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.queries import (
    ListApiKeys,
    ListMembers,
    ListWorkspaces,
    ShowAccount,
    ShowApiKey,
    ShowMember,
    ShowWorkspace,
)
from application.identity.refresh import RefreshSession
from application.identity.register import Register
from application.identity.remove_member import RemoveMember
from application.identity.rename_user import RenameUser
from application.identity.rename_workspace import RenameWorkspace
from application.identity.revoke_api_key import RevokeApiKey
from domain.identity.users import User
from domain.shared.access import Actor
from domain.shared.ids import public_id
from entrypoints.http.identity import (
    ApiKeyController,
    AuthController,
    MemberController,
    UserController,
    WorkspaceController,
)
from entrypoints.http.policies import POLICIES
from tests.http.support import build, client
from tests.support.people import PASSWORD, Desk, a_desk

CONTROLLERS = (AuthController, UserController, WorkspaceController, MemberController, ApiKeyController)
_CONTEXT = ("auth_", "users_", "workspaces_", "members_", "api_keys_")


@dataclass
class House:
    """The application and what is behind it."""

    app: Any
    desk: Desk

    def anybody(self) -> httpx.AsyncClient:
        """Somebody unknown."""
        return client(self.app, None)

    async def person(self, user: User, **headers: str) -> httpx.AsyncClient:
        """Somebody signed in."""
        grant = await self.desk.log_in(email=user.email, password=PASSWORD)
        return client(self.app, grant.access_token, **headers)

    async def owner(self) -> tuple[httpx.AsyncClient, Actor]:
        """Somebody signed in, with a workspace of their own."""
        user = await self.desk.a_user()
        actor = await self.desk.a_workspace(user)
        return await self.person(user), actor


def a_house(**known: Any) -> House:
    """A house in memory."""
    desk = a_desk(**known)
    tx, queries, recent = desk.transactions, desk.queries, desk.recent
    assert isinstance(tx, MemoryDatabase)
    objects: dict[Any, Any] = {
        Register: desk.register,
        LogIn: desk.log_in,
        RefreshSession: desk.refresh,
        LogOut: desk.log_out,
        RenameUser: RenameUser(tx),
        FoundWorkspace: desk.found,
        RenameWorkspace: RenameWorkspace(tx),
        AddMember: AddMember(tx, desk.clock, desk.ids, recent),
        ChangeMember: ChangeMember(tx, recent),
        RemoveMember: RemoveMember(tx, recent),
        CreateApiKey: desk.create_key,
        RevokeApiKey: RevokeApiKey(tx, desk.clock, recent),
    }
    for query in (
        ShowAccount,
        ListWorkspaces,
        ShowWorkspace,
        ListMembers,
        ShowMember,
        ListApiKeys,
        ShowApiKey,
    ):
        objects[query] = query(queries)
    app = build(
        objects,
        controllers=CONTROLLERS,
        policies={name: policy for name, policy in POLICIES.items() if name.startswith(_CONTEXT)},
        clock=desk.clock,
        answers=tx,
        authenticator=desk.authenticate,
    )
    return House(app, desk)


def path_of(actor: Actor) -> str:
    """The path of an actor's workspace."""
    return f"/api/v1/workspaces/{public_id('wsp', actor.tenant)}"
