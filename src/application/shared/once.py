"""Safe retries: the answer to an `Idempotency-Key` is stored in the transaction of its effect."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from domain.shared.errors import Conflict, Refusal
from domain.shared.ids import WorkspaceId

Tx = TypeVar("Tx")


class KeyReused(Refusal):
    """The same key came with another request."""

    code = "idempotency_key_reused"


class StillRunning(Conflict):
    """The first request with this key has not ended yet."""

    code = "idempotency_in_progress"


class Once(msgspec.Struct, frozen=True):
    """What makes a request the same request: who asked, which route, which key, and a SHA-256 of its content."""

    caller: str
    route: str
    key: str
    fingerprint: bytes


class Answer(msgspec.Struct, frozen=True):
    """An answer as it left: status, body, and the `Location` and `ETag` headers where they were set."""

    status: int
    body: bytes
    location: str | None = None
    etag: str | None = None


class Answers(Protocol):
    """Stored answers, inside a transaction."""

    async def find(self, once: Once, /) -> Answer | None:
        """Take the key for this transaction and look for an earlier answer.

        Raises:
            KeyReused: the key was used for another request.
            StillRunning: another transaction holds the key right now.
        """
        ...

    async def keep(self, once: Once, answer: Answer, /) -> None:
        """Store the answer; it stands or falls with the transaction."""
        ...


class AnswersTx(Protocol):
    """What the door may touch around a use case."""

    @property
    def answers(self) -> Answers: ...


@dataclass(frozen=True, slots=True)
class Joined(Generic[Tx]):
    """`Transactions` that join one already open: the door gives it to a use case whose effect and
    stored answer must be one commit.
    """

    tx: Tx
    tenant: WorkspaceId

    @asynccontextmanager
    async def begin(self, tenant: WorkspaceId, /) -> AsyncGenerator[Tx]:
        """Hand out the open transaction; its owner commits."""
        if tenant != self.tenant:
            raise RuntimeError("a joined transaction cannot change its tenant")
        yield self.tx
