"""Places where a test lets the process die, to prove that nothing is lost or done twice."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

FailPoint = Callable[[str], None]
"""Called with the name of the place that is passed. Injected; nothing but a test's process acts on it."""

FAIL_POINTS: Final = ("before_claim", "after_claim", "before_call", "after_call", "after_commit", "before_ack")
"""The life of a job: before and after it is taken, around its outside call, committed, before its bell is put away."""


def pass_by(_: str, /) -> None:
    """Go on: what every process but a test's does."""


@dataclass(frozen=True, slots=True)
class DieAt:
    """Kill this process with SIGKILL at the `turn`-th passing (from 1) of the place."""

    place: str
    turn: int = 1
    _passed: "count[int]" = field(default_factory=lambda: count(1), repr=False, compare=False)

    def __call__(self, place: str, /) -> None:
        """Pass the place, or die there."""
        if place == self.place and next(self._passed) == self.turn:
            os.kill(os.getpid(), signal.SIGKILL)


def fail_point_of(setting: str | None, /, *, is_test: bool) -> FailPoint:
    """The fail point that a setting such as `after_claim:2` names; outside tests, and without one, none.

    Raises:
        ValueError: no such place, or no such turn.
    """
    if not setting or not is_test:
        return pass_by
    place, _, turn = setting.partition(":")
    if place not in FAIL_POINTS:
        raise ValueError(f"a fail point is one of {', '.join(FAIL_POINTS)}")
    return DieAt(place, int(turn or 1))
