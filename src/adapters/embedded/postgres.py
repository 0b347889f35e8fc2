"""The embedded PostgreSQL: one cluster in a folder, reached by a Unix socket, no TCP port."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from adapters.embedded import guard
from adapters.embedded.accounts import Account, Started
from adapters.embedded.trouble import CannotStart

_PORT = 5432
"""Only part of the socket's name."""
_BUILTIN_LOCALE_SINCE = 17
_PATIENCE_SECONDS = 60.0

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(_PORT),
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
}
_FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
"""For tests: nothing survives a power cut, and nobody minds."""


def start_postgres(programs: Path, home: Path, sockets: Path, account: Account, *, durable: bool) -> Started:
    """Start the cluster in `home`, made if there is none. Reuses a running one.

    Raises:
        CannotStart: with the end of the server's log.
    """
    data = home / "postgres"
    for left in home.glob("postgres.new*"):
        shutil.rmtree(left, ignore_errors=True)
    if not (data / "PG_VERSION").exists():
        _create(programs, data, account)
    url = f"postgresql://postgres@/postgres?host={quote(str(sockets), safe='/')}&port={_PORT}"
    pid_file = data / "postmaster.pid"
    if (pid := guard.pid_in(pid_file)) is not None and guard.lives(pid, "postgres"):
        _wait_until_ready(pid_file, home / "postgres.log")
        return Started(url)
    # A killed postmaster that PID 1 has not reaped, or a reused pid, makes PostgreSQL refuse to start.
    for stale in (pid_file, sockets / f".s.PGSQL.{_PORT}.lock", sockets / f".s.PGSQL.{_PORT}"):
        stale.unlink(missing_ok=True)
    settings = {**_SETTINGS, "unix_socket_directories": str(sockets), **({} if durable else _FORGETFUL)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (home / "postgres.log").open("ab") as log:
        process = account.spawn([programs / "postgres", "-D", data, *options], cwd=data, output=log)
    _wait_until_ready(pid_file, home / "postgres.log", lambda: process.poll() is not None)
    return Started(url, process)


def _create(programs: Path, data: Path, account: Account) -> None:
    """Make the cluster beside its place and move it there: an interrupted start leaves no half of one.

    The place has our number in its name: the initdb of a start that was killed may still be at work in another.
    """
    version = account.run([programs / "postgres", "--version"], cwd=Path("/"))
    major = int(version.split()[2].split(".")[0])
    locale = ["--locale=C.UTF-8"]
    if major >= _BUILTIN_LOCALE_SINCE:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    making = data.with_name(f"postgres.new.{os.getpid()}")
    account.own_folder(making)
    account.run(
        [
            programs / "initdb",
            "-D",
            making,
            "-U",
            "postgres",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
            *locale,
        ],
        cwd=making,
    )
    making.rename(data)


def _wait_until_ready(pid_file: Path, log: Path, ended: Callable[[], bool] = lambda: False) -> None:
    """Wait for the last line of the pid file to say so. Source: PostgreSQL, miscadmin.h, postmaster.pid line 8."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and not ended():
        with contextlib.suppress(OSError, IndexError):
            if pid_file.read_text().splitlines()[7].strip() == "ready":
                return
        time.sleep(0.005)
    raise CannotStart(f"PostgreSQL did not start; the end of {log}:\n{tail(log)}")


def tail(log: Path) -> str:
    """The end of a log, for a message."""
    try:
        return log.read_text(errors="replace")[-2000:]
    except OSError:
        return "(no log)"
