"""Accounts and sessions."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from adapters.memory.repository import MemoryRepository
from domain.identity.sessions import GRACE, RefreshToken, Session, SessionEnd
from domain.identity.users import User, UserNotFound, email_key
from domain.shared.ids import PLATFORM, SessionId, UserId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryTransaction


class MemoryUsers(MemoryRepository[User]):
    """`Users`; like its PostgreSQL twin it shows nothing outside `PLATFORM`."""

    table = "users"
    missing = UserNotFound
    tenant_free = True

    async def get(self, id: UUID, /, *, lock: bool = True) -> User:
        """See `Users.get`."""
        if self._tx.tenant != PLATFORM:
            raise UserNotFound("nothing with this id")
        return await super().get(id, lock=lock)

    async def register(self, user: User, password_hash: str, /) -> UserId:
        """See `Users.register`."""
        await self._tx.lock("users by email", user.email_key)
        taken = self._with_email(user.email_key)
        if taken is not None:
            return taken.id
        await self.save(user)
        self._tx.write("passwords", user.id, password_hash)
        return user.id

    async def by_email(self, email: str, /) -> tuple[User, str] | None:
        """See `Users.by_email`."""
        user = self._with_email(email_key(email)) if self._tx.tenant == PLATFORM else None
        return None if user is None else (user, self._tx.read("passwords")[user.id])

    async def change_hash(self, id: UserId, fresh: str, /, *, replacing: str) -> bool:
        """See `Users.change_hash`."""
        if self._tx.read("passwords").get(id) != replacing:
            return False
        self._tx.write("passwords", id, fresh)
        return True

    def _with_email(self, key: str) -> User | None:
        return next((user for user in self.all() if user.email_key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySession:
    """A session's row."""

    session: Session
    digest: bytes
    rotated_at: datetime
    predecessor: bytes | None = None
    end_reason: SessionEnd | None = None


class MemorySessions:
    """`Sessions`."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def open(self, session: Session, token: RefreshToken, /) -> bool:
        """See `Sessions.open`."""
        user = self._tx.read("users").get(session.user_id)
        if user is None or user.is_suspended:
            return False
        row = MemorySession(session=session, digest=token.digest, rotated_at=session.created_at)
        self._tx.write("sessions", session.id, row)
        return True

    async def rotate(self, token: RefreshToken, successor: RefreshToken, /, *, now: datetime) -> Session | None:
        """See `Sessions.rotate`."""
        await self._tx.lock("sessions", token.session_id)
        row: MemorySession | None = self._tx.read("sessions").get(token.session_id)
        if row is None or not row.session.is_alive(now):
            return None
        if self._tx.read("users")[row.session.user_id].is_suspended:
            return None
        if row.digest == token.digest:
            turned = replace(row, digest=successor.digest, predecessor=token.digest, rotated_at=now)
            self._tx.write("sessions", token.session_id, turned)
            return row.session
        is_step = (row.predecessor, row.digest) == (token.digest, successor.digest)
        return row.session if is_step and now < row.rotated_at + GRACE else None

    async def find(self, id: SessionId, /) -> Session | None:
        """See `Sessions.find`."""
        row = self._tx.read("sessions").get(id)
        return None if row is None else row.session

    async def end(self, id: SessionId, reason: SessionEnd, /, *, now: datetime) -> bool:
        """See `Sessions.end`."""
        await self._tx.lock("sessions", id)
        row: MemorySession | None = self._tx.read("sessions").get(id)
        if row is None or row.session.ended_at is not None:
            return False
        self._tx.write("sessions", id, replace(row, session=replace(row.session, ended_at=now), end_reason=reason))
        return True
