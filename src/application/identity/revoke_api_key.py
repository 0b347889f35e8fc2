"""Withdrawing an API key."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.api_keys import ApiKey
from domain.identity.ports import IdentityTx
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import ApiKeyId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """Refuse a key of the caller's workspace: here at once, elsewhere within a second. Twice changes nothing."""

    transactions: Transactions[IdentityTx]
    clock: Clock
    recent: RecentAccess

    async def __call__(self, *, actor: Actor, api_key_id: ApiKeyId, seen: int | None = None) -> ApiKey:
        """The withdrawn key.

        Args:
            seen: the version the caller has seen; None withdraws any.

        Raises:
            Forbidden: the caller may not manage keys.
            ApiKeyNotFound: none with this id here.
            PreconditionFailed: it was changed meanwhile.
        """
        actor.must("keys:manage")
        async with self.transactions.begin(actor.tenant) as tx:
            key = await tx.api_keys.get(api_key_id)
            if seen is not None and seen != key.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=key.version)
            key.revoke(self.clock.now())
            if key.events:
                await tx.api_keys.save(key)
        self.recent.forget(api_key_id)
        return key
