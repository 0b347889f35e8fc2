"""Schedules as data: what is due, and which missed times are made up for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.shared.jobs import Queue

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A job of the platform at regular times: every `every`, counted from 1970-01-01T00:00Z plus `offset`.

    Daily at 03:15 UTC is `every=timedelta(days=1), offset=timedelta(hours=3, minutes=15)`. Times that passed
    while nothing ran are made up for, once each, oldest first, but only the newest `catch_up` of them.
    """

    name: str
    kind: str
    every: timedelta
    offset: timedelta = timedelta()
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    queue: Queue = Queue.BULK
    catch_up: int = 1

    def slots(self, last: datetime | None, now: datetime) -> list[datetime]:
        """Due times after `last` up to `now`, oldest first; without a `last`, only the newest."""
        newest = now - (now - _EPOCH - self.offset) % self.every
        count = self.catch_up if last else 1
        due = [newest - self.every * back for back in range(count - 1, -1, -1)]
        return [slot for slot in due if last is None or slot > last]
