"""The watchdog of a worker's loop."""

import asyncio
import threading
import time

from entrypoints.worker.watchdog import Watchdog


async def test_lets_a_living_loop_be() -> None:
    gave_up = threading.Event()
    watchdog = Watchdog(asyncio.get_running_loop(), beat_seconds=0.02, give_up=gave_up.set)
    watchdog.start()

    await asyncio.sleep(0.3)
    watchdog.stop()

    assert not gave_up.is_set()


async def test_gives_up_on_a_loop_that_stands_still() -> None:
    gave_up = threading.Event()
    watchdog = Watchdog(asyncio.get_running_loop(), beat_seconds=0.02, give_up=gave_up.set)
    watchdog.start()

    time.sleep(0.3)

    assert gave_up.is_set()
