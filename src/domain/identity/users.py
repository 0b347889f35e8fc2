"""Accounts: one per person, in no workspace, known by an e-mail address."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from domain.shared.errors import FieldProblem, Forbidden, NotFound
from domain.shared.events import Event
from domain.shared.ids import UserId

LONGEST_EMAIL: Final = 254
"""Characters. Source: RFC 5321, 4.5.3.1.3 with erratum 1690."""

LONGEST_NAME: Final = 100

_EMAIL: Final = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f.]+(\.[^\s@\x00-\x1f\x7f.]+)+")


class UserNotFound(NotFound): ...


class AccountSuspended(Forbidden):
    """The account exists, the credentials are right, and an administrator has closed it for now."""

    code = "account_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEvent(Event):
    """Something happened to an account. Belongs to the platform's feed, not to a workspace's."""

    user_id: UUID

    @property
    def subject(self) -> tuple[str, UUID]:
        return "usr", self.user_id


class UserRegistered(UserEvent):
    """A new account. Welcome mail and CRM follow it."""

    name: ClassVar[str] = "user.registered"


class RegistrationRepeated(UserEvent):
    """Somebody registered with the address of this account: its owner should hear of it, the caller not."""

    name: ClassVar[str] = "user.registration_repeated"


class UserRenamed(UserEvent):
    name: ClassVar[str] = "user.renamed"


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """A person's account. The password's hash is kept apart and never loaded with it."""

    id: UserId
    email: str
    display_name: str
    created_at: datetime
    is_admin: bool = False
    suspended_at: datetime | None = None
    version: int = 0
    events: list[UserEvent] = field(default_factory=list[UserEvent], repr=False)

    @classmethod
    def register(cls, *, id: UserId, email: str, display_name: str, now: datetime, is_admin: bool = False) -> "User":
        """A new account; check the inputs with `problems_of` first."""
        user = cls(id=id, email=email, display_name=display_name, created_at=now, is_admin=is_admin)
        user.events.append(UserRegistered(user_id=id))
        return user

    @property
    def email_key(self) -> str:
        """The address as it is compared: see `email_key`."""
        return email_key(self.email)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    def rename(self, display_name: str) -> None:
        """Show another name from now on; the same name again changes nothing."""
        if display_name != self.display_name:
            self.display_name = display_name
            self.events.append(UserRenamed(user_id=self.id))


def email_key(email: str) -> str:
    """Two spellings of one address have one key: case folded, NFC. Nothing else is guessed (no dots, no tags)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email).casefold())


def problems_of_email(email: str, *, pointer: str = "/email") -> list[FieldProblem]:
    """What is wrong with an address; only its owner can tell whether mail arrives."""
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        return [FieldProblem(pointer=pointer, code="invalid_email", message="must be an e-mail address")]
    return []


def problems_of_name(name: str, *, pointer: str) -> list[FieldProblem]:
    """What is wrong with the name of a person, a workspace or a key: blank, too long, control characters."""
    if not name.strip():
        return [FieldProblem(pointer=pointer, code="required", message="must not be blank")]
    if len(name) > LONGEST_NAME:
        message = f"must have at most {LONGEST_NAME} characters"
        return [FieldProblem(pointer=pointer, code="too_long", message=message, meta={"max": LONGEST_NAME})]
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        return [FieldProblem(pointer=pointer, code="invalid", message="must not hold control characters")]
    return []
