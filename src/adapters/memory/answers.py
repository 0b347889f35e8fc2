"""Stored answers in memory."""

from typing import TYPE_CHECKING

from application.shared.once import Answer, KeyReused, Once, StillRunning

if TYPE_CHECKING:
    from adapters.memory.database import MemoryTransaction


class MemoryAnswers:
    """`Answers` in a dictionary; the key is held by a lock until the transaction ends."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def find(self, once: Once, /) -> Answer | None:
        """See `application.shared.once.Answers.find`."""
        key = (self._tx.tenant, once.caller, once.route, once.key)
        held = self._tx.database.locks.get(("answers", key))
        if held is not None and held.locked():
            raise StillRunning("the first request with this key has not ended yet")
        await self._tx.lock("answers", key)
        kept = self._tx.read("answers").get(key)
        if kept is None:
            return None
        fingerprint, answer = kept
        if fingerprint != once.fingerprint:
            raise KeyReused("this key was used for another request")
        return answer

    async def keep(self, once: Once, answer: Answer, /) -> None:
        """See `application.shared.once.Answers.keep`."""
        key = (self._tx.tenant, once.caller, once.route, once.key)
        self._tx.write("answers", key, (once.fingerprint, answer))
