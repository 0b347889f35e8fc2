"""`Prefer: wait=N`: the client would rather wait than poll. Source: RFC 7240."""

import re
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from entrypoints.http.edge.exchange import current

_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)


@dataclass(slots=True)
class Waits:
    """Who waits in this process. Ask for it as `waits: NamedDependency[Waits]`.

    A request that waits keeps one of the places that all requests share. So only `most` wait at a time, and `most_each`
    of one caller; whoever comes then is answered at once, as if they had not asked.
    """

    longest_seconds: int = 30
    most: int = 200
    most_each: int = 20
    _waiting: Counter[str | None] = field(default_factory=Counter[str | None])

    @contextmanager
    def place(self, prefer: str | None) -> Generator[int]:
        """How long this request may wait while the block lasts; 0 where it did not ask or there is no room."""
        seconds, caller = seconds_to_wait(prefer, at_most=self.longest_seconds), current().caller
        if not seconds or self._waiting.total() >= self.most or self._waiting[caller] >= self.most_each:
            yield 0
            return
        self._waiting[caller] += 1
        try:
            yield seconds
        finally:
            self._waiting[caller] -= 1
            if not self._waiting[caller]:
                del self._waiting[caller]


def seconds_to_wait(prefer: str | None, *, at_most: int) -> int:
    """How long the client wants to wait, cut at `at_most`; 0 where it did not ask. Other preferences are ignored."""
    match = _WAIT.search(prefer) if prefer else None
    return min(int(match[1]), at_most) if match else 0


def applied(seconds: int) -> None:
    """Tell the client that its wish was followed; call it only when the answer is the finished result."""
    current().say("Preference-Applied", f"wait={seconds}")
