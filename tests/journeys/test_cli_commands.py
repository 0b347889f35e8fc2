"""Commands of the product on a real database, as processes of their own."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

pytestmark = pytest.mark.journey
SRC = Path(__file__).resolve().parents[2] / "src"


class Usher:
    """Runs `usher ... --json` against one database."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
        own = {"USHER_DATABASE_URL": database_url, "USHER_REDIS_URL": redis_url, "PYTHONPATH": str(SRC)}
        self.environment = {**kept, **own}

    def call(self, *arguments: str | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "entrypoints.cli", *map(str, arguments)],
            cwd=self.folder, env=self.environment, input=stdin, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def run(self, *arguments: str | Path, code: int = 0, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        done = self.call(*arguments, "--json", stdin=stdin)
        assert done.returncode == code, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    def __call__(self, *arguments: str | Path) -> Any:
        return json.loads(self.run(*arguments).stdout)


@pytest.fixture
def usher(tmp_path: Path, fresh_database_url: str, redis_url: str) -> Usher:
    return Usher(tmp_path, fresh_database_url, redis_url)


def test_seeds_once_and_tells_the_key_once(usher):
    first, second, third = usher("seed"), usher("seed"), usher("seed", "--renew-key")

    assert first["api_key"].startswith("ck_live_")
    assert second["api_key"] is None
    assert third["api_key"].startswith("ck_live_")
    assert second["workspace_id"] == first["workspace_id"]
    assert {login["role"] for login in first["logins"]} == {"owner", "staff"}


def test_makes_no_demo_in_production(usher):
    usher.environment |= {
        "USHER_ENV": "production",
        "USHER_PUBLIC_URL": "https://usher.example",
        "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
    }

    assert "passwords are public" in usher.run("seed", code=1).stderr


def test_imports_conversations_once(usher, tmp_path):
    file = tmp_path / "past.jsonl"
    turns = [{"speaker": "customer", "text": "Is it open?"}, {"speaker": "agent", "text": "It is.", "more": 1}]
    file.write_text("".join(json.dumps({"id": f"past-{n}", "turns": turns}) + "\n" for n in range(120)))
    workspace = usher("seed")["workspace_id"]

    first = usher("import", "conversations", file, "--workspace", workspace)
    second = usher("import", "conversations", file)

    assert first == {"conversations": 120, "turns": 240, "new": 120, "new_turns": 240}
    assert second == {"conversations": 120, "turns": 240, "new": 0, "new_turns": 0}


def test_says_which_line_of_an_import_is_wrong_and_which_workspace_is_not_there(usher, tmp_path):
    file = tmp_path / "past.jsonl"
    file.write_text('{"id": "1", "turns": []}\n{"id": 2, "turns": []}\n')
    assert "line 2" in usher.run("import", "conversations", file, code=1).stderr

    file.write_text('{"id": "1", "turns": [{"speaker": "robot", "text": "hm"}]}\n')
    assert "robot" in usher.run("import", "conversations", file, code=1).stderr

    file.write_text("")
    nowhere = "wsp_01jd3k00000000000000000000"
    assert "not_found" in usher.run("import", "conversations", file, "--workspace", nowhere, code=1).stderr


async def test_lists_shows_retries_and_discards_jobs(usher, fresh_database_url):
    usher("seed")
    listed = usher("jobs", "list", "--kind", "draft_reply", "--state", "queued")
    parked, other = listed["jobs"][0]["id"], listed["jobs"][1]["id"]
    assert usher("jobs", "show", parked)["kind"] == "draft_reply"
    assert "invalid_state" in usher.run("jobs", "retry", other, code=1).stderr
    connection = await asyncpg.connect(fresh_database_url)
    await connection.execute("UPDATE jobs SET state = 'failed', attempts = 9, finished_at = now()")
    await connection.close()

    assert usher("jobs", "retry", parked)["outcome"] == "queued again"
    assert usher("jobs", "discard", other)["outcome"] == "discarded"

    assert usher("jobs", "show", parked)["attempts"] == 0
    assert usher("jobs", "show", other)["status"] == "cancelled"
    assert "no such state" in usher.run("jobs", "list", "--state", "lost", code=2).stderr
    assert "not_found" in usher.run("jobs", "show", "job_01jd3k00000000000000000000", code=1).stderr


def test_creates_an_administrator_once(usher):
    arguments = ("create-admin", "--email", "root@usher.example", "--password-stdin")

    assert json.loads(usher.run(*arguments, stdin="correct horse battery\n").stdout)["is_admin"] is True
    assert "already_exists" in usher.run(*arguments, stdin="correct horse battery\n", code=1).stderr
    assert usher.run(*arguments, stdin="\n", code=2).stdout == ""


def test_lists_routes_with_their_policies(usher):
    routes = {route["operation"]: route for route in usher("routes")["routes"]}

    assert routes["workspaces_create"]["method"] == "POST"


def test_exports_the_contract_that_is_committed(usher, tmp_path):
    file = str(tmp_path / "openapi.json")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "entrypoints.cli", "openapi", "export", "--output", file],
        env=usher.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "openapi.json").read_text())["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "command", [("serve",), ("worker",), ("relay",), ("seed", "--json"), ("jobs", "list", "--json")]
)
def test_ends_with_1_and_names_the_remedy_where_nobody_has_migrated(tmp_path, empty_database_url, redis_url, command):
    usher = Usher(tmp_path, empty_database_url, redis_url)

    done = usher.call(*command)

    assert done.returncode == 1, done.stderr
    assert "run `usher migrate up`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("config", "check")])
def test_ends_with_78_where_a_model_has_no_price(usher, command):
    usher.environment |= {
        "USHER_DRAFTER_CHAIN": "anthropic,built_in",
        "USHER_ANTHROPIC_API_KEY": "sk-ant-hunter2",
        "USHER_ANTHROPIC_MODEL": "claude-of-tomorrow",
    }

    done = usher.call(*command)

    assert done.returncode == 78, done.stderr
    assert "USHER_ANTHROPIC_MODEL is 'claude-of-tomorrow'" in done.stderr
    assert "price" in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"id": "1", "turns": [], "channel": "pigeon"}', "line 1: Invalid enum value 'pigeon'"),
        (r'{"id": "1", "turns": [{"speaker": "customer", "text": "a\u0000b"}]}', "line 1: texts may not hold U+0000"),
        ('{"id": "1", "turns": [{"speaker": "customer", "text": " "}]}', "must say something"),
        ("{", "line 1: Input data was truncated"),
    ],
)
def test_says_what_is_wrong_with_a_line_of_an_import(usher, tmp_path, line, wrong):
    file = tmp_path / "past.jsonl"
    file.write_text(line)

    done = usher.run("import", "conversations", file, code=1)

    assert wrong in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("migrate", "up", "--to", "9999"), "9999"),
        (("migrate", "down", "--to", "9999", "--yes"), "9999"),
        (("assist", "replay", __file__), "test_cli_commands.py: "),
        (("jobs", "list", "--workspace", "wsp_1"), "no such id"),
    ],
)
def test_ends_with_1_and_a_reason_without_a_traceback(usher, arguments, wrong):
    done = usher.run(*arguments, code=1)

    assert wrong in json.loads(done.stderr)["error"]["detail"]


def test_ends_with_1_where_a_file_cannot_be_written(usher):
    done = usher.call("openapi", "export", "--output", "/nowhere/at/all.json")

    assert (done.returncode, done.stderr) == (1, "usher: /nowhere/at/all.json: No such file or directory\n")


def test_ends_with_1_when_its_port_is_taken(usher):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usher.environment["USHER_PORT"] = str(taken.getsockname()[1])

        done = usher.call("serve")

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{usher.environment['USHER_PORT']}" in done.stderr
