"""Idempotency-Key: one effect and one answer per key."""

import asyncio
from typing import Any

import httpx
import pytest

from application.shared.once import Once
from domain.shared.ports import Transactions
from tests.http.support import WORKSPACE, client
from tests.http.things import House, a_house

LAMP = {"name": "Lamp", "color": "red"}


async def make(http: httpx.AsyncClient, key: str, body: Any = LAMP, **headers: str) -> httpx.Response:
    return await http.post("/api/v1/things", json=body, headers={"Idempotency-Key": key, **headers})


async def test_repeats_the_answer_and_not_the_effect() -> None:
    house = a_house(0)
    async with client(house.app) as http:
        first = await make(http, "a")
        second = await make(http, "a")

    assert (first.status_code, second.status_code, len(house.things.kept)) == (201, 201, 1)
    assert second.content == first.content
    for name in ("location", "etag", "content-type"):
        assert second.headers[name] == first.headers[name]
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"


async def test_takes_the_quoted_form_for_the_same_key() -> None:
    async with client(a_house().app) as http:
        await make(http, 'a"b')
        answer = await make(http, '"a\\"b"')

    assert answer.headers["idempotency-replayed"] == "true"


async def test_does_it_again_under_another_key() -> None:
    house = a_house(0)
    async with client(house.app) as http:
        await make(http, "a")
        await make(http, "b")

    assert len(house.things.kept) == 2


async def test_refuses_the_key_for_another_request() -> None:
    async with client(a_house().app) as http:
        await make(http, "a")
        answer = await make(http, "a", {"name": "Desk", "color": "red"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_keeps_keys_of_callers_apart() -> None:
    house = a_house(0)
    async with client(house.app) as http:
        await make(http, "a")
    async with client(house.app, token="bob") as http:
        answer = await make(http, "a", {"name": "Desk", "color": "red"})

    assert (answer.status_code, len(house.things.kept)) == (201, 2)


async def test_demands_a_key_where_it_must() -> None:
    async with client(a_house().app) as http:
        answer = await http.post("/api/v1/things", json=LAMP)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "é", "a\tb"])
async def test_refuses_what_is_no_key(key: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.post("/api/v1/things", json=LAMP, headers=[(b"Idempotency-Key", key.encode())])

    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


async def test_frees_the_key_when_the_request_was_refused() -> None:
    async with client(a_house().app) as http:
        refused = await make(http, "a", {"name": "", "color": "red"})
        answer = await make(http, "a")

    assert (refused.status_code, answer.status_code) == (400, 201)


async def test_sends_the_second_away_while_the_first_runs() -> None:
    house = a_house()
    transactions: Transactions[Any] = house.database
    once = Once(caller=_caller(house), route="things_create", key="a", fingerprint=b"x")

    async with transactions.begin(WORKSPACE) as tx, client(house.app) as http:
        await tx.answers.find(once)
        answer = await make(http, "a")

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert answer.headers["retry-after"] == "1"


async def test_lets_one_of_many_act() -> None:
    house = a_house(0)
    async with client(house.app) as http:
        answers = await asyncio.gather(*[make(http, "a") for _ in range(10)])

    assert len(house.things.kept) == 1
    assert {each.status_code for each in answers} <= {201, 409}


def _caller(house: House) -> str:
    actor = house.tokens.callers["ada"]
    assert not isinstance(actor, Exception)
    return actor.caller
