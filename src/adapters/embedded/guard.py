"""Stops the servers when nobody uses them any more, even when their starter was killed.

Runs as a process of its own, from this file alone (standard library only): it waits until no process holds the
lock on `users`, then stops what the pid files name. Also imported, for the orderly way out.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_SERVERS = (
    ("postgres/postmaster.pid", "postgres", (signal.SIGINT, signal.SIGQUIT)),
    ("valkey/pid", "server", (signal.SIGTERM, signal.SIGKILL)),
)
"""Pid file, what the program's name contains, and the signals: first the polite one, then the firm one.

SIGINT is PostgreSQL's fast shutdown. Source: PostgreSQL manual, section 18.5.
"""
_PATIENCE_SECONDS = 20.0


def pid_in(file: Path) -> int | None:
    """The process id on the first line, or None."""
    try:
        return int(file.read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return None


def lives(pid: int, name: str) -> bool:
    """Whether this process runs and is a `name`. A zombie does not run; a reused pid has another name."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            head, tail = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        except (OSError, IndexError):
            return False
        return tail.split()[0] not in "ZX" and name in head
    shown = subprocess.run(
        ["/bin/ps", "-o", "stat=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(shown) and not shown.startswith("Z") and name in shown


def stop_servers(home: Path) -> None:
    """Stop whatever the pid files below `home` name, and wait until it is gone."""
    for file, name, signals in _SERVERS:
        pid = pid_in(home / file)
        for number in signals:
            if pid is None or not lives(pid, name):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            _wait_for_end(pid, name)


def _wait_for_end(pid: int, name: str) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while lives(pid, name) and time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.01)


def main(home: Path) -> None:
    """Wait for the last user, then stop the servers."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(FileNotFoundError), (home / "users").open() as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        stop_servers(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
