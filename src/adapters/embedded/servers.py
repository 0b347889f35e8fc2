"""Both servers together: started once for a folder, shared by all who ask, stopped by the last one out."""

import contextlib
import fcntl
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from adapters.embedded import guard
from adapters.embedded.accounts import account_for
from adapters.embedded.binaries import postgres_programs, valkey_program
from adapters.embedded.places import data_folder, socket_folder
from adapters.embedded.postgres import start_postgres
from adapters.embedded.valkey import start_valkey


@dataclass(slots=True)
class EmbeddedServers:
    """Running servers. Leaving the block stops them, unless another process still uses them."""

    database_url: str
    redis_url: str
    home: Path
    _users: IO[str]
    _children: "list[subprocess.Popen[bytes]]"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Give up our use. The last one out waits until both servers have ended."""
        with _locked(self.home / "start"):
            while not _try_lock(self._users, fcntl.LOCK_EX):
                if _try_lock(self._users, fcntl.LOCK_SH):
                    for child in self._children:
                        child.returncode = 0  # others use it: Python need not take it for forgotten
                    break
                time.sleep(0.01)  # the guard is stopping them
            else:
                guard.stop_servers(self.home)
                for child in self._children:
                    child.wait()
            self._users.close()


def start_servers(state: Path, *, durable: bool = True) -> EmbeddedServers:
    """Start PostgreSQL and Valkey with their data below `state` (usually `.usher`), or join running ones.

    Works as root and as an ordinary user. `durable=False` trades safety for speed, for tests.

    Raises:
        CannotStart: the message says why and what to do.
    """
    state = state.resolve()
    account = account_for(state / "postgres")
    home = data_folder(state, account)
    account = account_for(home / "postgres")
    with _locked(home / "start"):
        users = (home / "users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)  # waits for a guard that is just stopping them
        try:
            sockets = socket_folder(home, account)
            programs = postgres_programs(account, home)
            database = start_postgres(programs, home, sockets, account, durable=durable)
            redis = start_valkey(valkey_program(account, home), home, sockets, account, durable=durable)
        finally:
            _post_guard(home)
    children = [server.child for server in (database, redis) if server.child is not None]
    return EmbeddedServers(database.url, redis.url, home, users, children)


def _post_guard(home: Path) -> None:
    """Leave the guard behind; the shell between makes it nobody's child, so nobody has to wait for it."""
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-I", "-S", guard.__file__, str(home)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=True,
    )


@contextlib.contextmanager
def _locked(file: Path) -> Generator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _try_lock(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
