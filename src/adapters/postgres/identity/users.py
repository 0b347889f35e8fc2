"""Accounts and sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from asyncpg import Record
from typing_extensions import override

from adapters.postgres.repository import Repository
from adapters.postgres.tables.identity import UserRow
from domain.identity.sessions import GRACE, RefreshToken, Session, SessionEnd
from domain.identity.users import User, UserNotFound, email_key
from domain.shared.ids import PLATFORM, SessionId, UserId

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_REGISTER: Final = """
WITH added AS (
    INSERT INTO users (id, version, email, email_key, display_name, is_admin, created_at)
    VALUES ($1, 1, $2, $3, $4, $5, $6) ON CONFLICT (email_key) DO NOTHING RETURNING id
), hashed AS (
    INSERT INTO passwords (user_id, hash) SELECT id, $7 FROM added
)
SELECT id FROM added UNION ALL SELECT id FROM users WHERE email_key = $3
"""

_BY_KEY: Final = "SELECT u.*, p.hash FROM users u JOIN passwords p ON p.user_id = u.id WHERE u.email_key = $1"

_CHANGE_HASH: Final = "UPDATE passwords SET hash = $2 WHERE user_id = $1 AND hash = $3"

_OPEN: Final = """
INSERT INTO sessions (id, user_id, digest, rotated_at, created_at, expires_at)
SELECT $1, id, $3, $4, $4, $5 FROM users WHERE id = $2 AND suspended_at IS NULL
"""

# The second arm is a repeated step: it matches only what the first has made of the row, and changes nothing.
# Parallel callers wait for the row's lock and then meet the second arm.
_ROTATE: Final = """
UPDATE sessions AS s
SET digest = $3, predecessor = $2, rotated_at = CASE WHEN s.digest = $2 THEN $4 ELSE s.rotated_at END
FROM users u
WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $4 AND u.id = s.user_id AND u.suspended_at IS NULL
  AND (s.digest = $2 OR (s.predecessor = $2 AND s.digest = $3 AND s.rotated_at > $5))
RETURNING s.id, s.user_id, s.created_at, s.expires_at, s.ended_at
"""

_FIND: Final = "SELECT id, user_id, created_at, expires_at, ended_at FROM sessions WHERE id = $1"

_END: Final = "UPDATE sessions SET ended_at = $3, end_reason = $2 WHERE id = $1 AND ended_at IS NULL"


class PostgresUsers(Repository[User]):
    """`Users`."""

    row_type = UserRow
    missing = UserNotFound

    @override
    def to_entity(self, row: Record, /) -> User:
        return User(
            id=UserId(row["id"]),
            email=row["email"],
            display_name=row["display_name"],
            created_at=row["created_at"],
            is_admin=row["is_admin"],
            suspended_at=row["suspended_at"],
            version=row["version"],
        )

    @override
    def values(self, entity: User, /) -> Mapping[str, object]:
        return {
            "email": entity.email,
            "email_key": entity.email_key,
            "display_name": entity.display_name,
            "is_admin": entity.is_admin,
            "suspended_at": entity.suspended_at,
            "created_at": entity.created_at,
        }

    @override
    async def get(self, id: UUID, /, *, lock: bool = True) -> User:
        if self._tx.tenant != PLATFORM:
            raise UserNotFound("nothing with this id")
        return await super().get(id, lock=lock)

    async def register(self, user: User, password_hash: str, /) -> UserId:
        """See `Users.register`."""
        values = (user.email, user.email_key, user.display_name, user.is_admin, user.created_at, password_hash)
        owner: UUID | None = None
        while owner is None:  # when somebody registers it at this moment, a statement may begin too early to see it
            owner = await self._tx.connection.fetchval(_REGISTER, user.id, *values)
        if owner == user.id:
            user.version = 1
            self._tx.record(user.events)
        user.events.clear()
        return UserId(owner)

    async def by_email(self, email: str, /) -> tuple[User, str] | None:
        """See `Users.by_email`."""
        row = await self._tx.connection.fetchrow(_BY_KEY, email_key(email))
        return None if row is None else (self.to_entity(row), row["hash"])

    async def change_hash(self, id: UserId, fresh: str, /, *, replacing: str) -> bool:
        """See `Users.change_hash`."""
        return await self._tx.connection.execute(_CHANGE_HASH, id, fresh, replacing) == "UPDATE 1"


class PostgresSessions:
    """`Sessions`."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def open(self, session: Session, token: RefreshToken, /) -> bool:
        """See `Sessions.open`."""
        done = await self._tx.connection.execute(
            _OPEN, session.id, session.user_id, token.digest, session.created_at, session.expires_at
        )
        return done == "INSERT 0 1"

    async def rotate(self, token: RefreshToken, successor: RefreshToken, /, *, now: datetime) -> Session | None:
        """See `Sessions.rotate`."""
        row = await self._tx.connection.fetchrow(
            _ROTATE, token.session_id, token.digest, successor.digest, now, now - GRACE
        )
        return None if row is None else _session(row)

    async def find(self, id: SessionId, /) -> Session | None:
        """See `Sessions.find`."""
        row = await self._tx.connection.fetchrow(_FIND, id)
        return None if row is None else _session(row)

    async def end(self, id: SessionId, reason: SessionEnd, /, *, now: datetime) -> bool:
        """See `Sessions.end`."""
        return await self._tx.connection.execute(_END, id, reason.value, now) == "UPDATE 1"


def _session(row: Record) -> Session:
    return Session(
        id=SessionId(row["id"]),
        user_id=UserId(row["user_id"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
    )
