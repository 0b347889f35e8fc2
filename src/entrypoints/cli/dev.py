"""`usher dev`: everything on this machine, in one terminal."""

import asyncio
import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from entrypoints.cli.here import STATE, values_here
from entrypoints.cli.lines import readable
from entrypoints.cli.output import OK, note
from entrypoints.cli.supervisor import Child, Supervisor
from entrypoints.settings import Settings, load_settings

_USHER: Final = (sys.executable, "-P", "-m", "entrypoints.cli")
_PROCESSES: Final = (("api", "serve"), ("worker", "worker"), ("relay", "relay"))
_DEMO: Final = "demo.json"


@click.command()
def dev() -> int:
    """Start everything here: servers, API, workers, relay.

    Without USHER_DATABASE_URL and USHER_REDIS_URL it brings its own PostgreSQL and Valkey, with their data in .usher/.
    Ctrl-C ends everything; the next start finds the data again.
    """
    started = time.monotonic()
    note("starting Usher; the first time takes a few seconds more")
    with _alone(STATE), values_here(STATE) as values:
        settings = load_settings(values)
        if settings.is_production:
            raise click.ClickException("usher dev fills in demo data; it does not run with USHER_ENV=production")
        environment = {**os.environ, **values, **_address(settings, values)}
        _migrate(settings.owner_url, environment)
        return asyncio.run(_Dev(environment, started).run())


@contextlib.contextmanager
def _alone(state: Path) -> Generator[None]:
    """Make sure that this is the only `usher dev` for the folder."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "dev.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise click.ClickException(f"usher dev runs here already (process {lock.read().strip()})") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _address(settings: Settings, values: Mapping[str, str]) -> dict[str, str]:
    """The port and public URL to use: as set, or else the first free port from the default on."""
    if "USHER_PORT" in values:
        # What a killed start left behind ends within seconds.
        if not _is_free_soon(settings.host, settings.port):
            raise click.ClickException(f"port {settings.port} of {settings.host} is taken; set another USHER_PORT")
        port = settings.port
    else:
        port = next(port for port in [*range(settings.port, settings.port + 100), 0] if _is_free(settings.host, port))
    own = {"USHER_PORT": str(port)}
    if "USHER_PUBLIC_URL" not in values:
        own["USHER_PUBLIC_URL"] = f"http://{settings.host}:{port}"
    return own


def _is_free_soon(host: str, port: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not (is_free := _is_free(host, port)) and time.monotonic() < end:
        time.sleep(0.1)
    return is_free


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _migrate(url: str, environment: Mapping[str, str]) -> None:
    from entrypoints.composition.probes import is_migrated

    with contextlib.suppress(OSError):  # then the command says what is wrong
        if asyncio.run(is_migrated(url)):
            return
    note("making the tables")
    done = subprocess.run([*_USHER, "migrate", "up", "--json"], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)  # it has said why


def _demo(seeded: Mapping[str, Any], state: Path) -> Mapping[str, Any]:
    """What the seed told; its key is told once, so it is kept beside the data, for its owner alone."""
    file = state / _DEMO
    if seeded.get("api_key"):
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(seeded, handle)
        return seeded
    with contextlib.suppress(OSError, ValueError):
        kept: Mapping[str, Any] = json.loads(file.read_text())
        return kept
    return seeded


class _Dev:
    """The processes, the demo data, and the welcome once both are there."""

    def __init__(self, environment: Mapping[str, str], started: float) -> None:
        self._environment = environment
        self._started = started
        children = [Child(name=name, argv=[*_USHER, command], environment=environment) for name, command in _PROCESSES]
        self._supervisor = Supervisor(children, report=_show)

    async def run(self) -> int:
        """Until somebody asks to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._stop)
        welcome = asyncio.create_task(self._welcome())
        try:
            return await self._supervisor.run()
        finally:
            welcome.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await welcome
            note("everything has ended")

    def _stop(self) -> None:
        note("\nending; once more to hurry")
        self._supervisor.stop()

    async def _welcome(self) -> None:
        seeding = asyncio.create_task(self._seed())
        host, port = self._environment.get("USHER_HOST", "127.0.0.1"), int(self._environment["USHER_PORT"])
        try:
            await asyncio.to_thread(_wait_until_ready, host, port, self._supervisor)
            if self._supervisor.is_stopping:
                return
            demo = await seeding
        finally:
            seeding.cancel()
        click.echo(_greeting(self._environment["USHER_PUBLIC_URL"], demo, time.monotonic() - self._started))

    async def _seed(self) -> Mapping[str, Any]:
        # A start that was killed at the wrong moment has made a key and shown it to nobody.
        renew = () if (STATE / _DEMO).exists() else ("--renew-key",)
        process = await asyncio.create_subprocess_exec(
            *_USHER,
            "seed",
            "--json",
            *renew,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        return _demo(json.loads(output), STATE) if process.returncode == OK else {}


def _greeting(url: str, demo: Mapping[str, Any], seconds: float) -> str:
    lines = ["", f"Usher is ready at {url} ({seconds:.1f} s)", f"  API and its pages   {url}/docs"]
    lines += [f"  {login['role']:<18}  {login['email']}  {login['password']}" for login in demo.get("logins", ())]
    if demo.get("api_key"):
        lines.append(f"  API key             {demo['api_key']}")
    return "\n".join([*lines, "  Ctrl-C ends everything; the data stays in .usher/", ""])


def _show(name: str, line: str) -> None:
    for part in readable(line).splitlines():
        click.echo(f"{name:<6} | {part}", err=True)


def _wait_until_ready(host: str, port: int, supervisor: Supervisor) -> None:
    while not (supervisor.is_stopping or _is_ready(host, port)):
        time.sleep(0.1)


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
