"""The relay process: rings for due jobs, looks for lost bells and lost leases, runs the schedules.

One process does all four, because each is a small query on the same tables; two of them at once are harmless,
so a second one may stand by.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from typing import Protocol

import uvloop

from application.operations.relay_jobs import RecallBells, RelayJobs, SweepLeases
from application.operations.schedule_jobs import ScheduleJobs
from domain.shared.errors import ProviderUnavailable

_log = logging.getLogger(__name__)


class Wakeups(Protocol):
    """News of committed jobs; each may stand for many, and some may get lost."""

    def listen(self) -> AsyncIterator[None]:
        """One item for each burst of news. Ends with ProviderUnavailable when the line breaks."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayTiming:
    """Seconds between looks. `crowded_seconds` counts while jobs wait for room in a window."""

    poll_seconds: float = 1.0
    crowded_seconds: float = 0.01
    recall_seconds: float = 1.0
    sweep_seconds: float = 2.0
    schedule_seconds: float = 5.0
    longest_back_off_seconds: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Four small loops in one process. Each outlives its errors, with back-off; `run` ends when cancelled."""

    relay_jobs: RelayJobs
    recall_bells: RecallBells
    sweep_leases: SweepLeases
    schedule_jobs: ScheduleJobs
    wakeups: Wakeups
    timing: RelayTiming = field(default_factory=RelayTiming)
    _news: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def run(self) -> None:
        """Work until cancelled."""
        timing = self.timing
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._for_ever("listen", 0.0, self._listen))
            loops.create_task(self._for_ever("relay", 0.0, self._relay))
            loops.create_task(self._for_ever("recall", timing.recall_seconds, self._recall))
            loops.create_task(self._for_ever("sweep", timing.sweep_seconds, self._sweep))
            loops.create_task(self._for_ever("schedule", timing.schedule_seconds, self.schedule_jobs))

    async def _listen(self) -> None:
        async for _ in self.wakeups.listen():
            self._news.set()

    async def _relay(self) -> None:
        self._news.clear()
        is_crowded = await self.relay_jobs()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.timing.crowded_seconds if is_crowded else self.timing.poll_seconds):
                await (asyncio.Event() if is_crowded else self._news).wait()

    async def _recall(self) -> None:
        if await self.recall_bells():
            self._news.set()

    async def _sweep(self) -> None:
        if await self.sweep_leases():
            self._news.set()

    async def _for_ever(self, name: str, pause_seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        back_off = 0.0
        while True:
            try:
                await work()
                back_off = 0.0
            except ProviderUnavailable as error:
                back_off = min(self.timing.longest_back_off_seconds, back_off * 2 or 0.1)
                _log.warning("%s waits: %s", name, error, extra={"back_off_seconds": back_off})
            await asyncio.sleep(max(pause_seconds, back_off))


def run_relay(open_relay: Callable[[], AbstractAsyncContextManager[Relay]]) -> int:
    """Relay until SIGTERM or SIGINT. The exit code. A round under way is cut: what it marked is found again."""
    uvloop.run(_until_signal(open_relay))
    return 0


async def _until_signal(open_relay: Callable[[], AbstractAsyncContextManager[Relay]]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_relay() as relay:
        running = asyncio.create_task(relay.run())
        stopping = asyncio.create_task(stop.wait())
        _log.info("relay is ready")
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
