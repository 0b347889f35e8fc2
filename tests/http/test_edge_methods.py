"""Methods and paths: HEAD, OPTIONS, and everything that is not there."""

import pytest

from tests.http.support import client
from tests.http.things import a_house

ALLOWED = "DELETE, GET, HEAD, OPTIONS, PATCH"


async def test_answers_head_as_get_without_a_body() -> None:
    house = a_house()
    async with client(house.app) as http:
        whole = await http.get(f"/api/v1/things/{house.thing(1)}")
        head = await http.head(f"/api/v1/things/{house.thing(1)}")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["etag"] == whole.headers["etag"]


async def test_answers_head_of_nothing_as_get_would() -> None:
    async with client(a_house().app) as http:
        answer = await http.head("/api/v1/nothing")

    assert (answer.status_code, answer.content) == (404, b"")


async def test_lists_all_methods_of_a_path() -> None:
    house = a_house()
    async with client(house.app, token=None) as http:
        answer = await http.options(f"/api/v1/things/{house.thing(1)}")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, ALLOWED, b"")


async def test_lists_no_methods_of_a_path_that_is_not_there() -> None:
    async with client(a_house().app) as http:
        assert (await http.options("/api/v1/nothing")).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "TRACE", "PROPFIND", "LINK"])
async def test_refuses_other_methods_and_says_which_there_are(method: str) -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.request(method, f"/api/v1/things/{house.thing(1)}")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == ALLOWED


@pytest.mark.parametrize(
    "path",
    ["/", "/api", "/api/v1/things/", "/api/v1//things", "//api/v1/things", "/api/v1/Things", "/api/v1/things.json",
     "/api/v1/things/x/y/z", "/api/v1/things%00", "/api/v1/%2e%2e/things", "/favicon.ico"],
)  # fmt: skip
async def test_finds_nothing_at_other_paths(path: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "id",
    ["1", "tag_", "msg_0000000000000000000000000x", "tag_8zzzzzzzzzzzzzzzzzzzzzzzzz", "tag_é", "tag_%00", "x" * 500],
)
async def test_finds_nothing_under_ids_of_another_kind(id: str) -> None:
    async with client(a_house().app) as http:
        assert (await http.get(f"/api/v1/things/{id}")).status_code == 404


async def test_answers_alike_for_the_absent_and_the_impossible() -> None:
    async with client(a_house().app) as http:
        absent = (await http.get("/api/v1/things/tag_00000000000000000000000zzz")).json()
        impossible = (await http.get("/api/v1/things/nonsense")).json()

    assert {**absent, "request_id": "", "instance": "", "detail": ""} == {
        **impossible,
        "request_id": "",
        "instance": "",
        "detail": "",
    }
