"""The machine's own clock, ids and chance."""

import os
import random
import threading
import time
from datetime import UTC, datetime
from uuid import UUID


class SystemClock:
    """`Clock` of this machine."""

    def now(self) -> datetime:
        """The present moment, UTC, to the microsecond."""
        return datetime.now(UTC)


class TimeOrderedIds:
    """`Ids`: UUIDv7 whose 12 sub-millisecond bits count up, so ids of one process sort as they were made.

    Source: RFC 9562, section 5.7 and method 1 of section 6.2.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> UUID:
        """A fresh id."""
        with self._lock:
            # Milliseconds and a 12-bit counter in one number; a burst of over 4,096 borrows from the next millisecond.
            self._last = ticks = max((time.time_ns() // 1_000_000) << 12, self._last + 1)
        chance = int.from_bytes(os.urandom(8), "big") >> 2
        return UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | chance)


class SystemChance:
    """`Chance` of the operating system."""

    def token(self, size: int, /) -> bytes:
        """`size` unguessable bytes."""
        return os.urandom(size)

    def fraction(self) -> float:
        """A number in [0, 1) for jitter."""
        return random.random()  # noqa: S311 - jitter, never a secret
