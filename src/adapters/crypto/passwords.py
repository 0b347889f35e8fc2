"""Argon2id on its own threads."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from domain.shared.errors import ProviderUnavailable

R = TypeVar("R")

PROVIDER: Final = "password_hashing"

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. About 17 ms here; the library's default takes 140.
_MEMORY_KIB: Final = 19_456
_PASSES: Final = 2
_LANES: Final = 1


class Argon2Passwords:
    """`PasswordHasher` with few threads and a bounded queue, so that a flood of logins starves nobody else.

    Beyond `threads` running and `longest_queue` waiting it refuses at once; the library computes without the
    interpreter's lock.
    """

    def __init__(self, *, threads: int = 1, longest_queue: int = 64) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._most = threads + longest_queue
        self._busy = 0
        self._nobody = _hash_of_nothing()

    async def hash(self, password: str, /) -> str:
        """See `PasswordHasher.hash`."""
        return await self._compute(lambda: self._hasher.hash(password))

    async def verify(self, password: str, stored: str | None, /) -> bool:
        """See `PasswordHasher.verify`."""
        return await self._compute(lambda: self._matches(password, stored or self._nobody)) and stored is not None

    def is_outdated(self, stored: str, /) -> bool:
        """See `PasswordHasher.is_outdated`."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):
            return False

    async def _compute(self, work: Callable[[], R]) -> R:
        if self._busy >= self._most:
            raise ProviderUnavailable(PROVIDER, retry_after_seconds=1)
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._busy -= 1


def _hash_of_nothing() -> str:
    """A well-formed hash that was made of no password: checking against it takes as long as against a real one."""
    digest = sha256(b"nobody").digest()
    salt, end = (b64encode(part).rstrip(b"=").decode() for part in (digest[:16], digest))
    return f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${salt}${end}"
