"""What becomes of a job: its states, its trouble, and when it is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from domain.shared.errors import InvalidState, NotFound


class JobState(StrEnum):
    """queued -> running -> succeeded | failed | cancelled; a failed attempt goes back to queued."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES: Final = frozenset({JobState.QUEUED, JobState.RUNNING})
"""States from which a job can still be cancelled."""

MAX_DEATHS: Final = 3
"""A job that was running in this many processes when they died is parked: it kills them."""

SUSPECT_DEATHS: Final = MAX_DEATHS - 1
"""From so many deaths on a job runs alone in its process: if it is innocent, it shows, and nobody dies with it."""


class JobNotFound(NotFound):
    """No job with this id in this workspace."""


class JobIsOver(InvalidState):
    """The job has ended; there is nothing left to cancel."""


class JobIsNotParked(InvalidState):
    """Only a failed job can be tried again or discarded."""


def must_be_cancellable(state: JobState) -> None:
    """Go on only if the job can still be stopped, or was.

    Raises:
        JobIsOver: it has ended otherwise.
    """
    if state in {JobState.SUCCEEDED, JobState.FAILED}:
        raise JobIsOver("the job has ended", current=state, allowed=sorted(OPEN_STATES))


def must_be_parked(state: JobState) -> None:
    """Go on only if the job has failed.

    Raises:
        JobIsNotParked: it has not.
    """
    if state is not JobState.FAILED:
        raise JobIsNotParked("the job has not failed", current=state, allowed=[JobState.FAILED])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an attempt did not succeed.

    `code`, `detail` and `facts` are public (a problem without its status); `error_type` and `message` are
    for operators, and with the job's request id they lead to its log lines.
    """

    code: str
    detail: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    error_type: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Back-off with full jitter: before attempt n + 1 a random wait of up to min(cap, base * 2^(n - 1)) seconds.

    Eight attempts with these defaults spread over about ten minutes. Source of full jitter: AWS Architecture
    Blog, "Exponential Backoff And Jitter", 2015.
    """

    max_attempts: int = 8
    base_seconds: float = 2.0
    cap_seconds: float = 600.0

    def delay(self, attempt: int, chance: float, *, at_least_seconds: float = 0.0) -> timedelta | None:
        """How long to wait after this failed attempt (counted from 1); None when it was the last.

        Args:
            chance: a number in [0, 1).   at_least_seconds: what the failing side asked for.
        """
        if attempt >= self.max_attempts:
            return None
        ceiling = min(self.cap_seconds, self.base_seconds * 2.0 ** min(attempt - 1, 32))
        return timedelta(seconds=at_least_seconds + chance * ceiling)
