"""The main job with everything real: PostgreSQL, Redis, a worker and a relay of their own, and a model on loopback."""

import asyncio
import base64
import io
import json
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.embedded import EmbeddedServers
from application.conversations.close_conversation import CloseConversation
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.identity.authenticate import Authenticate
from application.knowledge.add_sources import AddSource, NewSource
from domain.assistance.ports import AssistanceTx
from domain.conversations.message import Author
from domain.conversations.values import Customer, Particulars
from domain.knowledge.source import Content, SourceKind
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, WorkspaceId, private_id, public_id
from domain.shared.ports import Transactions
from entrypoints import logs
from entrypoints.composition.services import open_services
from entrypoints.http.app import create_app
from entrypoints.http.authentication import Authenticator
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings
from tests.support import servers as session
from tests.support.fake_anthropic import KEY, Fails, FakeAnthropic, Says, fake_anthropic

pytestmark = pytest.mark.journey

QUESTION = "Hello, how much is the VW Polo?"
TRUTH = "The VW Polo costs 9,900 EUR."
_CALLS = """
SELECT c.outcome, c.is_charged FROM model_calls c JOIN suggestions s ON s.id = c.suggestion_id
WHERE s.conversation_id = $1 ORDER BY c.opened_at
"""
PASSWORD = "a long and quiet password"


def a_reply(text: str) -> dict[str, Any]:
    claims = [{"text": "9,900 EUR", "source": "S1", "field": "price", "value": "9,900 EUR"}] if "9,900" in text else []
    reply = {"decision": "answer", "text": text, "reason": "asked", "claims": claims}
    return reply | {"questions": [], "missing": []}


@dataclass
class Office:
    """A workspace with a car on offer, behind the real door."""

    http: httpx.AsyncClient
    services: Any
    actor: Actor
    environment: dict[str, str]
    log: Path
    """What its processes print."""
    processes: list[asyncio.subprocess.Process] = field(default_factory=list[asyncio.subprocess.Process])

    async def start(self, role: str, **changes: str) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "entrypoints.cli", role, env=self.environment | changes, stdin=-3, stdout=log
            )
        self.processes.append(process)
        return process

    async def open(self, text: str = QUESTION) -> ConversationId:
        particulars = Particulars(customer=Customer(name="Anna Berg", email="anna@example.org"))
        opened = await self.services.resolve(OpenConversation)(
            actor=self.actor, particulars=particulars, first_text=text
        )
        return opened.id

    async def say(self, conversation_id: ConversationId, text: str, author: Author = Author.STAFF) -> None:
        await self.services.resolve(PostMessage)(
            actor=self.actor, conversation_id=conversation_id, text=text, author=author
        )

    async def post(self, path: str, json: Any = None, **headers: str) -> httpx.Response:
        return await self.http.post(path, json=json, headers={"Idempotency-Key": uuid4().hex, **headers})

    async def suggest(self, conversation_id: ConversationId, seconds: int = 20) -> httpx.Response:
        path = f"/conversations/{public_id('conv', conversation_id)}/ai-suggest"
        return await self.post(path, Prefer=f"wait={seconds}")

    async def texts(self, conversation_id: ConversationId) -> list[str]:
        sent = "SELECT text FROM messages WHERE conversation_id = $1 AND state = 'sent' ORDER BY sequence"
        rows = await self.sql(sent, conversation_id)
        return [row["text"] for row in rows]

    async def calls(self, conversation_id: ConversationId) -> list[tuple[str, bool]]:
        rows = await self.sql(_CALLS, conversation_id)
        return [(row["outcome"], row["is_charged"]) for row in rows]

    async def sql(self, text: str, *values: object) -> Any:
        transactions: Any = self.services.resolve(Transactions[AssistanceTx])
        async with transactions.begin(self.actor.tenant) as tx:
            return await tx.connection.fetch(text, *values)

    async def until(self, conversation_id: ConversationId, text: str, *wanted: tuple[object, ...]) -> None:
        """Wait until this SQL about the conversation gives these rows."""
        async with asyncio.timeout(10):
            while [tuple(row) for row in await self.sql(text, conversation_id)] != list(wanted):
                await asyncio.sleep(0.02)

    async def end(self, *processes: asyncio.subprocess.Process) -> None:
        for process in processes:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        codes = [await asyncio.wait_for(process.wait(), 30) for process in processes]
        # One that is told to end while it is still starting has no handler yet.
        assert set(codes) <= {0, -signal.SIGKILL, -signal.SIGTERM}


def lines_of(log: bytes, request_id: str) -> list[dict[str, Any]]:
    """What a process logged under this request id."""
    lines = [json.loads(line) for line in log.splitlines()]
    return [line for line in lines if line.get("request_id") == request_id]


@asynccontextmanager
async def an_office(servers: EmbeddedServers, redis_url: str, fake: FakeAnthropic | None) -> AsyncGenerator[Office]:
    session.make_template(servers)
    name = f"usher_assist_{uuid4().hex[:8]}"
    url = await session.clone_database(servers.database_url, name)
    try:
        environment = _environment(url, redis_url, fake)
        settings = load_settings({key: value for key, value in environment.items() if key.startswith("USHER_")})
        async with open_services(settings) as services:
            door = HttpSettings(
                public_url=settings.public_url, secret_key=settings.secret_key.reveal().encode(), version="0"
            )
            transport = httpx.ASGITransport(app=create_app(services, door), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://usher.test/api/v1", timeout=60) as http:
                with tempfile.TemporaryDirectory(prefix="usher-assist-") as folder:
                    office = await _move_in(http, services, environment, Path(folder) / "log")
                    try:
                        await office.start("relay")
                        yield office
                    finally:
                        await office.end(*office.processes)
    finally:
        await session.drop_database(servers.database_url, name)


def _environment(url: str, redis_url: str, fake: FakeAnthropic | None) -> dict[str, str]:
    model = {"USHER_DRAFTER_CHAIN": "anthropic,built_in", "USHER_ANTHROPIC_API_KEY": KEY}
    if fake:
        model["USHER_ANTHROPIC_BASE_URL"] = fake.url
    kept = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
    return (
        kept
        | {
            "PYTHONPATH": "src",
            "USHER_ENV": "test",
            "USHER_DATABASE_URL": url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": secrets.token_hex(32),
            "USHER_TOKEN_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "USHER_LOG_LEVEL": "info",
            "USHER_LEASE_SECONDS": "2",
            "USHER_HEARTBEAT_SECONDS": "0.5",
            "USHER_SWEEP_SECONDS": "0.5",
        }
        | (model if fake else {})
    )


async def _move_in(http: httpx.AsyncClient, services: Any, environment: dict[str, str], log: Path) -> Office:
    person = {"email": f"{uuid4().hex[:8]}@example.org", "password": PASSWORD, "display_name": "Ada"}
    await http.post("/auth/register", json=person)
    login = await http.post("/auth/login", json={"email": person["email"], "password": PASSWORD})
    token = login.json()["data"]["access_token"]
    http.headers["Authorization"] = f"Bearer {token}"
    made = await http.post("/workspaces", json={"name": "Cars"}, headers={"Idempotency-Key": "w"})
    workspace_id = WorkspaceId(private_id("wsp", made.json()["data"]["id"]))
    authenticator: Authenticate = services.resolve(Authenticator)
    actor = await authenticator.authenticate(token, workspace_id)
    new = NewSource(
        kind=SourceKind.INVENTORY,
        content=Content(title="VW Polo", entity="VW Polo", service="stock", fields={"price": "9,900 EUR"}),
    )
    await services.resolve(AddSource)(actor=actor, new=new)
    return Office(http, services, actor, environment, log)


@pytest.fixture(scope="module")
async def model() -> AsyncGenerator[FakeAnthropic]:
    async with fake_anthropic() as model:
        yield model


@pytest.fixture
def fake(model: FakeAnthropic) -> FakeAnthropic:
    """The model of this module, as if nobody had asked it yet."""
    model.otherwise = Says(reply=a_reply(TRUTH))
    model.script.clear()
    model.journal.clear()
    return model


@pytest.fixture(scope="module")
async def house(servers: EmbeddedServers, redis_url: str, model: FakeAnthropic) -> AsyncGenerator[Office]:
    """One office for the module: processes take seconds to start. Nobody works in it yet."""
    async with an_office(servers, redis_url, model) as office:
        yield office


@pytest.fixture(scope="module")
async def staffed(house: Office) -> Office:
    await house.start("worker")
    return house


@pytest.fixture
async def office(staffed: Office, fake: FakeAnthropic) -> Office:
    """The office with a worker, and a model that tells the truth."""
    assert fake.journal == []
    return staffed


@pytest.mark.crash
@pytest.mark.parametrize("point", ["before_call", "after_call", "after_commit"])
async def test_drafts_once_although_the_worker_dies(house: Office, fake: FakeAnthropic, point: str) -> None:
    doomed = await house.start("worker", USHER_FAIL_AT=point)
    conversation_id = await house.open()

    asked = asyncio.create_task(house.suggest(conversation_id, seconds=30))
    assert await asyncio.wait_for(doomed.wait(), 30) == -signal.SIGKILL
    nurse = await house.start("worker")
    suggestion = (await asked).json()["data"]

    assert (suggestion["status"], suggestion["draft"]["text"]) == ("ready", TRUTH)
    drafts = await house.sql("SELECT id FROM messages WHERE conversation_id = $1 AND state = 'draft'", conversation_id)
    assert len(drafts) == 1
    # Killed between the answer and its record, the call cannot but be made again; its first record stays open.
    assert len(fake.journal) == (2 if point == "after_call" else 1)
    charged = [outcome for outcome, is_charged in await house.calls(conversation_id) if is_charged]
    assert charged == ["answered"]
    await house.end(nurse)


async def test_drafts_with_the_rules_where_no_model_is_set_up(servers: EmbeddedServers, redis_url: str) -> None:
    async with an_office(servers, redis_url, None) as office:
        await office.start("worker")
        conversation_id = await office.open()

        suggestion = (await office.suggest(conversation_id)).json()["data"]

        assert suggestion["draft"]["drafter"]["is_built_in"] is True
        assert suggestion["draft"]["decision"] == "answer"
        assert "9,900" in suggestion["draft"]["text"]
        assert suggestion["draft"]["verdict"]["has_passed"] is True
        assert suggestion["draft"]["cost"]["amount_nanos"] == 0


async def test_sends_one_message_for_many_accepts(office: Office, fake: FakeAnthropic) -> None:
    conversation_id = await office.open()

    suggestion = (await office.suggest(conversation_id)).json()["data"]
    answers = await asyncio.gather(*(office.post(f"/messages/{suggestion['message_id']}/accept") for _ in range(20)))

    assert (suggestion["draft"]["text"], suggestion["draft"]["drafter"]["provider"]) == (TRUTH, "anthropic")
    assert suggestion["draft"]["cost"]["amount_nanos"] == 1000 * 100 + 100 * 500
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["data"]["sent"]["sequence"] for answer in answers} == {2}
    assert await office.texts(conversation_id) == [QUESTION, TRUTH]
    assert await office.calls(conversation_id) == [("answered", True)]
    prompt = fake.bodies[0]["messages"][0]["content"]
    assert "VW Polo" in prompt
    assert "Anna" not in prompt


async def test_throws_a_draft_away_when_somebody_writes_while_it_thinks(office: Office, fake: FakeAnthropic) -> None:
    conversation_id = await office.open()
    fake.script = [Says(reply=a_reply(TRUTH), delay_seconds=1.5)]

    asked = asyncio.create_task(office.suggest(conversation_id))
    while not fake.journal:
        await asyncio.sleep(0.01)
    await office.say(conversation_id, "Let me look for you.")
    suggestion = (await asked).json()["data"]

    assert (suggestion["status"], suggestion["draft"], suggestion["is_charged"]) == ("discarded", None, False)
    await office.until(conversation_id, _CALLS, ("answered", False))
    refused = await office.post(f"/messages/{suggestion['message_id']}/accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_state")
    assert await office.texts(conversation_id) == [QUESTION, "Let me look for you."]


async def test_falls_back_to_the_rules_when_the_model_is_down(office: Office, fake: FakeAnthropic) -> None:
    fake.otherwise = Fails(status=529)

    suggestion = (await office.suggest(await office.open())).json()["data"]

    assert suggestion["draft"]["drafter"]["is_built_in"] is True
    assert suggestion["draft"]["path"][:2] == ["anthropic/claude-haiku-5-5:draft: overloaded"] * 2
    assert "9,900" in suggestion["draft"]["text"]


async def test_writes_down_that_a_ready_draft_is_out_of_date(office: Office) -> None:
    conversation_id = await office.open()
    suggestion = (await office.suggest(conversation_id)).json()["data"]
    await office.services.resolve(CloseConversation)(actor=office.actor, conversation_id=conversation_id)

    await office.until(conversation_id, "SELECT status FROM suggestions WHERE conversation_id = $1", ("discarded",))

    shown = await office.http.get(f"/messages/{suggestion['message_id']}/suggestion")
    assert shown.json()["data"]["draft"] is None


async def test_can_be_followed_by_one_request_id_from_the_door_to_the_model(
    office: Office, fake: FakeAnthropic
) -> None:
    conversation_id, request_id, door = await office.open(), f"trace-{uuid4().hex}", io.BytesIO()
    path = f"/conversations/{public_id('conv', conversation_id)}/ai-suggest"
    logs.configure("info", door)

    answer = await office.post(path, **{"Prefer": "wait=20", "X-Request-Id": request_id})

    logs.configure("info", io.BytesIO())
    suggestion = answer.json()["data"]
    assert answer.headers["x-request-id"] == request_id
    (asked,) = lines_of(door.getvalue(), request_id)
    assert (asked["event"], asked["route"]) == ("request", "/api/v1/conversations/{conversation_id}/ai-suggest")
    async with asyncio.timeout(10):
        while len(told := lines_of(office.log.read_bytes(), request_id)) < 2:
            await asyncio.sleep(0.02)
    assert [(line["event"], line.get("job_id")) for line in told] == [
        ("model answered", None),
        ("job done", suggestion["job_id"]),
    ]
    assert told[0]["provider_request"] == fake.answered[-1]
