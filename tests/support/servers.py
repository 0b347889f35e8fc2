"""One PostgreSQL and one Valkey for a test session, shared by all its processes, started when first asked for."""

import asyncio
import fcntl
import os
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from adapters.embedded import EmbeddedServers, start_servers

T = TypeVar("T")

TEMPLATE = "usher_template"
_STATE = "USHER_TEST_STATE"


def announce_state() -> bool:
    """Choose the session's folder, in the first process only; its workers inherit it. True for the first."""
    if _STATE in os.environ:
        return False
    folder = Path(tempfile.mkdtemp(prefix="usher-test-"))
    folder.chmod(0o755)  # as root the servers run under another account, which must get in
    os.environ[_STATE] = str(folder / "state")
    return True


def forget_state() -> None:
    """Take the session's folder away."""
    shutil.rmtree(Path(os.environ.pop(_STATE)).parent, ignore_errors=True)


def start_session_servers() -> EmbeddedServers:
    """Start or join the session's servers. Nothing is synced to disk."""
    return start_servers(Path(os.environ[_STATE]), durable=False)


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def make_template(servers: EmbeddedServers) -> None:
    """Create and migrate the database that others are copied from, once for all processes."""
    with (Path(os.environ[_STATE]) / "template").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            apart(_make_template(servers.database_url))
            lock.write("made")


async def _make_template(url: str) -> None:
    from adapters.postgres.migrating import migrate_up  # noqa: PLC0415 - half a second that few tests need

    await create_database(url, TEMPLATE)
    await migrate_up(with_database(url, TEMPLATE))


async def create_database(url: str, name: str) -> None:
    """Create an empty database."""
    await _command(url, f"CREATE DATABASE {name}")


async def clone_database(url: str, name: str) -> str:
    """Copy the migrated template; the URL of the copy (20-40 ms)."""
    await _command(url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    return with_database(url, name)


async def drop_database(url: str, name: str) -> None:
    """Drop a copy, whoever is still connected."""
    await _command(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _command(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread and a loop of its own, whether or not a loop runs here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
