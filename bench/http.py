"""HTTP: ours beside a bare handler and beside the usual stack, in one run on one machine.

    python -m bench.http [--rows 100000] [--seconds 4] [--rounds 3] [--flat]

The server runs alone on one core; the client and PostgreSQL share the other. CPU is what the server process
used for a request; its ratio to the bare handler's is the figure that counts. `--flat` compares list and get at
1,000 and at 1,000,000 conversations instead.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.setting import Setting, fill, prepare

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, OTHER_CORE = CORES[0], CORES[-1]
TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 16


@dataclass(slots=True)
class Figures:
    """What the rounds gave."""

    per_second: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server: its command, the prefix of its paths, and the headers it needs."""

    name: str
    command: list[str]
    environment: dict[str, str]
    prefix: str
    headers: str = ""
    port: int = 0


def contestants(setting: Setting) -> list[Contestant]:
    """The three, each with uvicorn, uvloop and httptools."""
    plain = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    shared = {"BENCH_DATABASE_URL": setting.database_url, "BENCH_WORKSPACE": str(setting.workspace_id)}
    path = {"PYTHONPATH": f"{Path.cwd()}:{Path.cwd() / 'src'}"}
    serve = [sys.executable, "-m", "uvicorn", *plain]
    key = f"Authorization: Bearer {setting.api_key}\r\n"
    return [
        Contestant("bare", [*serve, "bench.bare:app"], shared | path, "/conversations", port=8471),
        Contestant("peer", [*serve, "bench.peer:app"], shared | path, "/conversations", port=8472),
        Contestant(
            "ours",
            [sys.executable, "-m", "bench.ours"],
            setting.environment | path | {"USHER_PORT": "8473", "USHER_HOST": "127.0.0.1"},
            "/api/v1/conversations",
            key,
            port=8473,
        ),
    ]


@contextlib.contextmanager
def running(contestant: Contestant, logs: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server, alone on its core."""
    command = list(contestant.command)
    if contestant.name != "ours":
        command += ["--port", str(contestant.port)]
    with (logs / f"{contestant.name}.log").open("ab") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command],
            env=os.environ | contestant.environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(contestant, process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(contestant: Contestant, process: subprocess.Popen[bytes]) -> None:
    """Until it lists conversations."""
    url = f"http://127.0.0.1:{contestant.port}{contestant.prefix}"
    headers = dict(line.split(": ", 1) for line in contestant.headers.split("\r\n") if line)
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=2).read()
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return


def plans(contestant: Contestant, setting: Setting, operation: str, count: int) -> list[list[str]]:
    """The requests of each connection, as text."""
    made: list[list[str]] = []
    for connection in range(CONNECTIONS):
        ids = setting.some_ids(connection, 200, public=contestant.name == "ours")
        made.append([request(contestant, operation, each, number) for number, each in enumerate(ids[:count])])
    return made


def request(contestant: Contestant, operation: str, conversation: str, number: int) -> str:
    """One request."""
    head = f"Host: 127.0.0.1\r\nConnection: keep-alive\r\n{contestant.headers}"
    if operation == "list":
        return f"GET {contestant.prefix} HTTP/1.1\r\n{head}\r\n"
    if operation == "get":
        return f"GET {contestant.prefix}/{conversation} HTTP/1.1\r\n{head}\r\n"
    body = json.dumps({"author": "customer", "text": f"Is the car still there? {number}"})
    return (
        f"POST {contestant.prefix}/{conversation}/messages HTTP/1.1\r\n{head}Idempotency-Key: {uuid.uuid4()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def measure(contestant: Contestant, pid: int, setting: Setting, operation: str, seconds: float, into: Figures) -> None:
    """One round."""
    if operation == "send":
        # Each request has a key of its own, so there must be enough of them; the client ends when they run out.
        count = 200
        job_plans = [
            [request(contestant, operation, each, n) for n in range(12) for each in ids]
            for ids in (setting.some_ids(c, count, public=contestant.name == "ours") for c in range(CONNECTIONS))
        ]
    else:
        job_plans = plans(contestant, setting, operation, 200)
    job = {"host": "127.0.0.1", "port": contestant.port, "plans": job_plans, "seconds": seconds}
    before = cpu_seconds(pid)
    started = time.perf_counter()
    done = subprocess.run(
        ["taskset", "-c", str(OTHER_CORE), sys.executable, "-m", "bench.load"],
        input=json.dumps(job).encode(),
        capture_output=True,
        check=True,
    )
    used, elapsed = cpu_seconds(pid) - before, time.perf_counter() - started
    tally = json.loads(done.stdout)
    if tally["other"]:
        raise SystemExit(
            f"{contestant.name} {operation}: {tally['other']} answers were not 2xx:\n{tally['first_other']}"
        )
    into.per_second.append(tally["requests"] / min(seconds, elapsed))
    into.cpu_us.append(used / tally["requests"] * 1e6)
    into.p95_ms.append(tally["p95_ms"])


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and of the children it has reaped or still has."""
    total = 0.0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    found, queue = [], [pid]
    while queue:
        each = queue.pop()
        with contextlib.suppress(OSError):
            found.append(each)
            queue += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found


def resident_megabytes(pid: int) -> float:
    """Memory of the process and its descendants."""
    kilobytes = 0
    for each in family(pid):
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def compare(setting: Setting, arguments: argparse.Namespace, logs: Path) -> dict[str, object]:
    """All three on all operations, interleaved."""
    operations = ["list", "get", "send"]
    figures = {(c.name, o): Figures() for c in contestants(setting) for o in operations}
    memory: dict[str, float] = {}
    for _ in range(arguments.rounds):
        for contestant in contestants(setting):
            with running(contestant, logs) as process:
                measure(contestant, process.pid, setting, "list", 1.0, Figures())  # warm
                for operation in operations:
                    measure(
                        contestant,
                        process.pid,
                        setting,
                        operation,
                        arguments.seconds,
                        figures[contestant.name, operation],
                    )
                memory[contestant.name] = resident_megabytes(process.pid)
    return {"figures": figures, "memory": memory}


def report(results: dict[str, object]) -> dict[str, object]:
    """Print the table; returns it as data."""
    figures: dict[tuple[str, str], Figures] = results["figures"]  # type: ignore[assignment]
    out: dict[str, object] = {}
    print(f"{'':6} {'':6} {'req/s':>8} {'p95 ms':>8} {'CPU µs':>8} {'of bare':>8} {'x peer':>8}")
    for operation in ("list", "get", "send"):
        bare = statistics.median(figures["bare", operation].cpu_us)
        peer = statistics.median(figures["peer", operation].cpu_us)
        for name in ("bare", "peer", "ours"):
            each = figures[name, operation]
            cpu = statistics.median(each.cpu_us)
            line = {
                "requests_per_second": round(statistics.median(each.per_second)),
                "p95_ms": round(statistics.median(each.p95_ms), 1),
                "cpu_us": round(cpu),
                "of_bare": round(bare / cpu, 2),
                "times_peer": round(peer / cpu, 2),
            }
            out[f"{operation}.{name}"] = line
            print(
                f"{operation:6} {name:6} {line['requests_per_second']:>8} {line['p95_ms']:>8} {line['cpu_us']:>8} "
                f"{line['of_bare']:>8} {line['times_peer']:>8}"
            )
    print("memory of the server, MB:", {name: round(value) for name, value in results["memory"].items()})  # type: ignore[attr-defined]
    out["memory_mb"] = results["memory"]
    return out


def flat(setting: Setting, arguments: argparse.Namespace, logs: Path) -> dict[str, object]:
    """Ours alone, with few rows and with very many."""
    ours = contestants(setting)[-1]
    out: dict[str, dict[str, float]] = {}
    for rows in (1_000, 1_000_000):
        asyncio.run(fill(setting, rows))
        with running(ours, logs) as process:
            measure(ours, process.pid, setting, "list", 1.0, Figures())
            for operation in ("list", "get"):
                figures = Figures()
                for _ in range(arguments.rounds):
                    measure(ours, process.pid, setting, operation, arguments.seconds, figures)
                out.setdefault(operation, {})[str(rows)] = statistics.median(figures.cpu_us)
                out[operation][f"p50 of {rows}, req/s"] = statistics.median(figures.per_second)
    for operation, figures in out.items():
        print(operation, {name: round(value) for name, value in figures.items()})
        print(f"  {figures['1000000'] / figures['1000']:.2f} times the CPU at 1,000,000 rows")
    return dict(out)


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="usher-bench-"))
    try:
        with prepare(folder, OTHER_CORE) as setting:
            if arguments.flat:
                data = flat(setting, arguments, folder)
            else:
                asyncio.run(fill(setting, arguments.rows))
                data = report(compare(setting, arguments, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if arguments.out:
        arguments.out.write_text(json.dumps(data, indent=1))


if __name__ == "__main__":
    main()
