"""Reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec

from application.identity.queries import AccountView, ApiKeyLine, MemberLine, WorkspaceLine
from application.shared.pages import Key, Page
from domain.identity.api_keys import ApiKey
from domain.identity.users import User
from domain.identity.workspaces import Membership, Workspace
from domain.shared.ids import UserId, WorkspaceId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase

L = TypeVar("L", WorkspaceLine, MemberLine, ApiKeyLine)


@dataclass(frozen=True, slots=True)
class MemoryIdentityQueries:
    """`IdentityQueries`."""

    database: "MemoryDatabase"

    async def account(self, user_id: UserId, /) -> AccountView | None:
        """See `IdentityQueries.account`."""
        user: User | None = self.database.tables["users"].get(user_id)
        if user is None:
            return None
        return AccountView(user.id, user.email, user.display_name, user.is_admin, user.created_at, user.version)

    async def workspaces(self, user_id: UserId, /, *, after: Key | None = None, limit: int = 20) -> Page[WorkspaceLine]:
        """See `IdentityQueries.workspaces`."""
        members: Iterable[Membership] = self.database.tables["memberships"].values()
        own = {each.workspace_id: each.role for each in members if each.user_id == user_id}
        found: Iterable[Workspace] = self.database.tables["workspaces"].values()
        return _page([_workspace(each, own[each.id]) for each in found if each.id in own], after, limit)

    async def workspace(self, tenant: WorkspaceId, /) -> WorkspaceLine | None:
        """See `IdentityQueries.workspace`."""
        found: Workspace | None = self.database.tables["workspaces"].get(tenant)
        return None if found is None else _workspace(found, "")

    async def members(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[MemberLine]:
        """See `IdentityQueries.members`."""
        return _page([self._member(each) for each in self.database.rows("memberships", tenant)], after, limit)

    async def member(self, tenant: WorkspaceId, user_id: UserId, /) -> MemberLine | None:
        """See `IdentityQueries.member`."""
        rows: Iterable[Membership] = self.database.rows("memberships", tenant)
        return next((self._member(each) for each in rows if each.user_id == user_id), None)

    async def api_keys(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[ApiKeyLine]:
        """See `IdentityQueries.api_keys`."""
        return _page([_key_line(each) for each in self.database.rows("api_keys", tenant)], after, limit)

    async def api_key(self, tenant: WorkspaceId, id: UUID, /) -> ApiKeyLine | None:
        """See `IdentityQueries.api_key`."""
        rows: Iterable[ApiKey] = self.database.rows("api_keys", tenant)
        return next((_key_line(each) for each in rows if each.id == id), None)

    def _member(self, member: Membership) -> MemberLine:
        user: User = self.database.tables["users"][member.user_id]
        return MemberLine(
            id=member.id,
            user_id=user.id,
            email=user.email,
            display_name=user.display_name,
            role=member.role.value,
            created_at=member.created_at,
            version=member.version,
        )


def _workspace(found: Workspace, role: str) -> WorkspaceLine:
    return WorkspaceLine(found.id, found.name, str(role), found.created_at, found.version)


def _key_line(key: ApiKey) -> ApiKeyLine:
    return ApiKeyLine(
        id=key.id,
        creator_id=key.creator_id,
        name=key.name,
        hint=key.hint,
        scopes=sorted(key.scopes),
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        version=key.version,
    )


def _page(lines: list[L], after: Key | None, limit: int) -> Page[L]:
    rest = sorted(lines, key=lambda line: line.id)
    if after is not None:
        start = msgspec.convert(after[0], UUID)
        rest = [line for line in rest if line.id > start]
    return Page(rest[:limit], (str(rest[limit - 1].id),) if len(rest) > limit else None)
