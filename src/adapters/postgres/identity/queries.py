"""Reads: columns straight into Structs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from asyncpg import Record
from sqlalchemy import bindparam, literal, select

from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.identity import ApiKeyRow, MembershipRow, UserRow, WorkspaceRow
from application.identity.queries import AccountView, ApiKeyLine, MemberLine, WorkspaceLine
from application.shared.pages import Key, Page
from domain.shared.ids import PLATFORM, UserId, WorkspaceId

if TYPE_CHECKING:
    from adapters.postgres.database import PostgresDatabase

L = TypeVar("L", WorkspaceLine, MemberLine, ApiKeyLine)

_ACT_FOR: Final = "SELECT set_config('usher.user', $1, true)"

_users, _places, _members, _keys = map(table_of, (UserRow, WorkspaceRow, MembershipRow, ApiKeyRow))

_ACCOUNT: Final = Statement(
    select(
        _users.c.id,
        _users.c.email,
        _users.c.display_name,
        _users.c.is_admin,
        _users.c.created_at,
        _users.c.version,
    ).where(_users.c.id == bindparam("id"))
)
_WORKSPACE: Final = Statement(
    select(_places.c.id, _places.c.name, literal(""), _places.c.created_at, _places.c.version).where(
        _places.c.id == bindparam("workspace_id")
    )
)
_OWN_WORKSPACES: Final = (
    select(_places.c.id, _places.c.name, _members.c.role, _places.c.created_at, _places.c.version)
    .join(_members, _members.c.workspace_id == _places.c.id)
    .where(_members.c.user_id == bindparam("user_id"))
)
_MEMBER_LINES: Final = (
    select(
        _members.c.id,
        _members.c.user_id,
        _users.c.email,
        _users.c.display_name,
        _members.c.role,
        _members.c.created_at,
        _members.c.version,
    )
    .join(_users, _users.c.id == _members.c.user_id)
    .where(_members.c.workspace_id == bindparam("workspace_id"))
)
_MEMBER: Final = Statement(_MEMBER_LINES.where(_members.c.user_id == bindparam("user_id")))
_KEY_LINES: Final = select(
    _keys.c.id,
    _keys.c.creator_id,
    _keys.c.name,
    _keys.c.hint,
    _keys.c.scopes,
    _keys.c.created_at,
    _keys.c.expires_at,
    _keys.c.revoked_at,
    _keys.c.version,
).where(_keys.c.workspace_id == bindparam("workspace_id"))
_KEY: Final = Statement(_KEY_LINES.where(_keys.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class PostgresIdentityQueries:
    """`IdentityQueries`."""

    database: "PostgresDatabase"

    async def account(self, user_id: UserId, /) -> AccountView | None:
        """See `IdentityQueries.account`."""
        row = await self.database.row(PLATFORM, _ACCOUNT, id=user_id)
        return None if row is None else AccountView(*row)

    async def workspaces(self, user_id: UserId, /, *, after: Key | None = None, limit: int = 20) -> Page[WorkspaceLine]:
        """See `IdentityQueries.workspaces`. Runs under the policy of one's own rows, not of a tenant."""
        statement, values = _paged(_own_workspaces, after, limit)
        async with self.database.begin(PLATFORM) as tx:
            await tx.connection.execute(_ACT_FOR, str(user_id))
            rows = await statement.rows(tx.connection, user_id=user_id, **values)
        return _page(WorkspaceLine, rows, limit)

    async def workspace(self, tenant: WorkspaceId, /) -> WorkspaceLine | None:
        """See `IdentityQueries.workspace`."""
        row = await self.database.row(tenant, _WORKSPACE, workspace_id=tenant)
        return None if row is None else WorkspaceLine(*row)

    async def members(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[MemberLine]:
        """See `IdentityQueries.members`."""
        statement, values = _paged(_member_lines, after, limit)
        return _page(MemberLine, await self.database.rows(tenant, statement, workspace_id=tenant, **values), limit)

    async def member(self, tenant: WorkspaceId, user_id: UserId, /) -> MemberLine | None:
        """See `IdentityQueries.member`."""
        row = await self.database.row(tenant, _MEMBER, workspace_id=tenant, user_id=user_id)
        return None if row is None else MemberLine(*row)

    async def api_keys(self, tenant: WorkspaceId, /, *, after: Key | None = None, limit: int = 20) -> Page[ApiKeyLine]:
        """See `IdentityQueries.api_keys`."""
        statement, values = _paged(_key_lines, after, limit)
        return _page(ApiKeyLine, await self.database.rows(tenant, statement, workspace_id=tenant, **values), limit)

    async def api_key(self, tenant: WorkspaceId, id: UUID, /) -> ApiKeyLine | None:
        """See `IdentityQueries.api_key`."""
        row = await self.database.row(tenant, _KEY, workspace_id=tenant, id=id)
        return None if row is None else ApiKeyLine(*row)


@cache
def _own_workspaces(*, is_first: bool) -> Statement:
    return _in_order(_OWN_WORKSPACES, _places.c.id, is_first=is_first)


@cache
def _member_lines(*, is_first: bool) -> Statement:
    return _in_order(_MEMBER_LINES, _members.c.id, is_first=is_first)


@cache
def _key_lines(*, is_first: bool) -> Statement:
    return _in_order(_KEY_LINES, _keys.c.id, is_first=is_first)


def _in_order(lines: Any, id: Any, *, is_first: bool) -> Statement:
    page = lines if is_first else lines.where(id > bindparam("after"))
    return Statement(page.order_by(id).limit(bindparam("limit")))


def _paged(build: Callable[..., Statement], after: Key | None, limit: int) -> tuple[Statement, dict[str, object]]:
    """The statement of this page and its values: one extra row tells whether there is more."""
    values: dict[str, object] = {"limit": limit + 1}
    if after is not None:
        values["after"] = UUID(str(after[0]))
    return build(is_first=after is None), values


def _page(line: type[L], rows: list[Record], limit: int) -> Page[L]:
    items = [line(*row) for row in rows[:limit]]
    return Page(items, (str(items[-1].id),) if len(rows) > limit else None)
