"""What is looked up to answer: who is this, and what may they do right now?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from domain.shared.ids import ApiKeyId, SessionId, UserId, WorkspaceId


class SessionAccess(msgspec.Struct, frozen=True):
    """A session, its person, and the person's role in each workspace."""

    user_id: UserId
    is_admin: bool
    is_suspended: bool
    ended_at: datetime | None
    expires_at: datetime
    roles: Mapping[WorkspaceId, str]


class KeyAccess(msgspec.Struct, frozen=True):
    """An API key, and what its creator is today. `role` is None where they are no member any more."""

    user_id: UserId
    workspace_id: WorkspaceId
    digest: bytes
    scopes: tuple[str, ...]
    expires_at: datetime | None
    revoked_at: datetime | None
    is_suspended: bool
    role: str | None


class AccessFacts(Protocol):
    """Looks across workspaces, by one id at a time: nothing else may, and it can tell nothing else."""

    async def of_session(self, id: SessionId, /) -> SessionAccess | None:
        """The facts behind an access token, or None for an unknown session."""
        ...

    async def of_api_key(self, id: ApiKeyId, /) -> KeyAccess | None:
        """The facts behind an API key, or None for an unknown one."""
        ...
