"""The supervisor, with small real processes."""

import asyncio
import os
import signal
import sys
import textwrap
import time
from pathlib import Path

from entrypoints.cli.supervisor import Child, Patience, Supervisor

QUICK = Patience(first=0.05, longest=0.2, well_after=30, end=2)


def child(script: str, name: str = "child") -> Child:
    return Child(name=name, argv=[sys.executable, "-u", "-c", textwrap.dedent(script)], environment=dict(os.environ))


class Watch:
    """A supervisor running in the background, and what it reported."""

    def __init__(self, *children: Child, patience: Patience = QUICK) -> None:
        self.lines: list[str] = []
        self.supervisor = Supervisor(
            children, report=lambda name, line: self.lines.append(f"{name}: {line}"), patience=patience
        )
        self.running = asyncio.create_task(self.supervisor.run())

    async def until(self, *wanted: str) -> None:
        end = time.monotonic() + 10
        while not all(any(one in line for line in self.lines) for one in wanted):
            assert time.monotonic() < end, self.lines
            await asyncio.sleep(0.01)

    async def stop(self) -> int:
        self.supervisor.stop()
        return await self.running


def lives(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def until_dead(pid: int) -> None:
    end = time.monotonic() + 10
    while lives(pid):
        assert time.monotonic() < end, f"{pid} still runs"
        await asyncio.sleep(0.02)


async def test_shows_what_children_print_and_ends_them():
    watch = Watch(child("print('hello'); import time; time.sleep(60)"))
    await watch.until("child: hello")

    assert await watch.stop() == 0


async def test_starts_a_crashed_child_again_ever_later():
    watch = Watch(child("import os; print('up'); os.kill(os.getpid(), 9)"))

    await watch.until("ended (signal 9); starting again in 0.05 s", "in 0.1 s", "in 0.2 s")
    assert await watch.stop() == 0


async def test_gives_up_when_settings_need_attention():
    watch = Watch(child("raise SystemExit(78)"), child("import time; time.sleep(60)", "other"))

    assert await asyncio.wait_for(watch.running, 10) == 78


async def test_ends_what_children_have_started():
    watch = Watch(
        child(
            """
            import subprocess, sys, time
            print('grandchild', subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)
            time.sleep(60)
            """
        )
    )
    await watch.until("grandchild ")

    await watch.stop()

    await until_dead(int(watch.lines[0].split()[-1]))


async def test_lets_a_child_finish_before_it_ends():
    watch = Watch(
        child(
            """
            import signal, sys, time
            def end(*_):
                time.sleep(0.3); print('finished'); sys.exit()
            signal.signal(signal.SIGTERM, end)
            print('up')
            time.sleep(60)
            """
        )
    )
    await watch.until("child: up")

    await watch.stop()

    assert "child: finished" in watch.lines


async def test_kills_a_child_that_does_not_end():
    watch = Watch(
        child("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"),
        patience=Patience(first=0.05, end=0.2),
    )
    await watch.until("child: up")

    assert await asyncio.wait_for(watch.stop(), 5) == 0
    assert "child: did not end in time; killed" in watch.lines


async def test_hurries_when_asked_twice():
    watch = Watch(
        child("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"),
        patience=Patience(end=60),
    )
    await watch.until("child: up")

    watch.supervisor.stop()
    await asyncio.sleep(0.1)

    assert await asyncio.wait_for(watch.stop(), 5) == 0


async def test_a_child_does_not_outlive_a_killed_supervisor(tmp_path):
    pid_file = tmp_path / "pid"
    inner = f"""
        from entrypoints.cli.lifeline import follow_supervisor
        import os, pathlib, time
        follow_supervisor()
        pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))
        time.sleep(60)
    """
    outer = f"""
        import asyncio, os, sys
        from entrypoints.cli.supervisor import Child, Supervisor
        argv = [sys.executable, '-c', {textwrap.dedent(inner)!r}]
        inner = Child(name='inner', argv=argv, environment=dict(os.environ))
        asyncio.run(Supervisor([inner], report=print).run())
    """
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", textwrap.dedent(outer), env=environment)
    end = time.monotonic() + 10
    while not (pid_file.exists() and pid_file.read_text()):
        assert time.monotonic() < end
        await asyncio.sleep(0.02)

    process.send_signal(signal.SIGKILL)
    await process.wait()

    await until_dead(int(pid_file.read_text()))
