"""Staying signed in."""

from dataclasses import dataclass

from application.identity.grants import Grant, grant
from application.identity.recent import RecentAccess
from domain.identity.ports import AccessTokens, IdentityTx, RefreshTokens
from domain.identity.sessions import RefreshToken, Session, SessionEnd, SessionReused
from domain.shared.errors import InvalidCredentials, TokenExpired, TokenRevoked, Unauthorized
from domain.shared.ids import PLATFORM
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """Trade a refresh token for its successor and a fresh access token (decision 16).

    Parallel calls with one token all get the same successor. A token older than the direct predecessor, or a
    predecessor after the grace of ten seconds, was copied: the session ends for everybody who holds one of it.
    """

    transactions: Transactions[IdentityTx]
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    clock: Clock
    recent: RecentAccess

    async def __call__(self, *, refresh_token: str) -> Grant:
        """The next pair of tokens.

        Raises:
            InvalidCredentials: no token of ours.
            TokenExpired: the session's 30 days are over.
            TokenRevoked: the session has ended, or ends now because an old token came back.
        """
        token = self.refresh_tokens.read(refresh_token)
        successor = self.refresh_tokens.successor(token)
        now = self.clock.now()
        async with self.transactions.begin(PLATFORM) as tx:
            session = await tx.sessions.rotate(token, successor, now=now)
            refusal = None if session is not None else await self._refuse(tx, token)
        if session is None:
            self.recent.forget(token.session_id)
            raise refusal or TokenRevoked("this session is over")
        return grant(session, successor, self.access_tokens, now=now)

    async def _refuse(self, tx: IdentityTx, token: RefreshToken) -> Unauthorized:
        """Why the token does not count. Told after the commit, because a reuse ends the session."""
        now = self.clock.now()
        session: Session | None = await tx.sessions.find(token.session_id)
        if session is None:
            return InvalidCredentials("no such session")
        if session.is_alive(now):
            if await tx.sessions.end(session.id, SessionEnd.REUSE, now=now):
                tx.record([SessionReused(session_id=session.id, user_id=session.user_id)])
        elif session.ended_at is None:
            return TokenExpired("this session was 30 days old")
        return TokenRevoked("this session is over")
