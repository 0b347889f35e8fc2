"""How soon a process is there, and how big it is.

    python -m bench.start [--rounds 5]

Import: a fresh interpreter that imports what `usher serve` imports;
beside it FastAPI with the SQLAlchemy ORM, imported the same way. Medians.
"""

import argparse
import json
import statistics
import subprocess
import sys

_OURS = """
import entrypoints.cli.processes, entrypoints.composition.services, entrypoints.http.app, entrypoints.http.serving
"""
_PEER = """
import fastapi, sqlalchemy.ext.asyncio, sqlalchemy.orm, asyncpg, uvicorn
app = fastapi.FastAPI()
"""
_MEASURE = """
import json, resource, sys, time
started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
{body}
seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
lazy = sorted({{"anthropic", "stripe", "alembic", "openai"}} & set(sys.modules))
print(json.dumps({{"seconds": seconds, "cpu": used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
                   "megabytes": used.ru_maxrss / 1024, "not_lazy": lazy}}))
"""


def measure(body: str, rounds: int) -> dict[str, object]:
    """Medians over fresh interpreters; the first one, which warms the disk, does not count."""
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", _MEASURE.format(body=body)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for _ in range(rounds + 1)
    ][1:]
    return {name: statistics.median(run[name] for run in runs) for name in ("seconds", "cpu", "megabytes")} | {
        "not_lazy": runs[0]["not_lazy"]
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    figures = {"ours": measure(_OURS, rounds), "peer": measure(_PEER, rounds)}
    for name, each in figures.items():
        print(
            f"{name:5} import {each['seconds']:.2f} s ({each['cpu']:.2f} s CPU), {each['megabytes']:.0f} MB, "
            f"provider SDKs and Alembic imported: {', '.join(each['not_lazy']) or 'none'}"
        )


if __name__ == "__main__":
    main()
