"""`Prefer: wait=N`: the client would rather wait than poll. Source: RFC 7240."""

import re
from typing import Final

from entrypoints.http.edge.exchange import current

_WAIT: Final = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})\"?\s*(?=$|[,;])", re.IGNORECASE)


def seconds_to_wait(prefer: str | None, *, at_most: int = 30) -> int:
    """How long the client wants to wait, cut at `at_most`; 0 where it did not ask. Other preferences are ignored."""
    match = _WAIT.search(prefer) if prefer else None
    return min(int(match[1]), at_most) if match else 0


def applied(seconds: int) -> None:
    """Tell the client that its wish was followed; call it only when the answer is the finished result."""
    current().say("Preference-Applied", f"wait={seconds}")
