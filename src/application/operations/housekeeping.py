"""Throwing away what is old, in small bites, so that no lock is held for long."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.operations.kinds import JobKind
from domain.operations.ports import Bin
from domain.operations.schedules import Schedule
from domain.shared.jobs import JobRun

_BITE: Final = 5_000

Bite = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """Delete what nobody may ask for any more. Safe to run twice, also at once.

    Answers to Idempotency-Keys are promised for 24 hours and results of jobs for 7 days; parked jobs wait
    30 days for an operator.
    """

    bin: Bin
    answers: timedelta = timedelta(hours=25)
    jobs: timedelta = timedelta(days=7)
    parked_jobs: timedelta = timedelta(days=30)
    slots: timedelta = timedelta(days=30)

    async def __call__(self, run: JobRun) -> Mapping[str, object]:
        """The body of the job `purge`: how many rows went, by table."""
        del run
        return {
            "answers": await _all(lambda: self.bin.purge_answers(older_than=self.answers, limit=_BITE)),
            "jobs": await _all(lambda: self.bin.purge_jobs(finished=self.jobs, parked=self.parked_jobs, limit=_BITE)),
            "slots": await _all(lambda: self.bin.purge_slots(older_than=self.slots, limit=_BITE)),
        }

    @property
    def kind(self) -> JobKind:
        """The kind of job that does this."""
        return JobKind(name=PURGE, body=self, time_limit_seconds=300)


PURGE: Final = "purge"

SCHEDULES: Final = (Schedule(name="purge", kind=PURGE, every=timedelta(hours=1), offset=timedelta(minutes=7)),)
"""What the platform does by itself, and when."""


async def _all(bite: Bite) -> int:
    total = 0
    while taken := await bite():
        total += taken
        if taken < _BITE:
            break
    return total
