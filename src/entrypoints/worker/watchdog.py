"""A process whose loop stands still says where, and makes room for another."""

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from typing import Final

STOOD_STILL: Final = 70
"""Exit code of a worker whose loop did not answer. EX_SOFTWARE; source: sysexits.h."""


def give_up() -> None:
    """Print the stacks of all threads and end at once; leases and bells see to the jobs."""
    sys.stderr.write("the event loop stands still; this worker gives up\n")
    faulthandler.dump_traceback(all_threads=True)
    os._exit(STOOD_STILL)


class Watchdog(threading.Thread):
    """Asks the loop every `beat_seconds` for a sign of life, and after three without one calls `give_up`.

    A body that computes or sleeps without `await` stops every job of the process and the renewal of all leases.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, beat_seconds: float, give_up: Callable[[], None] = give_up
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._loop = loop
        self._beat_seconds = beat_seconds
        self._give_up = give_up
        self._stopped = threading.Event()

    def run(self) -> None:
        """Watch until stopped."""
        missed = 0
        while not self._stopped.wait(self._beat_seconds if missed == 0 else 0):
            sign = threading.Event()
            self._loop.call_soon_threadsafe(sign.set)
            missed = 0 if sign.wait(self._beat_seconds) else missed + 1
            if missed == 3:
                self._give_up()
                return

    def stop(self) -> None:
        """Watch no longer; before the loop ends."""
        self._stopped.set()
