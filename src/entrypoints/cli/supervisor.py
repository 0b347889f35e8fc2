"""Keeps child processes alive, shows what they print, and ends all of them, with their own children."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from entrypoints.cli.lifeline import SUPERVISOR

Report = Callable[[str, str], None]
"""Called with the name of a child and a line about it or from it."""

NO_RESTART: Final = frozenset({78})
"""Exit codes that another start would not change: settings need attention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: between starts of a child that keeps dying, until it counts as well, and for an orderly end."""

    first: float = 0.5
    longest: float = 15.0
    well_after: float = 30.0
    end: float = 23.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep alive."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]


@dataclass(slots=True)
class Supervisor:
    """Runs children until `stop` is called; a child that ends by itself is started again, ever later."""

    children: Sequence[Child]
    report: Report
    patience: Patience = field(default_factory=Patience)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _running: "dict[str, asyncio.subprocess.Process]" = field(
        default_factory=dict[str, "asyncio.subprocess.Process"], init=False
    )
    _code: int = field(default=0, init=False)

    @property
    def is_stopping(self) -> bool:
        """Whether the end was asked for, or has come."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End all children; when asked a second time, at once."""
        if self._stopping.is_set():
            for process in self._running.values():
                _signal_group(process, signal.SIGKILL)
        self._stopping.set()

    async def run(self) -> int:
        """Keep the children alive until stopped; 0, or the exit code of a child that cannot be helped."""
        async with asyncio.TaskGroup() as tasks:
            for child in self.children:
                tasks.create_task(self._keep(child))
            tasks.create_task(self._end_when_stopped())
        return self._code

    async def _keep(self, child: Child) -> None:
        delay = self.patience.first
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run_once(child)
            if code in NO_RESTART:
                self._code = code
                self._stopping.set()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > self.patience.well_after:
                delay = self.patience.first
            self.report(child.name, f"ended ({_described(code)}); starting again in {delay:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)
            delay = min(delay * 2, self.patience.longest)

    async def _run_once(self, child: Child) -> int:
        # A pipe of our own: asyncio's would keep `wait` waiting for grandchildren that hold it open.
        output, write_end = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *child.argv,
                env={**child.environment, SUPERVISOR: str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and one signal can reach all that it started
            )
        finally:
            os.close(write_end)
        self._running[child.name] = process
        if self._stopping.is_set():
            process.terminate()
        showing = asyncio.create_task(self._show_output(child.name, output))
        code = await process.wait()
        _signal_group(process, signal.SIGKILL)  # whatever it left behind
        await showing
        del self._running[child.name]
        return code

    async def _show_output(self, name: str, output: int) -> None:
        reader = asyncio.StreamReader(limit=1 << 20)
        with os.fdopen(output, "rb") as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), pipe
            )
            while True:
                try:
                    line = await reader.readline()
                except ValueError:
                    continue  # a line longer than the limit: dropped
                if not line:
                    break
                self.report(name, line.decode(errors="replace").rstrip("\n"))
            transport.close()

    async def _end_when_stopped(self) -> None:
        await self._stopping.wait()
        for process in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        ends = [asyncio.create_task(process.wait()) for process in self._running.values()]
        if ends:
            await asyncio.wait(ends, timeout=self.patience.end)
        for name, process in self._running.items():
            if process.returncode is None:
                self.report(name, "did not end in time; killed")
                _signal_group(process, signal.SIGKILL)


def _signal_group(process: "asyncio.subprocess.Process", number: signal.Signals) -> None:
    """Signal a child and all that it started; its session's group has its id."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _described(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
