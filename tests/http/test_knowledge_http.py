"""Sources at the door."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.http.support import client
from tests.http.talking_house import House

API = "/api/v1/sources"
GOLF = {"kind": "inventory", "title": "Golf", "fields": {"price": "18950 EUR"}}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client(house.app) as http:
        yield http


async def added(http: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await http.post(API, json={**GOLF, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_adds_and_shows(http: httpx.AsyncClient):
    answer = await http.post(API, json={**GOLF, "service": "stock", "external_id": "car-1"})

    data = answer.json()["data"]
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"{API}/{data['id']}"
    assert (data["kind"], data["fields"], data["service"], data["text"]) == (
        "inventory",
        {"price": "18950 EUR"},
        "stock",
        "",
    )
    assert (await http.get(answer.headers["location"])).json() == answer.json()


async def test_attaches_to_a_conversation(http: httpx.AsyncClient):
    opened = await http.post("/api/v1/conversations", json={"customer": {"name": "Ada"}})
    conversation_id = opened.json()["data"]["id"]

    source = await added(http, conversation_id=conversation_id, known_since=2, batch=1)

    assert (source["conversation_id"], source["known_since"], source["batch"]) == (conversation_id, 2, 1)
    listed = await http.get(API, params={"conversation_id": conversation_id})
    assert [each["id"] for each in listed.json()["data"]] == [source["id"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**GOLF, "title": " "}, "/title"),
        ({"kind": "inventory", "title": "Golf"}, "/fields"),
        ({**GOLF, "kind": "rumour"}, "/kind"),
        ({**GOLF, "fields": {"price": 1}}, "/fields"),
        ({**GOLF, "fields": {"a/b": "x" * 2001}}, "/fields"),
        ({**GOLF, "conversation_id": "conv_01jd3kq0z8e4tb6x5w2v9r7m1n"}, "/conversation_id"),
    ],
)
async def test_refuses_what_will_not_do(http: httpx.AsyncClient, body: dict[str, Any], pointer: str):
    answer = await http.post(API, json=body)

    assert problem(answer) == (400, "validation_failed")
    assert [error for error in answer.json()["errors"] if error["pointer"].startswith(pointer)], answer.text


async def test_refuses_a_taken_external_id(http: httpx.AsyncClient):
    await added(http, external_id="car-1")

    assert problem(await http.post(API, json={**GOLF, "external_id": "car-1"})) == (409, "already_exists")


async def test_changes_and_keeps_versions(http: httpx.AsyncClient):
    source = await added(http, fields={"price": "1 EUR", "colour": "red"}, entity="VW")
    path = f"{API}/{source['id']}"

    changed = await http.patch(
        path, json={"fields": {"price": "2 EUR", "colour": None}, "entity": None}, headers={"If-Match": '"1"'}
    )
    versions = await http.get(f"{path}/versions")

    data = changed.json()["data"]
    assert (data["fields"], data["entity"], changed.headers["etag"]) == ({"price": "2 EUR"}, "", '"2"')
    assert [(each["version"], each["fields"]) for each in versions.json()["data"]] == [
        (2, {"price": "2 EUR"}),
        (1, {"price": "1 EUR", "colour": "red"}),
    ]


async def test_refuses_a_stale_version(http: httpx.AsyncClient):
    source = await added(http)
    path = f"{API}/{source['id']}"
    await http.patch(path, json={"title": "Polo"})

    answers = [
        await http.patch(path, json={"title": "Passat"}, headers={"If-Match": '"1"'}),
        await http.delete(path, headers={"If-Match": '"1"'}),
    ]

    assert [problem(answer) for answer in answers] == [(412, "precondition_failed")] * 2


async def test_archives_for_good(http: httpx.AsyncClient):
    source = await added(http)
    path = f"{API}/{source['id']}"

    first, second = await http.delete(path), await http.delete(path)
    late = await http.patch(path, json={"title": "Polo"})

    assert (first.status_code, first.json()["data"]["is_archived"]) == (200, True)
    assert second.json() == first.json()
    assert problem(late) == (409, "invalid_state")


async def test_lists_by_filters_and_words(http: httpx.AsyncClient):
    golf = await added(http, service="stock")
    await added(http, kind="policy", title="Returns", fields={}, text="Within 14 days")
    await http.delete(f"{API}/{golf['id']}")

    async def titles(query: str) -> list[str]:
        answer = await http.get(f"{API}?{query}")
        assert answer.status_code == 200, answer.text
        return [each["title"] for each in answer.json()["data"]]

    assert await titles("") == ["Returns", "Golf"]
    assert await titles("kind=policy&kind=article") == ["Returns"]
    assert await titles("service=stock") == ["Golf"]
    assert await titles("is_archived=false") == ["Returns"]
    assert await titles("q=14+days") == ["Returns"]


@pytest.mark.parametrize("query", ["kind=rumour", "conversation_id=src_1", "q=", "limit=0"])
async def test_refuses_bad_parameters(http: httpx.AsyncClient, query: str):
    assert problem(await http.get(f"{API}?{query}")) == (400, "validation_failed")


async def test_shows_nothing_to_another_workspace(http: httpx.AsyncClient, house: House):
    source = await added(http)

    async with client(house.app, "eve") as eve:
        path = f"{API}/{source['id']}"
        answers = [
            await eve.get(path),
            await eve.get(f"{path}/versions"),
            await eve.patch(path, json={"title": "Mine"}),
            await eve.delete(path),
        ]
        listed = (await eve.get(API)).json()["data"]

    assert [problem(answer) for answer in answers] == [(404, "not_found")] * 4
    assert listed == []


async def test_needs_the_permission_to_write(house: House, http: httpx.AsyncClient):
    source = await added(http)

    async with client(house.app, "rob") as rob:
        answers = [await rob.post(API, json=GOLF), await rob.delete(f"{API}/{source['id']}")]

    assert [problem(answer) for answer in answers] == [(403, "permission_denied")] * 2
