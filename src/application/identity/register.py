"""Registering, and making accounts for others."""

from dataclasses import dataclass

from domain.identity.passwords import problems_of_password
from domain.identity.ports import IdentityTx, PasswordHasher
from domain.identity.users import LONGEST_NAME, RegistrationRepeated, User, problems_of_email, problems_of_name
from domain.shared.errors import AlreadyExists, Invalid
from domain.shared.ids import PLATFORM, UserId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class Register:
    """Make an account for whoever asks. A known address gets the same answer after the same work (decision 12)."""

    transactions: Transactions[IdentityTx]
    passwords: PasswordHasher
    clock: Clock
    ids: Ids

    async def __call__(self, *, email: str, password: str, display_name: str | None = None) -> None:
        """Register, or let the owner of the address know that somebody tried.

        Args:
            display_name: None for what stands before the @.

        Raises:
            Invalid: the address, the password or the name will not do; says nothing about who is known.
        """
        name = (email.partition("@")[0] or email)[:LONGEST_NAME] if display_name is None else display_name
        _check(email, password, name)
        password_hash = await self.passwords.hash(password)
        user = User.register(id=UserId(self.ids.new()), email=email, display_name=name, now=self.clock.now())
        async with self.transactions.begin(PLATFORM) as tx:
            owner = await tx.users.register(user, password_hash)
            if owner != user.id:
                tx.record([RegistrationRepeated(user_id=owner)])


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """Make an account on the operator's behalf: the command line and the demo data. Says what it found."""

    transactions: Transactions[IdentityTx]
    passwords: PasswordHasher
    clock: Clock
    ids: Ids

    async def __call__(self, *, email: str, password: str, display_name: str, is_admin: bool = False) -> User:
        """The new account.

        Raises:
            Invalid: the address, the password or the name will not do.
            AlreadyExists: the address has an account, which stays as it is. Fact: `user_id`.
        """
        _check(email, password, display_name)
        password_hash = await self.passwords.hash(password)
        user = User.register(
            id=UserId(self.ids.new()),
            email=email,
            display_name=display_name,
            now=self.clock.now(),
            is_admin=is_admin,
        )
        async with self.transactions.begin(PLATFORM) as tx:
            owner = await tx.users.register(user, password_hash)
        if owner != user.id:
            raise AlreadyExists("this address has an account already", user_id=str(owner))
        return user


def _check(email: str, password: str, display_name: str) -> None:
    problems = [
        *problems_of_email(email),
        *problems_of_password(password, email=email),
        *problems_of_name(display_name, pointer="/display_name"),
    ]
    if problems:
        raise Invalid(problems)
