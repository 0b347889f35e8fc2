"""The facts behind tokens and keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.memory.identity.users import MemorySession
from application.identity.access import KeyAccess, SessionAccess
from domain.identity.api_keys import ApiKey
from domain.identity.users import User
from domain.identity.workspaces import Membership
from domain.shared.ids import ApiKeyId, SessionId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase


@dataclass(frozen=True, slots=True)
class MemoryAccessFacts:
    """`AccessFacts`."""

    database: "MemoryDatabase"

    async def of_session(self, id: SessionId, /) -> SessionAccess | None:
        """See `AccessFacts.of_session`."""
        row: MemorySession | None = self.database.tables["sessions"].get(id)
        if row is None:
            return None
        user: User = self.database.tables["users"][row.session.user_id]
        members: Iterable[Membership] = self.database.tables["memberships"].values()
        return SessionAccess(
            user_id=user.id,
            is_admin=user.is_admin,
            is_suspended=user.is_suspended,
            ended_at=row.session.ended_at,
            expires_at=row.session.expires_at,
            roles={each.workspace_id: each.role.value for each in members if each.user_id == user.id},
        )

    async def of_api_key(self, id: ApiKeyId, /) -> KeyAccess | None:
        """See `AccessFacts.of_api_key`."""
        key: ApiKey | None = self.database.tables["api_keys"].get(id)
        if key is None:
            return None
        members: Iterable[Membership] = self.database.tables["memberships"].values()
        place = (key.creator_id, key.workspace_id)
        role = next((each.role.value for each in members if (each.user_id, each.workspace_id) == place), None)
        return KeyAccess(
            user_id=key.creator_id,
            workspace_id=key.workspace_id,
            digest=key.digest,
            scopes=tuple(sorted(key.scopes)),
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            is_suspended=self.database.tables["users"][key.creator_id].is_suspended,
            role=role,
        )
