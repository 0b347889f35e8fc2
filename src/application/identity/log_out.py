"""Signing out."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.ports import IdentityTx
from domain.identity.sessions import SessionEnd, SessionEnded
from domain.shared.access import Actor
from domain.shared.ids import PLATFORM
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class LogOut:
    """End the session of the caller. A second time changes nothing."""

    transactions: Transactions[IdentityTx]
    clock: Clock
    recent: RecentAccess

    async def __call__(self, *, actor: Actor) -> None:
        """Refuse the session's tokens from now on: here at once, elsewhere within a second."""
        if actor.session_id is None or actor.user_id is None:
            return
        async with self.transactions.begin(PLATFORM) as tx:
            if await tx.sessions.end(actor.session_id, SessionEnd.LOGOUT, now=self.clock.now()):
                tx.record([SessionEnded(session_id=actor.session_id, user_id=actor.user_id)])
        self.recent.forget(actor.session_id)
