"""Ports that every context needs: time, ids, chance, and transactions."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.shared.ids import WorkspaceId

Tx_co = TypeVar("Tx_co", covariant=True)


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Ids(Protocol):
    """The only source of new ids."""

    def new(self) -> UUID:
        """A fresh UUIDv7 (RFC 9562): later ones sort behind earlier ones of the same process."""
        ...


class Chance(Protocol):
    """The only source of randomness."""

    def token(self, size: int, /) -> bytes:
        """`size` unguessable bytes."""
        ...

    def fraction(self) -> float:
        """A number in [0, 1), good enough for jitter and never for secrets."""
        ...


class Transactions(Protocol[Tx_co]):
    """Units of work, each confined to one workspace.

    Leaving the block commits; an exception rolls back and nothing of it remains. What a `get` loads stays
    locked until the end. Never wait for the network inside.
    """

    def begin(self, tenant: WorkspaceId, /) -> AbstractAsyncContextManager[Tx_co]:
        """Open a transaction that sees and changes only this workspace's rows."""
        ...
