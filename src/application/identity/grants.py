"""What a successful login or refresh hands out."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.identity.ports import AccessTokens
from domain.identity.sessions import ACCESS_LIFETIME, AccessClaims, RefreshToken, Session
from domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A pair of tokens in the clear. Times are UTC and exclusive."""

    user_id: UserId
    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime


def grant(session: Session, token: RefreshToken, tokens: AccessTokens, *, now: datetime) -> Grant:
    """Tokens for this session; the access token never outlives it."""
    ends = min(now + ACCESS_LIFETIME, session.expires_at).replace(microsecond=0)  # tokens know whole seconds
    claims = AccessClaims(user_id=session.user_id, session_id=session.id, expires_at=ends)
    return Grant(
        user_id=session.user_id,
        access_token=tokens.issue(claims, now=now),
        access_expires_at=claims.expires_at,
        refresh_token=token.text,
        refresh_expires_at=session.expires_at,
    )
