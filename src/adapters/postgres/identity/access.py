"""The facts behind tokens and keys, from functions that answer about one id at a time, in any workspace."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from adapters.postgres.statements import Statement
from application.identity.access import KeyAccess, SessionAccess
from domain.shared.ids import PLATFORM, ApiKeyId, SessionId

if TYPE_CHECKING:
    from adapters.postgres.database import PostgresDatabase

_SESSION: Final = Statement(text("SELECT * FROM usher_session_access(:id)"))
_API_KEY: Final = Statement(text("SELECT * FROM usher_api_key_access(:id)"))


@dataclass(frozen=True, slots=True)
class PostgresAccessFacts:
    """`AccessFacts`; see docs/decisions/0006-tenancy.md for the role behind the functions."""

    database: "PostgresDatabase"

    async def of_session(self, id: SessionId, /) -> SessionAccess | None:
        """See `AccessFacts.of_session`."""
        row = await self.database.row(PLATFORM, _SESSION, id=id)
        if row is None:
            return None
        user_id, is_admin, is_suspended, ended_at, expires_at, workspaces, roles = row
        return SessionAccess(
            user_id=user_id,
            is_admin=is_admin,
            is_suspended=is_suspended,
            ended_at=ended_at,
            expires_at=expires_at,
            roles=dict(zip(workspaces, roles, strict=True)),
        )

    async def of_api_key(self, id: ApiKeyId, /) -> KeyAccess | None:
        """See `AccessFacts.of_api_key`."""
        row = await self.database.row(PLATFORM, _API_KEY, id=id)
        if row is None:
            return None
        user_id, workspace_id, digest, scopes, expires_at, revoked_at, is_suspended, role = row
        return KeyAccess(
            user_id=user_id,
            workspace_id=workspace_id,
            digest=digest,
            scopes=tuple(scopes),
            expires_at=expires_at,
            revoked_at=revoked_at,
            is_suspended=is_suspended,
            role=role,
        )
