"""Hostile bytes: each is refused with a 4xx problem, or comes back as it was. Never a 500."""

import asyncio
import json

import httpx
import pytest

from tests.http.support import client
from tests.http.things import a_house

GOOD = {"name": "Lamp", "color": "red"}
JSON = {"Content-Type": "application/json", "Idempotency-Key": "k"}


async def send(body: bytes, **headers: str) -> httpx.Response:
    async with client(a_house().app) as http:
        return await http.post("/api/v1/things", content=body, headers={**JSON, **headers})


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": "Lamp", "color": "red"', id="cut off"),
        pytest.param(b'{"name": "Lamp", "color": "red"} x', id="trailing bytes"),
        pytest.param(b'{"name": "Lamp", "color": "red"}{}', id="two documents"),
        pytest.param(b'{"name": "Lamp", "color": "red", "name": "Desk"}', id="repeated key"),
        pytest.param(b'{"name": "Lamp", "color": "red", "maker": {"name": "a", "name": "b", "born_in": 1900}}',
                     id="repeated key further in"),
        pytest.param(b'\xef\xbb\xbf{"name": "Lamp", "color": "red"}', id="byte order mark"),
        pytest.param(json.dumps(GOOD).encode("utf-16"), id="UTF-16"),
        pytest.param(json.dumps(GOOD).encode("utf-32"), id="UTF-32"),
        pytest.param(b'{"name": "\xff\xfe", "color": "red"}', id="not UTF-8"),
        pytest.param(b'{"name": "\xed\xa0\x80", "color": "red"}', id="surrogate in UTF-8"),
        pytest.param(b'{"name": "\\ud800", "color": "red"}', id="half a pair"),
        pytest.param(b'{"name": "\\ud800x", "color": "red"}', id="half a pair before text"),
        pytest.param(b'{"name": "\\udc00\\ud800", "color": "red"}', id="a pair turned round"),
        pytest.param(b'{"name": "a\\u0000b", "color": "red"}', id="escaped NUL"),
        pytest.param(b'{"name": "a\x00b", "color": "red"}', id="raw NUL"),
        pytest.param(b'{"name": "Lamp", "color": "red", "a\\u0000": 1}', id="NUL in a key"),
        pytest.param(b'{"name": "a\nb", "color": "red"}', id="raw control character"),
        pytest.param(b'{"name": NaN, "color": "red"}', id="NaN"),
        pytest.param(b'{"name": "Lamp", "color": "red", "maker": {"name": "a", "born_in": Infinity}}', id="Infinity"),
        pytest.param(b"{'name': 'Lamp', 'color': 'red'}", id="single quotes"),
        pytest.param(b'{"name": "Lamp", "color": "red",}', id="trailing comma"),
        pytest.param(b'{"name": "Lamp", /* c */ "color": "red"}', id="comment"),
        pytest.param(b"[" * 2000 + b"]" * 2000, id="2,000 arrays deep"),
        pytest.param(b'{"a":' * 2000 + b"1" + b"}" * 2000, id="2,000 objects deep"),
        pytest.param(b"[" * 500_000, id="half a million open brackets"),
        pytest.param(b'{"name": "Lamp", "color": "red", "labels": ' + b"[" * 65 + b"]" * 65 + b"}", id="66 deep"),
        pytest.param(b"[" + b"[]," * 30_000 + b"1]", id="30,000 arrays"),
        pytest.param(b" ", id="only space"),
        pytest.param(b"\x00", id="a NUL"),
    ],
)  # fmt: skip
async def test_refuses_what_is_no_json_of_ours(body: bytes) -> None:
    assert_problem(await send(body), 400, "malformed_request")


@pytest.mark.parametrize(
    "body",
    [b"null", b"[]", b'"text"', b"1", b"true", b"1e999", b"1" * 4000, b"-0.0",
     b'{"name": "Lamp", "color": "red", "maker": {"name": "a", "born_in": ' + b"9" * 400 + b"}}"],
)  # fmt: skip
async def test_refuses_json_of_another_shape(body: bytes) -> None:
    assert_problem(await send(body), 400, "validation_failed")


async def test_refuses_a_number_of_5000_digits() -> None:
    answer = await send(b'{"name": "Lamp", "color": "red", "maker": {"name": "a", "born_in": ' + b"9" * 5000 + b"}}")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "name", ["日本語", "مرحبا", "a\u200bb", "😀", "\\u0000", "<script>", "' OR 1=1", "\U0010ffff", "é́"]
)
async def test_gives_text_back_as_it_was_sent(name: str) -> None:
    answer = await send(json.dumps({**GOOD, "name": name}).encode())

    assert answer.json()["data"]["name"] == name


async def test_takes_64_levels_and_brackets_in_strings() -> None:
    body = json.dumps({"name": "[" * 10 + "{" * 10, "color": "red", "labels": ['["', "}]{[\\"]}).encode()

    assert (await send(body)).status_code == 201


@pytest.mark.parametrize(
    "kind",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
     "application/json; charset=latin-1", "application/merge-patch+json", "application/jsonx", "json"],
)  # fmt: skip
async def test_refuses_bodies_of_another_type(kind: str | None) -> None:
    headers = {"Idempotency-Key": "k"} if kind is None else {"Idempotency-Key": "k", "Content-Type": kind}
    async with client(a_house().app) as http:
        answer = await http.post("/api/v1/things", content=json.dumps(GOOD).encode(), headers=headers)

    assert_problem(answer, 415, "unsupported_media_type")
    assert "application/json" in answer.json()["accepted"]


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON", "application/json; charset=UTF-8"])
async def test_takes_json_however_it_is_written(kind: str) -> None:
    assert (await send(json.dumps(GOOD).encode(), **{"Content-Type": kind})).status_code == 201


async def test_refuses_compressed_bodies_without_unpacking_them() -> None:
    assert_problem(await send(b"\x1f\x8b" * 10, **{"Content-Encoding": "gzip"}), 415, "unsupported_media_type")


async def test_refuses_a_body_over_the_limit_by_its_declared_length() -> None:
    answer = await send(b"x" * (1024 * 1024 + 1))

    assert_problem(answer, 413, "payload_too_large")
    assert answer.json()["max_bytes"] == 1024 * 1024


async def test_refuses_a_body_over_the_limit_that_declares_no_length() -> None:
    async def endless():
        for _ in range(100_000):
            yield b"x" * 65536

    async with client(a_house().app) as http:
        answer = await http.post("/api/v1/things", content=endless(), headers=JSON)

    assert_problem(answer, 413, "payload_too_large")


async def test_cuts_a_body_that_comes_too_slowly() -> None:
    async def slow():
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    async with client(a_house(body_timeout_seconds=0.05).app) as http:
        answer = await http.post("/api/v1/things", content=slow(), headers=JSON)

    assert_problem(answer, 408, "request_timeout")


async def test_refuses_a_body_where_none_is_meant() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.post(f"/api/v1/things/{house.thing(2)}/paint", json={"color": "red"})
        empty = await http.post(f"/api/v1/things/{house.thing(2)}/paint", json={})

    assert_problem(answer, 400, "validation_failed")
    assert empty.status_code == 200


async def test_asks_for_a_body_where_one_is_needed() -> None:
    answer = await send(b"")

    assert answer.json()["errors"] == [{"pointer": "", "code": "required", "message": "this route needs a JSON body"}]


async def test_refuses_a_uri_that_is_too_long() -> None:
    async with client(a_house().app) as http:
        assert_problem(await http.get("/api/v1/things?color=" + "x" * 9000), 414, "uri_too_long")


async def test_refuses_headers_that_are_too_large() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things", headers={"X-Filler": "x" * 40_000})

    assert_problem(answer, 431, "headers_too_large")


@pytest.mark.parametrize("name", ["Authorization", "Idempotency-Key", "Content-Type", "Usher-Workspace", "Host"])
async def test_refuses_headers_that_come_twice(name: str) -> None:
    async with client(a_house().app, token=None) as http:
        answer = await http.get("/api/v1/things", headers=[(name, "a"), (name, "b")])

    assert_problem(answer, 400, "malformed_request")


@pytest.mark.parametrize("query", ["color=%00", "color=%ff", "%00=1", "color=" + "%ed%a0%80"])
async def test_refuses_a_query_that_is_no_text(query: str) -> None:
    async with client(a_house().app) as http:
        assert_problem(await http.get(f"/api/v1/things?{query}"), 400, "malformed_request")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
async def test_refuses_clients_that_take_no_json(accept: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things", headers={"Accept": accept})

    assert_problem(answer, 406, "not_acceptable")


async def test_leaves_the_body_to_routes_that_read_it_themselves_within_the_limit() -> None:
    async with client(a_house().app, token=None) as http:
        taken = await http.post("/api/v1/things/weigh", content=b"\xff\x00[", headers={"Content-Type": "image/png"})
        refused = await http.post("/api/v1/things/weigh", content=b"x" * (1024 * 1024 + 1))

    assert (taken.status_code, taken.json()["data"]["name"]) == (200, "3")
    assert_problem(refused, 413, "payload_too_large")
