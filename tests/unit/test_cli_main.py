"""The `usher` command from outside: help, exit codes, JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from entrypoints.cli.lazy import LazyCommand
from entrypoints.cli.main import COMMANDS, usher
from entrypoints.settings import example_file

LONG_RUNNING = {"dev", "serve", "worker", "relay"}
PLAIN = {"config example", "openapi export"}
"""Commands that print a file."""
KEYS = {
    "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
}


def call(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    src = str(Path(__file__).resolve().parents[2] / "src")
    return subprocess.run(
        [sys.executable, "-P", "-m", "entrypoints.cli", *arguments],
        cwd=folder, env={"PYTHONPATH": src, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    real = command.load() if isinstance(command, LazyCommand) else command
    if isinstance(real, click.Group):
        for name, child in real.commands.items():
            yield from leaves(child, f"{path} {name}".strip())
    else:
        yield path, real


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_says_in_its_list_what_each_command_says_itself(name):
    lazy = usher.commands[name]
    assert isinstance(lazy, LazyCommand)

    told = (lazy.load().help or "").split("\n")[0]
    assert told.startswith(COMMANDS[name][1].rstrip("."))


def test_every_command_that_ends_can_answer_in_json():
    mute = {
        path
        for path, command in leaves(usher)
        if "--json" not in [option for parameter in command.params for option in parameter.opts]
    }

    assert mute <= LONG_RUNNING | PLAIN


def test_every_command_says_what_it_does():
    assert [path for path, command in leaves(usher) if not command.help] == []


def test_help_imports_none_of_the_heavy_packages():
    code = "import sys, entrypoints.cli.main as m; m.run(['--help']); print(*sys.modules)"
    src = Path(__file__).resolve().parents[2] / "src"

    done = subprocess.run([sys.executable, "-c", code], cwd=src, capture_output=True, text=True, check=True)

    heavy = {"sqlalchemy", "litestar", "dramatiq", "alembic", "asyncpg", "anthropic", "uvicorn", "cryptography"}
    assert heavy & set(done.stdout.split()) == set()


def test_ends_with_2_when_called_wrongly(tmp_path):
    assert call(tmp_path, "no-such-command").returncode == 2
    assert call(tmp_path, "migrate", "up", "--no-such-option").returncode == 2


def test_ends_with_78_and_all_faults_when_settings_need_attention(tmp_path):
    done = call(tmp_path, "config", "check", USHER_ENV="production", USHER_PORT="x")

    assert done.returncode == 78
    assert done.stdout == ""
    for name in ("USHER_PORT", "USHER_DATABASE_URL", "USHER_REDIS_URL", "USHER_SECRET_KEY", "USHER_TOKEN_KEY"):
        assert name in done.stderr


def test_ends_with_78_when_the_env_file_is_no_text(tmp_path):
    (tmp_path / ".env").write_bytes(b"USHER_PORT=9000\n\xff\xfe")

    done = call(tmp_path, "config", "check")

    assert done.returncode == 78
    assert ".env is no file to read" in done.stderr


def test_complains_in_json_when_json_was_asked_for(tmp_path):
    done = call(tmp_path, "config", "check", "--json", USHER_ENV="production")

    assert json.loads(done.stderr)["error"]["code"] == "bad_settings"


def test_shows_settings_without_secrets(tmp_path):
    done = call(tmp_path, "config", "check", "--json", USHER_PORT="9000", **KEYS)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["USHER_PORT"] == "9000"
    assert KEYS["USHER_SECRET_KEY"] not in done.stdout


def test_makes_keys_of_its_own_that_only_their_owner_may_read(tmp_path):
    assert call(tmp_path, "config", "check").returncode == 0
    first = (tmp_path / ".usher/keys.env").read_text()
    assert call(tmp_path, "config", "check").returncode == 0

    assert (tmp_path / ".usher/keys.env").read_text() == first
    assert (tmp_path / ".usher/keys.env").stat().st_mode & 0o077 == 0


def test_makes_no_keys_in_production(tmp_path):
    call(tmp_path, "config", "check", USHER_ENV="production")

    assert not (tmp_path / ".usher").exists()


def test_prints_the_example_file(tmp_path):
    assert call(tmp_path, "config", "example").stdout == example_file()


def test_ends_with_1_and_names_a_server_that_cannot_be_reached(tmp_path):
    nowhere = {"USHER_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:9/x", "USHER_REDIS_URL": "redis://127.0.0.1:9"}

    done = call(tmp_path, "doctor", "--json", **nowhere, **KEYS)

    assert done.returncode == 1
    bad = {finding["what"] for finding in json.loads(done.stdout)["findings"] if finding["verdict"] == "bad"}
    assert bad == {"postgresql", "redis", "schema"}
    assert "hunter2" not in done.stdout + done.stderr
    migrated = call(tmp_path, "migrate", "status", **nowhere, **KEYS)
    assert migrated.returncode == 1
    assert "does not answer" in migrated.stderr
    assert "hunter2" not in migrated.stderr
