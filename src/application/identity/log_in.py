"""Signing in."""

from dataclasses import dataclass

from application.identity.grants import Grant, grant
from domain.identity.passwords import LONGEST
from domain.identity.ports import AccessTokens, IdentityTx, PasswordHasher, RefreshTokens
from domain.identity.sessions import Session, SessionOpened
from domain.identity.users import AccountSuspended
from domain.shared.errors import InvalidCredentials
from domain.shared.ids import PLATFORM, SessionId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class LogIn:
    """Open a session with an address and a password. An unknown address takes as long as a wrong password."""

    transactions: Transactions[IdentityTx]
    passwords: PasswordHasher
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    clock: Clock
    ids: Ids

    async def __call__(self, *, email: str, password: str) -> Grant:
        """Tokens of a new session.

        Raises:
            InvalidCredentials: unknown address or wrong password; which of them is not said.
            AccountSuspended: both are right, and the account is closed for now.
        """
        async with self.transactions.begin(PLATFORM) as tx:
            found = await tx.users.by_email(email)
        user, stored = found or (None, None)
        # Longer ones were never accepted; cut only to bound the work.
        is_right = await self.passwords.verify(password[: LONGEST + 1], stored)
        if user is None or stored is None or not is_right:
            raise InvalidCredentials("the address or the password is wrong")
        if user.is_suspended:
            raise AccountSuspended("this account is suspended")
        fresh = await self.passwords.hash(password) if self.passwords.is_outdated(stored) else None
        now = self.clock.now()
        session = Session.open(id=SessionId(self.ids.new()), user_id=user.id, now=now)
        token = self.refresh_tokens.first(session.id)
        async with self.transactions.begin(PLATFORM) as tx:
            if not await tx.sessions.open(session, token):
                raise AccountSuspended("this account is suspended")
            if fresh is not None:
                await tx.users.change_hash(user.id, fresh, replacing=stored)
            tx.record([SessionOpened(session_id=session.id, user_id=user.id)])
        return grant(session, token, self.access_tokens, now=now)
