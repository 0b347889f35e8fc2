"""Chance against the contract: schemathesis over the whole document, on the real thing."""

import asyncio
import io
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from entrypoints import logs
from entrypoints.composition.services import open_services
from entrypoints.http.app import create_app
from entrypoints.http.serving import Server, ServerSettings
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = os.environ.get("USHER_FUZZ_EXAMPLES", "10")
SEED = os.environ.get("USHER_FUZZ_SEED", "20261120")
"""The same cases each time, so that a change fails for what it did; `make fuzz` throws new dice."""
ENDS_THE_CALLER = "auth_logout|auth_refresh|members_delete|members_update|api_keys_delete"
"""What could take the caller's own rights away in the middle of a run."""


@pytest.fixture
async def address(database_url: str, redis_url: str) -> AsyncIterator[str]:
    logs.configure("warning", io.BytesIO())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = load_settings(
        {
            "USHER_DATABASE_URL": database_url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        }
    )
    async with open_services(settings) as services:
        app = create_app(services, HttpSettings(secret_key=b"k" * 32, public_url=url))
        server = Server(app, ServerSettings(port=port, notice_seconds=0, drain_seconds=2))
        task = asyncio.create_task(server._serve())
        while not server.started:
            await asyncio.sleep(0.02)
        yield url
        server.should_exit = True
        await task
    logs.configure("error", io.BytesIO())


async def an_owner(address: str) -> tuple[str, str]:
    """The token and the workspace of somebody who owns one."""
    asked = {"email": f"{uuid4().hex}@example.test", "password": "a long walk by the harbour"}
    async with httpx.AsyncClient(base_url=f"{address}/api/v1") as http:
        await http.post("/auth/register", json=asked)
        token = (await http.post("/auth/login", json=asked)).json()["data"]["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        founded = await http.post("/workspaces", json={"name": "Quay"}, headers=headers)
    return token, founded.json()["data"]["id"]


async def fuzz(address: str, *options: str, only_what_ends_the_caller: bool = False) -> str:
    """What schemathesis has to say; empty if it found nothing. No worker runs, so `Prefer: wait` waits in vain."""
    which = "--include-operation-id-regex" if only_what_ends_the_caller else "--exclude-operation-id-regex"
    token, workspace = await an_owner(address)
    program = shutil.which("st", path=str(Path(sys.executable).parent))
    assert program is not None
    process = await asyncio.create_subprocess_exec(
        program, "--config-file", str(ROOT / "schemathesis.toml"), "run", f"{address}/openapi.json", "--no-color",
        "-H", f"Authorization: Bearer {token}", "-H", f"Usher-Workspace: {workspace}",
        "--request-timeout", "40", which, ENDS_THE_CALLER, "--seed", SEED, *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return "" if process.returncode == 0 else re.sub(r"(?s)^.*?=+ FAILURES", "", said.decode())


async def test_agrees_with_the_contract_in_its_examples_and_a_little_beyond(address: str) -> None:
    found = await fuzz(address, "--phases", "examples,fuzzing", "--max-examples", "3")

    assert not found, found


async def test_agrees_with_the_contract_where_the_caller_may_lose_its_rights(address: str) -> None:
    found = await fuzz(address, "--phases", "examples,fuzzing", "--max-examples", "5", only_what_ends_the_caller=True)

    assert not found, found


@pytest.mark.slow
async def test_agrees_with_the_contract_at_every_bound_and_whatever_chance_brings(address: str) -> None:
    found = await fuzz(address, "--max-examples", EXAMPLES)

    assert not found, found
