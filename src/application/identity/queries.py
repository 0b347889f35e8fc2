"""What can be looked at: the own account, workspaces, members, API keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from application.shared.pages import Key, Page
from domain.identity.api_keys import ApiKeyNotFound
from domain.identity.users import UserNotFound
from domain.identity.workspaces import MemberNotFound, WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.ids import UserId, WorkspaceId


class AccountView(msgspec.Struct, frozen=True):
    """An account, as its owner sees it."""

    id: UUID
    email: str
    display_name: str
    is_admin: bool
    created_at: datetime
    version: int


class WorkspaceLine(msgspec.Struct, frozen=True):
    """A workspace, and what the person asking is there."""

    id: UUID
    name: str
    role: str
    created_at: datetime
    version: int


class MemberLine(msgspec.Struct, frozen=True):
    """A member. `id` is the membership's and only orders the list; people are named by `user_id`."""

    id: UUID
    user_id: UUID
    email: str
    display_name: str
    role: str
    created_at: datetime
    version: int


class ApiKeyLine(msgspec.Struct, frozen=True):
    """An API key, without anything that could be used as one."""

    id: UUID
    creator_id: UUID
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    version: int


class IdentityQueries(Protocol):
    """Reads. Lists are in the order of their ids, which is that of creation; `after` is (id of the last one,)."""

    async def account(self, user_id: UserId, /) -> AccountView | None:
        """One account."""
        ...

    async def workspaces(self, user_id: UserId, /, *, after: Key | None = None, limit: int = 20) -> Page[WorkspaceLine]:
        """The workspaces that this person is a member of, in whatever tenant they are."""
        ...

    async def members(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[MemberLine]:
        """The members of a workspace."""
        ...

    async def member(self, tenant: WorkspaceId, user_id: UserId, /) -> MemberLine | None:
        """One member."""
        ...

    async def api_keys(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[ApiKeyLine]:
        """The API keys of a workspace, withdrawn ones too."""
        ...

    async def api_key(self, tenant: WorkspaceId, id: UUID, /) -> ApiKeyLine | None:
        """One API key."""
        ...

    async def workspace(self, tenant: WorkspaceId, /) -> WorkspaceLine | None:
        """One workspace; `role` is empty."""
        ...


@dataclass(frozen=True, slots=True)
class ShowAccount:
    """The caller's own account."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor) -> AccountView:
        """Raises: UserNotFound: the caller is a machine, or gone."""
        found = await self.queries.account(actor.user_id) if actor.user_id else None
        if found is None:
            raise UserNotFound("no such account")
        return found


@dataclass(frozen=True, slots=True)
class ListWorkspaces:
    """The workspaces of the caller."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor, after: Key | None = None, limit: int = 20) -> Page[WorkspaceLine]:
        """One page, oldest first. Raises: Forbidden: the caller is a machine."""
        actor.must("workspaces:read")
        if actor.user_id is None:
            raise UserNotFound("no such account")
        return await self.queries.workspaces(actor.user_id, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class ShowWorkspace:
    """The workspace that the caller acts in."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor, workspace_id: WorkspaceId) -> WorkspaceLine:
        """Raises: WorkspaceNotFound: another one. Forbidden: the permission is missing."""
        found = await self.queries.workspace(actor.tenant) if workspace_id == actor.tenant else None
        if found is None:
            raise WorkspaceNotFound("no such workspace")
        actor.must("workspace:read")
        return msgspec.structs.replace(found, role=actor.role)


@dataclass(frozen=True, slots=True)
class ListMembers:
    """The members of the workspace that the caller acts in."""

    queries: IdentityQueries

    async def __call__(
        self, *, actor: Actor, workspace_id: WorkspaceId, after: Key | None = None, limit: int = 20
    ) -> Page[MemberLine]:
        """One page, oldest first. Raises: WorkspaceNotFound, Forbidden."""
        if workspace_id != actor.tenant:
            raise WorkspaceNotFound("no such workspace")
        actor.must("members:read")
        return await self.queries.members(actor.tenant, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class ShowMember:
    """One member of the workspace that the caller acts in."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor, workspace_id: WorkspaceId, user_id: UserId) -> MemberLine:
        """Raises: WorkspaceNotFound, MemberNotFound, Forbidden."""
        if workspace_id != actor.tenant:
            raise WorkspaceNotFound("no such workspace")
        actor.must("members:read")
        found = await self.queries.member(actor.tenant, user_id)
        if found is None:
            raise MemberNotFound("no such member")
        return found


@dataclass(frozen=True, slots=True)
class ListApiKeys:
    """The API keys of the workspace that the caller acts in."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor, after: Key | None = None, limit: int = 20) -> Page[ApiKeyLine]:
        """One page, oldest first. Raises: Forbidden: the permission is missing."""
        actor.must("keys:manage")
        return await self.queries.api_keys(actor.tenant, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class ShowApiKey:
    """One API key of the workspace that the caller acts in."""

    queries: IdentityQueries

    async def __call__(self, *, actor: Actor, api_key_id: UUID) -> ApiKeyLine:
        """Raises: Forbidden, ApiKeyNotFound."""
        actor.must("keys:manage")
        found = await self.queries.api_key(actor.tenant, api_key_id)
        if found is None:
            raise ApiKeyNotFound("no such API key")
        return found
