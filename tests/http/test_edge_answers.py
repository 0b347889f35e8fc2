"""What every answer carries, and what is logged."""

import io
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from domain.shared.ids import id_pattern
from entrypoints import logs
from tests.http.support import client
from tests.http.things import a_house

Lines = Callable[[], list[dict[str, Any]]]


async def test_gives_each_request_an_id() -> None:
    async with client(a_house().app) as http:
        ids = {(await http.get("/api/v1/things")).headers["x-request-id"] for _ in range(50)}

    assert len(ids) == 50
    assert all(re.match(id_pattern("req"), each) for each in ids)


@pytest.mark.parametrize("given", ["req_01jd3kq0z8e4tb6x5w2v9r7m1n", "abcdefgh", "trace-1.2:3_4"])
async def test_takes_a_safe_request_id_from_the_client(given: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things", headers={"X-Request-Id": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f", '"quoted-id"', "<script>alert", "-starts-badly"])
async def test_makes_its_own_where_that_is_not_safe(given: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things", headers={"X-Request-Id": given})

    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("path", ["/api/v1/things", "/api/v1/things/break", "/nowhere", "/api/v1/things?limit=0"])
async def test_protects_every_answer(path: str) -> None:
    async with client(a_house().app) as http:
        headers = (await http.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert "server" not in headers


async def test_speaks_of_https_only_over_https() -> None:
    async with client(a_house(public_url="http://localhost:8000").app) as http:
        assert "strict-transport-security" not in (await http.get("/api/v1/things")).headers


async def test_lets_an_answer_with_a_version_be_kept_and_asked_about() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.get(f"/api/v1/things/{house.thing(1)}")

    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization, Usher-Workspace"


async def test_logs_one_line_per_request_without_ids_and_secrets(log_lines: Lines) -> None:
    house = a_house()
    async with client(house.app, token="ada") as http:
        await http.get(f"/api/v1/things/{house.thing(1)}?token=very-secret", headers={"X-Request-Id": "trace-0001"})

    (line,) = log_lines()
    assert (line["event"], line["method"], line["status"], line["code"]) == ("request", "GET", 400, "validation_failed")
    assert (line["route"], line["request_id"]) == ("/api/v1/things/{thing_id}", "trace-0001")
    assert (line["caller"], line["address"]) == ("user:019a0000-0000-7000-8000-000000000001", "127.0.0.1")
    assert "very-secret" not in str(line)
    assert house.thing(1) not in str(line)
    assert "Bearer" not in str(line)


async def test_logs_failures_of_ours_as_errors_under_the_same_id(log_lines: Lines) -> None:
    async with client(a_house().app) as http:
        await http.get("/api/v1/things/break", headers={"X-Request-Id": "trace-0002"})

    failure, access = log_lines()
    assert (failure["level"], access["level"]) == ("error", "error")
    assert failure["request_id"] == access["request_id"] == "trace-0002"


async def test_cannot_be_made_to_forge_a_line(log_lines: Lines) -> None:
    async with client(a_house().app) as http:
        await http.get("/api/v1/things", headers={"Authorization": "Bearer a%0a{}", "X-Request-Id": "a%0d%0ab"})

    assert len(log_lines()) == 1


async def test_leaves_everyday_requests_out_where_only_trouble_is_wanted() -> None:
    stream = io.BytesIO()
    logs.configure("warning", stream)
    async with client(a_house().app) as http:
        await http.get("/api/v1/things")
        await http.get("/api/v1/things/break")

    assert [msgspec.json.decode(line)["event"] for line in stream.getvalue().splitlines()] == [
        "request_failed",
        "request",
    ]
