"""Lists: pages by cursor, each cursor good for one caller, one filter and one day."""

import base64
from uuid import UUID

import pytest

from tests.http.support import ADA, OTHER_WORKSPACE, TokenTable, an_actor, client
from tests.http.things import Thing, a_house


async def test_walks_through_everything_once() -> None:
    house = a_house(7)
    seen: list[str] = []
    async with client(house.app) as http:
        path = "/api/v1/things?limit=3"
        while path:
            answer = await http.get(path)
            seen += [each["id"] for each in answer.json()["data"]]
            path = answer.links["next"]["url"] if "next" in answer.links else ""

    assert seen == [house.thing(n) for n in range(7, 0, -1)]


async def test_repeats_and_skips_nothing_while_things_are_added() -> None:
    house = a_house(4)
    async with client(house.app) as http:
        first = await http.get("/api/v1/things?limit=2")
        house.things.kept[UUID(int=99)] = Thing(UUID(int=99), "New", "red")
        second = await http.get(first.links["next"]["url"])

    assert [each["id"] for each in second.json()["data"]] == [house.thing(2), house.thing(1)]


async def test_says_that_nothing_follows() -> None:
    async with client(a_house(2).app) as http:
        answer = await http.get("/api/v1/things?limit=2")

    assert answer.json()["page"] == {"limit": 2, "has_more": False, "next_cursor": None, "prev_cursor": None}
    assert "link" not in answer.headers


async def test_gives_twenty_by_default_and_an_empty_list_for_nothing() -> None:
    async with client(a_house(25).app) as http:
        assert len((await http.get("/api/v1/things")).json()["data"]) == 20
    async with client(a_house(0).app) as http:
        assert (await http.get("/api/v1/things")).json()["data"] == []


async def test_keeps_the_filter_in_the_link() -> None:
    async with client(a_house(9).app) as http:
        first = await http.get("/api/v1/things?limit=2&color=red")
        second = await http.get(first.links["next"]["url"])

    assert {each["color"] for each in second.json()["data"]} == {"red"}


async def test_lets_the_limit_change_on_the_way() -> None:
    async with client(a_house(9).app) as http:
        cursor = (await http.get("/api/v1/things?limit=2")).json()["page"]["next_cursor"]
        answer = await http.get("/api/v1/things", params={"limit": 5, "cursor": cursor})

    assert len(answer.json()["data"]) == 5


@pytest.mark.parametrize("change", ["&color=red", "&color=red&color=blue"])
async def test_refuses_a_cursor_of_another_filter(change: str) -> None:
    async with client(a_house(9).app) as http:
        cursor = (await http.get("/api/v1/things?limit=2")).json()["page"]["next_cursor"]
        answer = await http.get(f"/api/v1/things?cursor={cursor}{change}")

    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")


async def test_refuses_a_cursor_of_another_caller_or_workspace() -> None:
    tokens = TokenTable({"ada": an_actor(), "bob": an_actor(ADA, OTHER_WORKSPACE)})
    house = a_house(9, tokens=tokens)
    async with client(house.app) as http:
        cursor = (await http.get("/api/v1/things?limit=2")).json()["page"]["next_cursor"]
    async with client(house.app, token="bob") as http:
        answer = await http.get(f"/api/v1/things?cursor={cursor}")

    assert answer.json()["code"] == "cursor_invalid"


async def test_refuses_a_cursor_after_a_day() -> None:
    house = a_house(9)
    async with client(house.app) as http:
        cursor = (await http.get("/api/v1/things?limit=2")).json()["page"]["next_cursor"]
        house.clock.turn(hours=23, minutes=59)
        fresh = await http.get(f"/api/v1/things?cursor={cursor}")
        house.clock.turn(minutes=2)
        stale = await http.get(f"/api/v1/things?cursor={cursor}")

    assert fresh.status_code == 200
    assert stale.json()["code"] == "cursor_invalid"


async def test_refuses_every_altered_cursor() -> None:
    async with client(a_house(9).app) as http:
        cursor = (await http.get("/api/v1/things?limit=2")).json()["page"]["next_cursor"]
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        for index in range(len(raw)):
            broken = bytearray(raw)
            broken[index] ^= 1
            text = base64.urlsafe_b64encode(bytes(broken)).rstrip(b"=").decode()
            assert (await http.get(f"/api/v1/things?cursor={text}")).json()["code"] == "cursor_invalid"


@pytest.mark.parametrize("cursor", ["x", "AAAA", "!!!!", "a" * 512, "%F0%9F%98%80", "' OR 1=1 --"])
async def test_refuses_what_is_no_cursor(cursor: str) -> None:
    async with client(a_house(9).app) as http:
        assert (await http.get(f"/api/v1/things?cursor={cursor}")).json()["code"] == "cursor_invalid"
