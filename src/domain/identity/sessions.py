"""Sessions: one login of a person on one device, kept alive by refresh tokens that change with every use."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from domain.shared.events import Event
from domain.shared.ids import SessionId, UserId

ACCESS_LIFETIME: Final = timedelta(minutes=15)
SESSION_LIFETIME: Final = timedelta(days=30)
"""Absolute: no refresh lengthens it."""

GRACE: Final = timedelta(seconds=10)
"""How long the direct predecessor still yields the successor, for answers that were lost on the way."""


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REUSE = "reuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(Event):
    session_id: UUID
    user_id: UUID

    @property
    def subject(self) -> tuple[str, UUID]:
        return "ses", self.session_id


class SessionOpened(SessionEvent):
    name: ClassVar[str] = "session.opened"


class SessionEnded(SessionEvent):
    name: ClassVar[str] = "session.ended"


class SessionReused(SessionEvent):
    """An old refresh token came back: it was copied. The whole family is dead."""

    name: ClassVar[str] = "session.reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login. `expires_at` (UTC, exclusive) never moves."""

    id: SessionId
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def open(cls, *, id: SessionId, user_id: UserId, now: datetime) -> "Session":
        """A session that starts now."""
        return cls(id=id, user_id=user_id, created_at=now, expires_at=now + SESSION_LIFETIME)

    def is_alive(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """A refresh token in the clear: lives in requests and answers, never in storage."""

    session_id: SessionId
    secret: bytes = field(repr=False)
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is stored of it: SHA-256 of 256 unguessable bits needs no salt and no work factor."""
        return hashlib.sha256(self.secret).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """What an access token says: who, in which session, until when. Roles are never in it."""

    user_id: UserId
    session_id: SessionId
    expires_at: datetime
