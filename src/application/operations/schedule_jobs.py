"""Schedules become jobs: each due time once, whoever is first."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.operations.ports import SlotsTx
from domain.operations.schedules import Schedule
from domain.shared.ids import PLATFORM
from domain.shared.jobs import JobSpec
from domain.shared.ports import Clock, Transactions

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleJobs:
    """Write a job of the platform for each due time that nobody has taken, in the transaction that takes it."""

    transactions: Transactions[SlotsTx]
    clock: Clock
    schedules: Sequence[Schedule]

    async def __call__(self) -> int:
        """How many jobs were written."""
        now = self.clock.now()
        return sum([await self._run(schedule, now) for schedule in self.schedules])

    async def _run(self, schedule: Schedule, now: datetime) -> int:
        taken = 0
        async with self.transactions.begin(PLATFORM) as tx:
            for due_at in schedule.slots(await tx.slots.last(schedule.name), now):
                if not await tx.slots.take(schedule.name, due_at):
                    continue
                await tx.jobs.add(JobSpec(kind=schedule.kind, payload=schedule.payload, queue=schedule.queue))
                _log.info("schedule is due", extra={"schedule": schedule.name, "due_at": due_at.isoformat()})
                taken += 1
        return taken
