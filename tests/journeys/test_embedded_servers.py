"""The embedded servers, through what happens to them on somebody's machine."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from redis import Redis

from adapters.embedded import start_servers
from adapters.embedded.guard import lives, pid_in, stop_servers

pytestmark = pytest.mark.journey
SRC = Path(__file__).resolve().parents[2] / "src"
HOLD = """
import sys
from pathlib import Path
from adapters.embedded import start_servers
with start_servers(Path(sys.argv[1])) as servers:
    print(servers.database_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose parents are open to everybody, as a checkout's usually are."""
    folder = Path(tempfile.mkdtemp(prefix="usher-"))
    folder.chmod(0o755)
    yield folder
    stop_servers(folder / ".usher")
    shutil.rmtree(folder)


@contextlib.contextmanager
def holder(state: Path) -> "Generator[subprocess.Popen[str]]":
    """Another process that uses the servers until its input is closed; yielded once they run."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        yield process


def until(is_true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def pids(home: Path) -> tuple[int, int]:
    postgres, valkey = pid_in(home / "postgres/postmaster.pid"), pid_in(home / "valkey/pid")
    assert postgres is not None
    assert valkey is not None
    return postgres, valkey


async def query(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_starts_both_servers_and_finds_the_data_again(folder):
    with start_servers(folder / ".usher") as first:
        await query(first.database_url, "CREATE TABLE kept AS SELECT 42 AS answer")
        Redis.from_url(first.redis_url).set("kept", "yes")

    with start_servers(folder / ".usher") as second:
        answer = await query(second.database_url, "SELECT answer FROM kept")
        kept = Redis.from_url(second.redis_url).get("kept")

    assert (answer, kept) == (42, b"yes")


async def test_listens_on_no_port_and_lets_nobody_else_in(folder):
    with start_servers(folder / ".usher", durable=False) as servers:
        sockets = Path(parse_qs(urlsplit(servers.database_url).query)["host"][0])
        addresses = await query(servers.database_url, "SHOW listen_addresses")

        assert addresses == ""
        assert Redis.from_url(servers.redis_url).config_get("port") == {"port": "0"}
        assert sockets.stat().st_mode & 0o077 == 0


async def test_stops_what_it_started(folder):
    with start_servers(folder / ".usher", durable=False) as servers:
        postgres, valkey = pids(servers.home)

    assert not lives(postgres, "postgres")
    assert not lives(valkey, "server")


async def test_recovers_what_was_committed_before_a_crash(folder):
    state = folder / ".usher"
    with start_servers(state) as servers:
        await query(servers.database_url, "CREATE TABLE kept (n int)")
        for n in range(50):
            await query(servers.database_url, f"INSERT INTO kept VALUES ({n})")
        Redis.from_url(servers.redis_url).set("kept", "yes")
        for pid in pids(servers.home):
            os.kill(pid, signal.SIGKILL)
        postgres, valkey = pids(servers.home)
        until(lambda: not lives(postgres, "postgres") and not lives(valkey, "server"), "still alive")

        with start_servers(state) as again:
            assert await query(again.database_url, "SELECT count(*) FROM kept") == 50
            assert await query(again.database_url, "SELECT 1") == 1


async def test_starts_although_a_start_was_killed_while_it_made_the_cluster(folder):
    state = folder / ".usher"
    with holder(state) as killed:
        until(lambda: any(folder.glob(".usher/postgres.new.*/base")), "no cluster begun")
        killed.kill()

    with start_servers(state, durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1


async def test_is_not_kept_out_by_a_pid_file_whose_pid_is_somebody_else(folder):
    with start_servers(folder / ".usher", durable=False) as servers:
        file = servers.home / "postgres/postmaster.pid"
        lines = file.read_text().splitlines()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    with start_servers(folder / ".usher", durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1


def test_is_shared_by_processes_that_start_at_once_and_stopped_by_the_last(folder):
    with contextlib.ExitStack() as stack:
        holders = [stack.enter_context(holder(folder / ".usher")) for _ in range(4)]
        urls = {process.stdout.readline() for process in holders if process.stdout}
        home = folder / ".usher"
        running = pids(home)
        for process in holders[:-1]:
            process.communicate()
        still = pids(home)
        holders[-1].communicate()

        assert len(urls) == 1
        assert still == running
        assert not lives(running[0], "postgres")


def test_stops_when_the_process_that_used_it_was_killed(folder):
    with holder(folder / ".usher") as process:
        assert process.stdout
        process.stdout.readline()
        postgres, valkey = pids(folder / ".usher")
        process.kill()

    until(lambda: not lives(postgres, "postgres") and not lives(valkey, "server"), "the servers still run")


async def test_works_in_a_folder_too_deep_for_sockets(folder):
    deep = folder.joinpath(*["a-rather-long-name-of-a-folder"] * 5)
    deep.mkdir(parents=True)

    with start_servers(deep, durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1
        assert Redis.from_url(servers.redis_url).ping()
    stop_servers(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its servers another account")
async def test_as_root_goes_elsewhere_when_the_folder_is_closed_and_says_where(folder):
    (folder / "closed").mkdir(mode=0o700)
    state = folder / "closed/.usher"

    with start_servers(state, durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1
        assert Path((state / "data-is-in").read_text().strip()) == servers.home
    shutil.rmtree(servers.home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_as_an_ordinary_user_needs_nobody(folder):
    folder.chmod(0o777)
    python = _python_of_everybody()
    packages = [path for path in sys.path if path.endswith("site-packages")]

    process = subprocess.run(
        [python, "-c", HOLD, str(folder / ".usher")],
        stdin=subprocess.DEVNULL, env={"PYTHONPATH": os.pathsep.join([str(SRC), *packages])}, capture_output=True,
        user="nobody", group="nogroup", extra_groups=[], cwd="/", text=True, check=False,
    )  # fmt: skip

    assert process.returncode == 0, process.stderr
    assert process.stdout.startswith("postgresql://")


def _python_of_everybody() -> str:
    """An interpreter that an ordinary user may run; root's own, and the checkout, are often in a closed folder."""
    ours = f"import os, sys; sys.exit(sys.version_info < (3, 11) or not os.access({str(SRC)!r}, os.X_OK))"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        with contextlib.suppress(OSError):
            check = [python, "-c", ours]
            if subprocess.run(check, user="nobody", cwd="/", capture_output=True, check=False).returncode == 0:
                return python
    pytest.skip("an ordinary user can run no Python here, or cannot enter this checkout")
