"""Stored answers to Idempotency-Keys."""

import hashlib
from typing import TYPE_CHECKING, Final

import asyncpg

from application.shared.once import Answer, KeyReused, Once, StillRunning

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_FIND: Final = """
SELECT pg_try_advisory_xact_lock($1) AS free, a.fingerprint, a.status, a.body, a.location, a.etag
FROM (SELECT 1) AS one LEFT JOIN answers a
  ON a.workspace_id = $2 AND a.caller = $3 AND a.route = $4 AND a.key = $5
"""

_KEEP: Final = """
INSERT INTO answers (workspace_id, caller, route, key, fingerprint, status, body, location, etag, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


class PostgresAnswers:
    """`Answers` in the `answers` table; the key is held by an advisory lock until the transaction ends."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def find(self, once: Once, /) -> Answer | None:
        """See `application.shared.once.Answers.find`."""
        lock = _lock_number(once, self._tx.tenant.bytes)
        row = await self._tx.connection.fetchrow(_FIND, lock, self._tx.tenant, once.caller, once.route, once.key)
        if row is None or not row["free"]:
            raise StillRunning("the first request with this key has not ended yet")
        if row["status"] is None:
            return None
        if row["fingerprint"] != once.fingerprint:
            raise KeyReused("this key was used for another request")
        return Answer(row["status"], row["body"], row["location"], row["etag"])

    async def keep(self, once: Once, answer: Answer, /) -> None:
        """See `application.shared.once.Answers.keep`."""
        try:
            await self._tx.connection.execute(
                _KEEP,
                self._tx.tenant,
                once.caller,
                once.route,
                once.key,
                once.fingerprint,
                answer.status,
                answer.body,
                answer.location,
                answer.etag,
                self._tx.clock.now(),
            )
        except asyncpg.UniqueViolationError as error:
            # The other request committed between this one's snapshot and its lock: roll back, the retry replays.
            raise StillRunning("the first request with this key has just ended") from error


def _lock_number(once: Once, tenant: bytes) -> int:
    """A signed 64-bit number for the key. Two keys share one by a 2^-64 accident; then one of them is told to wait."""
    digest = hashlib.blake2b(digest_size=8)
    for part in (tenant, once.caller.encode(), once.route.encode(), once.key.encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    return int.from_bytes(digest.digest(), "big", signed=True)
