"""A process started by `usher dev` does not outlive it, even when it is killed."""

import os
import signal
import threading
import time
from typing import Final

SUPERVISOR: Final = "USHER_SUPERVISOR"
"""Environment variable: the process id of the supervisor."""
_LOOK_SECONDS: Final = 0.5
_DRAIN_SECONDS: Final = 25.0


def follow_supervisor() -> None:
    """Watch the supervisor, if there is one, and end when it is gone."""
    told = os.environ.get(SUPERVISOR, "")
    if told.isdigit() and os.getppid() == int(told):
        threading.Thread(target=_end_after, args=(int(told),), name="lifeline", daemon=True).start()


def _end_after(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_DRAIN_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
