"""The wheel, installed where `src/` is not on the path: what production runs."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "USHER_ENV": "production",
    "USHER_PUBLIC_URL": "https://usher.example.com",
    "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
}


def run(*argv: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in argv],
        cwd="/",
        env={**_clean(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{argv} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _clean() -> dict[str, str]:
    ours = ("USHER_", "PYTHONPATH", "COV_", "COVERAGE_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    return next(folder.glob("usher-*.whl"))


@pytest.fixture(scope="module")
def usher(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a fresh environment that borrows our dependencies, but not our `src/`."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    # A path in a .pth file is searched, while the .pth files inside it, like that of our editable install, are not.
    (packages / "borrowed.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages")) + "\n"
    )
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        folder / "bin/python",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
    )
    return folder / "bin/usher"


@pytest.fixture(scope="module")
def pinned_usher(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a fresh environment made from the pins, as the image has it."""
    folder = tmp_path_factory.mktemp("pinned")
    venv.create(folder, with_pip=True)
    pip = (folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements/runtime.txt")
    run(*pip, "--no-deps", "--no-index", wheel)
    run(folder / "bin/python", "-m", "pip", "check")
    return folder / "bin/usher"


def test_holds_the_four_packages_the_migrations_and_the_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "domain", "application", "adapters", "entrypoints",
    }  # fmt: skip
    committed = {path.name for path in (ROOT / "migrations/versions").glob("*.py")}
    packed = {name.rpartition("/")[2] for name in names if "adapters/postgres/schema/migrations/versions/" in name}
    assert packed == committed
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_names_its_version(usher):
    assert "0.1.0" in run(usher, "--version")


def test_migrates_and_serves(usher, empty_database_url, redis_url):
    _migrates_and_serves(usher, empty_database_url, redis_url)


@pytest.mark.slow
def test_migrates_and_serves_on_the_pins_alone(pinned_usher, empty_database_url, redis_url):
    _migrates_and_serves(pinned_usher, empty_database_url, redis_url)


def _migrates_and_serves(usher: Path, database_url: str, redis_url: str) -> None:
    environment = {**KEYS, "USHER_DATABASE_URL": database_url, "USHER_REDIS_URL": redis_url}

    applied = json.loads(run(usher, "migrate", "up", "--json", **environment))["migrations"]
    assert applied
    assert json.loads(run(usher, "migrate", "check", "--json", **environment)) == {"findings": []}
    for port in _served(usher, environment):
        assert _answer(port, "/readyz") == 200
        assert _answer(port, "/docs") == 200


def _served(usher: Path, environment: Mapping[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with subprocess.Popen(
        [usher, "serve"], cwd="/", env={**_clean(), **environment, "USHER_PORT": str(port)}
    ) as process:
        end = time.monotonic() + 30
        while _answer(port, "/livez") != 200:
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.05)
        yield port
        process.terminate()
        assert process.wait(timeout=30) in (0, -15)


def _answer(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
