"""Workspaces, members and API keys."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from asyncpg import Record, UniqueViolationError
from sqlalchemy import bindparam, delete, func, select, text
from typing_extensions import override

from adapters.postgres.repository import Repository, table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.identity import ApiKeyRow, MembershipRow, WorkspaceRow
from domain.identity.api_keys import ApiKey, ApiKeyNotFound
from domain.identity.roles import Role
from domain.identity.users import email_key
from domain.identity.workspaces import AlreadyMember, MemberNotFound, Membership, Workspace, WorkspaceNotFound
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ApiKeyId, UserId, WorkspaceId

_STEP_INTO: Final = "SELECT set_config('usher.workspace', $1, true)"

_FOUND: Final = """
WITH place AS (INSERT INTO workspaces (id, version, name, created_at) VALUES ($1, 1, $2, $3))
INSERT INTO memberships (id, version, workspace_id, user_id, role, created_at) VALUES ($4, 1, $1, $5, $6, $3)
"""

_MEMBERS: Final = table_of(MembershipRow)
_HERE: Final = _MEMBERS.c.workspace_id == bindparam("workspace_id")
_OF_USER: Final = Statement(
    select(*_MEMBERS.columns).where(_HERE, _MEMBERS.c.user_id == bindparam("user_id")).with_for_update()
)
_OWNERS: Final = Statement(select(func.count()).select_from(_MEMBERS).where(_HERE, _MEMBERS.c.role == Role.OWNER.value))
_REMOVE: Final = Statement(delete(_MEMBERS).where(_HERE, _MEMBERS.c.id == bindparam("id")))
_ACCOUNT: Final = Statement(text("SELECT usher_account(:email_key)"))


class PostgresWorkspaces(Repository[Workspace]):
    """`Workspaces`."""

    row_type = WorkspaceRow
    missing = WorkspaceNotFound

    @override
    def to_entity(self, row: Record, /) -> Workspace:
        return Workspace(
            id=WorkspaceId(row["id"]), name=row["name"], created_at=row["created_at"], version=row["version"]
        )

    @override
    def values(self, entity: Workspace, /) -> Mapping[str, object]:
        return {"name": entity.name, "created_at": entity.created_at}

    @override
    async def get(self, id: UUID, /, *, lock: bool = True) -> Workspace:
        if id != self._tx.tenant:
            raise WorkspaceNotFound("nothing with this id")
        return await super().get(id, lock=lock)

    async def found(self, workspace: Workspace, owner: Membership, /) -> None:
        """See `Workspaces.found`. The one place where a transaction steps into another workspace: a new one."""
        connection = self._tx.connection
        await connection.execute(_STEP_INTO, str(workspace.id))
        await connection.execute(
            _FOUND,
            workspace.id,
            workspace.name,
            workspace.created_at,
            owner.id,
            owner.user_id,
            owner.role.value,
        )
        await connection.execute(_STEP_INTO, str(self._tx.tenant))
        workspace.version = owner.version = 1
        self._tx.record(workspace.events)
        workspace.events.clear()


class PostgresMemberships(Repository[Membership]):
    """`Memberships`."""

    row_type = MembershipRow
    missing = MemberNotFound

    @override
    def to_entity(self, row: Record, /) -> Membership:
        return Membership(
            id=row["id"],
            workspace_id=WorkspaceId(row["workspace_id"]),
            user_id=UserId(row["user_id"]),
            role=Role(row["role"]),
            created_at=row["created_at"],
            version=row["version"],
        )

    @override
    def values(self, entity: Membership, /) -> Mapping[str, object]:
        return {"user_id": entity.user_id, "role": entity.role.value, "created_at": entity.created_at}

    @override
    def taken(self, error: UniqueViolationError, /) -> AlreadyExists:
        return AlreadyMember("this person is a member already")

    async def of_user(self, user_id: UserId, /) -> Membership:
        """See `Memberships.of_user`."""
        row = await _OF_USER.row(self._tx.connection, workspace_id=self._tx.tenant, user_id=user_id)
        if row is None:
            raise MemberNotFound("no such member")
        return self.to_entity(row)

    async def remove(self, member: Membership, /) -> None:
        """See `Memberships.remove`."""
        await _REMOVE.run(self._tx.connection, workspace_id=self._tx.tenant, id=member.id)
        self._tx.record(member.events)
        member.events.clear()

    async def owners(self) -> int:
        """See `Memberships.owners`."""
        return await _OWNERS.value(self._tx.connection, workspace_id=self._tx.tenant)

    async def account(self, email: str, /) -> UserId | None:
        """See `Memberships.account`."""
        return await _ACCOUNT.value(self._tx.connection, email_key=email_key(email))


class PostgresApiKeys(Repository[ApiKey]):
    """`ApiKeys`."""

    row_type = ApiKeyRow
    missing = ApiKeyNotFound

    @override
    def to_entity(self, row: Record, /) -> ApiKey:
        return ApiKey(
            id=ApiKeyId(row["id"]),
            workspace_id=WorkspaceId(row["workspace_id"]),
            creator_id=UserId(row["creator_id"]),
            name=row["name"],
            hint=row["hint"],
            digest=row["digest"],
            scopes=frozenset(row["scopes"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
            version=row["version"],
        )

    @override
    def values(self, entity: ApiKey, /) -> Mapping[str, object]:
        return {
            "creator_id": entity.creator_id,
            "name": entity.name,
            "hint": entity.hint,
            "digest": entity.digest,
            "scopes": sorted(entity.scopes),
            "created_at": entity.created_at,
            "expires_at": entity.expires_at,
            "revoked_at": entity.revoked_at,
        }
