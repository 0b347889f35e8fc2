"""ETag, If-None-Match, If-Match."""

import pytest

from tests.http.support import client
from tests.http.things import a_house


@pytest.mark.parametrize("seen", ['"1"', 'W/"1"', '"9", "1"', "*"])
async def test_sends_no_body_to_who_has_it(seen: str) -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.get(f"/api/v1/things/{house.thing(1)}", headers={"If-None-Match": seen})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
    assert "content-length" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("seen", ['"2"', "1", '"11"', ""])
async def test_sends_the_body_to_who_has_another(seen: str) -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.get(f"/api/v1/things/{house.thing(1)}", headers={"If-None-Match": seen})

    assert answer.status_code == 200


async def test_changes_only_the_version_that_was_seen() -> None:
    house = a_house()
    path = f"/api/v1/things/{house.thing(1)}"
    async with client(house.app) as http:
        changed = await http.patch(path, json={"name": "Desk"}, headers={"If-Match": '"1"'})
        late = await http.patch(path, json={"name": "Lamp"}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (late.status_code, late.json()["code"], late.json()["current_version"]) == (412, "precondition_failed", 2)


async def test_asks_for_the_version_where_it_must() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.patch(f"/api/v1/things/{house.thing(1)}", json={"name": "Desk"})

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("tag", ['W/"1"', '"1", "2"', '"0"', '"one"', '"' + "9" * 40 + '"'])
async def test_takes_one_strong_tag_only(tag: str) -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.patch(f"/api/v1/things/{house.thing(1)}", json={"name": "Desk"}, headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "If-Match")


async def test_takes_a_star_for_any_version() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.patch(f"/api/v1/things/{house.thing(1)}", json={"name": "Desk"}, headers={"If-Match": "*"})

    assert answer.status_code == 200
