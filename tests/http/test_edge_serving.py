"""The real server on a real socket: what cannot be seen without one."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from entrypoints.http.serving import Server, ServerSettings, configure
from tests.http.things import a_house


@asynccontextmanager
async def running(head_seconds: float = 10.0) -> AsyncGenerator[tuple[Server, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(
        a_house().app, ServerSettings(port=port, notice_seconds=0, drain_seconds=2, head_seconds=head_seconds)
    )
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server, port
    server.should_exit = True
    await task


async def talk(port: int, data: bytes, *, until_closed: bool = False) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    got = await asyncio.wait_for(reader.read() if until_closed else reader.read(65536), 5)
    writer.close()
    return got


async def test_serves_get_head_and_post() -> None:
    headers = {"Authorization": "Bearer ada", "Idempotency-Key": "a"}
    async with running() as (_, port), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as http:
        got = await http.get("/api/v1/things")
        head = await http.head("/api/v1/things")
        made = await http.post("/api/v1/things", json={"name": "Lamp", "color": "red"})

    assert (got.status_code, head.status_code, made.status_code) == (200, 200, 201)
    assert head.headers["content-length"] == got.headers["content-length"]
    assert "server" not in got.headers
    assert "date" in got.headers


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET /api/v1/things HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/v1/things HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ],
)
async def test_answers_what_is_no_http_with_a_problem(data: bytes) -> None:
    async with running() as (_, port):
        got = await talk(port, data)

    assert got.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in got
    assert b'"code":"malformed_request"' in got


async def test_takes_no_header_from_behind_the_body() -> None:
    head = b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    async with running() as (_, port):
        got = await talk(port, head + b"0\r\nAuthorization: Bearer ada\r\nIdempotency-Key: a\r\n\r\n")

    assert got.startswith(b"HTTP/1.1 401 ")


async def test_hangs_up_on_heads_that_do_not_end_in_size() -> None:
    async with running() as (_, port):
        got = await talk(port, b"GET / HTTP/1.1\r\nX-A: " + b"x" * 300_000)

    assert got.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\nHost:"])
async def test_hangs_up_on_heads_that_do_not_end_in_time(data: bytes) -> None:
    async with running(head_seconds=0.1) as (_, port):
        got = await talk(port, data, until_closed=True)

    assert got.startswith(b"HTTP/1.1 408 ")


async def test_closes_a_connection_whose_body_it_refused_to_read() -> None:
    head = b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    async with running() as (_, port):
        got = await talk(port, head, until_closed=True)

    assert got.startswith(b"HTTP/1.1 401 ")
    assert b"connection: close" in got


async def test_lets_running_requests_end_when_it_stops() -> None:
    async with running() as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /api/v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ada\r\nIdempotency-Key: a\r\n"
            b"Content-Type: application/json\r\nContent-Length: 32\r\n\r\n"
        )
        await asyncio.sleep(0.05)
        server.should_exit = True
        await asyncio.sleep(0.2)
        writer.write(b'{"name": "Lamp","color": "red" }')
        got = await asyncio.wait_for(reader.read(65536), 5)
        writer.close()

    assert got.startswith(b"HTTP/1.1 201 ")


def test_believes_forwarded_addresses_of_trusted_proxies_only() -> None:
    app = a_house().app

    assert configure(app, ServerSettings()).proxy_headers is False
    assert configure(app, ServerSettings(trusted_proxies=("10.0.0.1",))).forwarded_allow_ips == ["10.0.0.1"]


async def test_turns_requests_away_when_too_many_run() -> None:
    house = a_house(most_running=0)
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://usher.test") as http:
        answer = await http.get("/api/v1/things")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"] == "1"
