"""Changing the own profile."""

from dataclasses import dataclass

from domain.identity.ports import IdentityTx
from domain.identity.users import User, problems_of_name
from domain.shared.access import Actor
from domain.shared.errors import Forbidden, Invalid, PreconditionFailed
from domain.shared.ids import PLATFORM
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class RenameUser:
    """Show another name for the caller."""

    transactions: Transactions[IdentityTx]

    async def __call__(self, *, actor: Actor, display_name: str | None, seen: int | None = None) -> User:
        """The account after the change.

        Args:
            display_name: None keeps it.
            seen: the version the caller has seen; None changes any.

        Raises:
            Invalid: the name will not do.
            PreconditionFailed: it was changed meanwhile.
        """
        if actor.user_id is None:
            raise Forbidden("an API key has no account")
        if display_name is not None and (problems := problems_of_name(display_name, pointer="/display_name")):
            raise Invalid(problems)
        async with self.transactions.begin(PLATFORM) as tx:
            user = await tx.users.get(actor.user_id)
            if seen is not None and seen != user.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=user.version)
            if display_name is not None:
                user.rename(display_name)
            if user.events:
                await tx.users.save(user)
            return user
