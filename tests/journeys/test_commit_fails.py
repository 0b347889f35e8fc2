"""COMMIT made to fail: never a 2xx, nothing half done, and the client's key is free for another try."""

import asyncio
import base64
import io
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest

from entrypoints import logs
from entrypoints.composition.services import open_services
from entrypoints.demo.seeding import SeedDemo
from entrypoints.http.app import create_app
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings

pytestmark = [pytest.mark.journey, pytest.mark.crash]

_REFUSE = """
CREATE FUNCTION refuse_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text LIKE '%stumble%' THEN RAISE EXCEPTION 'not today' USING ERRCODE = '23514'; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refuse_at_commit AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION refuse_at_commit();
"""
_ROWS = """
SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM events), (SELECT count(*) FROM answers),
       (SELECT sum(last_sequence) FROM conversations)
"""


@dataclass
class Line:
    """A TCP line to PostgreSQL's socket that can be cut when COMMIT passes: before it arrives, or before its answer."""

    target: str
    cut: str = ""
    port: int = 0

    async def carry(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, on = await asyncio.open_unix_connection(self.target)
        state = {"is_cut": False}

        async def forward(source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_question: bool) -> None:
            while data := await source.read(65536):
                commits = is_question and b"COMMIT" in data
                if commits and self.cut == "before":
                    break
                if state["is_cut"] and not is_question:
                    break
                state["is_cut"] |= commits and self.cut == "after"
                sink.write(data)
                await sink.drain()
            for end in (back, on):
                end.close()

        await asyncio.gather(
            forward(client, on, is_question=True), forward(server, back, is_question=False), return_exceptions=True
        )


@asynccontextmanager
async def a_line(database_url: str) -> AsyncGenerator[tuple[Line, str]]:
    """A line that works, and the database's URL through it."""
    parts = urlsplit(database_url)
    place = parse_qs(parts.query)
    line = Line(f"{place['host'][0]}/.s.PGSQL.{place.get('port', ['5432'])[0]}")
    server = await asyncio.start_server(line.carry, "127.0.0.1")
    line.port = server.sockets[0].getsockname()[1]
    user = f"{parts.username}@" if parts.username else ""
    try:
        yield line, f"postgresql://{user}127.0.0.1:{line.port}{parts.path}?sslmode=disable"
    finally:
        server.close()


@dataclass
class Desk:
    """A seeded workspace behind the real door, and a look at its rows."""

    http: httpx.AsyncClient
    owner_url: str
    conversation: str

    async def send(self, text: str, key: str) -> httpx.Response:
        return await self.http.post(
            f"/api/v1/conversations/{self.conversation}/messages",
            json={"author": "customer", "text": text},
            headers={"Idempotency-Key": key},
        )

    async def rows(self) -> tuple[int, ...]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return tuple((await connection.fetch(_ROWS))[0])
        finally:
            await connection.close()


@asynccontextmanager
async def a_desk(url: str, owner_url: str, redis_url: str) -> AsyncGenerator[Desk]:
    """The product on this database."""
    settings = load_settings(
        {
            "USHER_ENV": "test",
            "USHER_DATABASE_URL": url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": secrets.token_hex(32),
            "USHER_TOKEN_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
    )
    logs.configure("error", io.BytesIO())
    async with open_services(settings) as services:
        seeded = await services.resolve(SeedDemo)()
        app = create_app(services, HttpSettings(secret_key=b"k" * 32, version="test"))
        headers = {"Authorization": f"Bearer {seeded.api_key}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
            listed = (await http.get("/api/v1/conversations")).json()["data"]
            yield Desk(http, owner_url, listed[0]["id"])


async def test_never_says_yes_to_what_a_deferred_check_undid(fresh_database_url, redis_url):
    connection = await asyncpg.connect(fresh_database_url)
    await connection.execute(_REFUSE)
    await connection.close()
    async with a_desk(fresh_database_url, fresh_database_url, redis_url) as desk:
        before = await desk.rows()

        answers = [await desk.send("we stumble here", f"key-{number}") for number in range(200)]

        assert {answer.status_code for answer in answers} <= {500, 503}
        assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
        assert await desk.rows() == before
        again = await desk.send("we walk here", "key-7")
        assert again.status_code == 201
        assert "idempotency-replayed" not in again.headers


async def test_says_no_when_the_line_breaks_before_the_commit(fresh_database_url, redis_url):
    async with (
        a_line(fresh_database_url) as (line, url),
        a_desk(url, fresh_database_url, redis_url) as desk,
    ):
        before = await desk.rows()

        line.cut = "before"
        refused = await desk.send("is it there?", "key")
        line.cut = ""
        after = await desk.rows()
        again = await desk.send("is it there?", "key")

        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert after == before
        assert again.status_code == 201


async def test_gives_the_committed_answer_when_only_the_answer_got_lost(fresh_database_url, redis_url):
    async with (
        a_line(fresh_database_url) as (line, url),
        a_desk(url, fresh_database_url, redis_url) as desk,
    ):
        before = await desk.rows()

        line.cut = "after"
        unsure = await desk.send("is it there?", "key")
        line.cut = ""
        again = await desk.send("is it there?", "key")

        assert unsure.status_code == 503
        assert again.status_code == 201
        assert again.headers["idempotency-replayed"] == "true"
        assert (await desk.rows())[0] == before[0] + 1
