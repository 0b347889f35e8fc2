"""`usher dev`, as a newcomer runs it."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.embedded.guard import lives, stop_servers

pytestmark = pytest.mark.journey
SRC = Path(__file__).resolve().parents[2] / "src"
READY = re.compile(r"Usher is ready at http://127\.0\.0\.1:(\d+)")
KEY = re.compile(r"API key\s+(ck_live_\S+)")
LOGIN = re.compile(r"owner\s+(\S+@\S+)\s+(\S+)")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="usher-dev-"))
    folder.chmod(0o755)
    yield folder
    stop_servers(folder / ".usher")
    shutil.rmtree(folder)


class Dev:
    """A running `usher dev`, in a process group of its own as in a terminal."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / f"output-{time.monotonic_ns()}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "entrypoints.cli", "dev"],
                cwd=folder, env={**environment, "PYTHONPATH": str(SRC)}, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    @property
    def text(self) -> str:
        return self.output.read_text(errors="replace")

    def found(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.search(self.text)
        assert match, self.text
        return match

    def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.found(READY)[1]), timeout=20)
        with contextlib.closing(connection):
            sent = None if body is None else json.dumps(body).encode()
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, sent, {"Content-Type": "application/json"} | given)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")

    def children(self) -> dict[str, int]:
        """Process ids of the API, the worker and the relay."""
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        return {args.split()[-1]: int(pid) for pid, parent, args in rows if int(parent) == self.process.pid}


def until(is_true: Callable[[], object], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@contextlib.contextmanager
def started(folder: Path) -> Generator[Dev]:
    dev = Dev(folder)
    try:
        until(lambda: READY.search(dev.text) or dev.process.poll() is not None, "never ready")
        dev.found(READY)
        yield dev
    finally:
        if dev.process.poll() is None:
            os.killpg(dev.process.pid, signal.SIGINT)
            dev.process.wait(timeout=30)


def test_brings_everything_and_takes_everything_along(folder):
    with started(folder) as dev:
        email, password = dev.found(LOGIN).groups()
        key = dev.found(KEY)[1]
        children = dev.children()

        assert dev.call("GET", "/readyz")[0] == 200
        status, answer = dev.call("POST", "/api/v1/auth/login", {"email": email, "password": password})
        assert status == 200, answer
        status, answer = dev.call("GET", "/api/v1/conversations", Authorization=f"Bearer {key}")
        assert status == 200, answer
        assert len(answer["data"]) > 0
        assert children.keys() >= {"serve", "worker", "relay"}

    assert dev.process.returncode == 0, dev.text
    for pid in children.values():
        assert not lives(pid, "python")


def test_survives_its_own_death_and_its_childrens(folder):
    with started(folder) as dev:
        first_key = dev.found(KEY)[1]
        worker = dev.children()["worker"]
        os.kill(worker, signal.SIGKILL)
        until(lambda: dev.children().get("worker", worker) != worker, "no new worker")
        second = Dev(folder)
        assert second.process.wait(timeout=30) == 1
        assert "runs here already" in second.text
        children = dev.children()
        dev.process.kill()
        dev.process.wait()
        for name, pid in children.items():
            until(lambda pid=pid: not lives(pid, "python"), f"{name} outlived it", 30)

    with started(folder) as again:
        status, answer = again.call("GET", "/api/v1/conversations", Authorization=f"Bearer {first_key}")
        assert status == 200, answer
        assert again.found(KEY)[1] == first_key
