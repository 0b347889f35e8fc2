"""`usher create-admin`, as an operator calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

pytestmark = pytest.mark.journey

SRC = str(Path(__file__).resolve().parents[2] / "src")
KEYS = {
    "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
}


@pytest.fixture
def create_admin(database_url, redis_url, tmp_path):
    def call(*arguments: str, password: str = "a long walk by the harbour\n"):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": SRC,
            "USHER_DATABASE_URL": database_url,
            "USHER_REDIS_URL": redis_url,
            **KEYS,
        }
        command = [sys.executable, "-P", "-m", "entrypoints.cli", "create-admin", "--password-stdin", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, input=password, capture_output=True, text=True, check=False
        )

    return call


def test_makes_an_account_that_administers_once(create_admin):
    email = f"boss.{uuid4().hex}@example.test"

    first = create_admin("--email", email, "--json")
    second = create_admin("--email", email, "--json")

    made = json.loads(first.stdout)
    assert first.returncode == 0
    assert (made["email"], made["is_admin"], made["id"][:4]) == (email, True, "usr_")
    assert second.returncode == 1
    assert json.loads(second.stderr)["error"]["code"] == "already_exists"


def test_says_everything_that_is_wrong(create_admin):
    refused = create_admin("--email", "boss", "--name", "Boss", password="short\n")
    silent = create_admin("--email", "boss@example.test", password="")

    assert refused.returncode == silent.returncode == 2
    assert "e-mail address" in refused.stderr
    assert "at least 8" in refused.stderr
    assert "short\n" not in refused.stderr
