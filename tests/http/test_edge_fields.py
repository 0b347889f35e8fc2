"""All bad fields at once, by JSON pointer or parameter name."""

from typing import Any

import pytest

from tests.http.support import client
from tests.http.things import a_house


async def errors_of(body: Any) -> list[dict[str, Any]]:
    async with client(a_house().app) as http:
        answer = await http.post("/api/v1/things", json=body, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    return answer.json()["errors"]


async def test_names_every_bad_field() -> None:
    found = await errors_of(
        {
            "name": "",
            "color": "pink",
            "maker": {"born_in": 1, "z/~": 2},
            "labels": ["x" * 11, "b", "c", "d"],
            "price": 1,
        }
    )

    assert {(each["pointer"], each["code"]) for each in found} == {
        ("/name", "too_short"),
        ("/color", "unknown_value"),
        ("/maker/name", "required"),
        ("/maker/born_in", "out_of_range"),
        ("/maker/z~1~0", "unknown_field"),
        ("/labels", "too_many"),
        ("/price", "unknown_field"),
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code", "meta"),
    [
        ({"name": 5}, "/name", "wrong_type", None),
        ({"name": None}, "/name", "wrong_type", None),
        ({"name": "x" * 21}, "/name", "too_long", {"max": 20}),
        ({"labels": "old"}, "/labels", "wrong_type", None),
        ({"labels": ["a", 5]}, "/labels/1", "wrong_type", None),
        ({"labels": ["a", "x" * 11]}, "/labels/1", "too_long", {"max": 10}),
        ({"maker": "Grace"}, "/maker", "wrong_type", None),
        ({"maker": {"name": "Grace", "born_in": "1906"}}, "/maker/born_in", "wrong_type", None),
        ({"maker": {"name": "Grace", "born_in": 1906.5}}, "/maker/born_in", "wrong_type", None),
        ({"maker": {"name": "Grace", "born_in": True}}, "/maker/born_in", "wrong_type", None),
        ({"maker": {"name": "Grace", "born_in": 2101}}, "/maker/born_in", "out_of_range", {"max": 2100}),
        ({"maker": {"name": "Grace", "born_in": 10**30}}, "/maker/born_in", "out_of_range", {"max": 2100}),
    ],
)
async def test_says_what_is_wrong_with_a_field(change: Any, pointer: str, code: str, meta: Any) -> None:
    (found,) = await errors_of({"name": "Lamp", "color": "red", **change})

    assert (found["pointer"], found["code"], found.get("meta")) == (pointer, code, meta)


async def test_never_repeats_what_was_sent() -> None:
    found = await errors_of({"name": "Lamp", "color": "my-secret-password"})

    assert "my-secret-password" not in str(found)


async def test_stops_at_a_hundred_fields() -> None:
    found = await errors_of({f"field_{n}": 1 for n in range(500)})

    assert len(found) == 100


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=101", "limit", "out_of_range"),
        ("limit=abc", "limit", "wrong_type"),
        ("limit=", "limit", "wrong_type"),
        ("limit=1.5", "limit", "wrong_type"),
        ("limit=%F0%9F%98%80", "limit", "wrong_type"),
        ("limit=" + "9" * 400, "limit", "out_of_range"),
        ("limit=1&limit=2", "limit", "repeated"),
        ("color=pink", "color", "invalid_format"),
        ("color=red&color=red&color=red&color=red", "color", "too_many"),
        ("cursor=", "cursor", "too_short"),
        ("colour=red", "colour", "unknown_parameter"),
        ("is_old=null", "is_old", "wrong_type"),
        ("created_after=0", "created_after", "invalid_format"),
        ("created_after=1e9", "created_after", "invalid_format"),
        ("created_after=2026-11-20", "created_after", "invalid_format"),
        ("created_after=2026-11-20T07:33:00", "created_after", "invalid_format"),
        ("created_after=yesterday", "created_after", "invalid_format"),
        ("is_old=NULL", "is_old", "wrong_type"),
        ("is_old=", "is_old", "wrong_type"),
        ("is_old=maybe", "is_old", "wrong_type"),
        ("limit=null", "limit", "wrong_type"),
        ("color=null", "color", "invalid_format"),
    ],
)
async def test_says_what_is_wrong_with_a_parameter(query: str, parameter: str, code: str) -> None:
    async with client(a_house().app) as http:
        answer = await http.get(f"/api/v1/things?{query}")

    (found,) = answer.json()["errors"]
    assert (answer.status_code, found["parameter"], found["code"]) == (400, parameter, code)


async def test_names_bad_parameters_and_bad_fields_together() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.patch(
            f"/api/v1/things/{house.thing(1)}?x=1&y=2", json={"name": ""}, headers={"If-Match": "x" * 200}
        )

    assert {each["parameter"] for each in answer.json()["errors"]} == {"x", "y", "If-Match"}


async def test_keeps_absent_fields_in_a_merge_patch_and_refuses_null_where_nothing_can_be_cleared() -> None:
    house = a_house()
    path = f"/api/v1/things/{house.thing(1)}"
    merge = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    async with client(house.app) as http:
        kept = await http.patch(path, content=b"{}", headers=merge)
        refused = await http.patch(path, content=b'{"name": null}', headers=merge)

    assert kept.json()["data"]["name"] == "Thing 1"
    assert refused.json()["errors"][0]["pointer"] == "/name"


async def test_takes_a_whole_number_with_a_decimal_point() -> None:
    body = b'{"name": "Lamp", "color": "red", "maker": {"name": "Grace", "born_in": 1906.0}}'
    async with client(a_house().app) as http:
        answer = await http.post(
            "/api/v1/things", content=body, headers={"Idempotency-Key": "k", "Content-Type": "application/json"}
        )

    assert answer.status_code == 201


@pytest.mark.parametrize("moment", ["2026-11-20T07:33:00.000Z", "2026-11-20T08:33:00%2B01:00", "2026-11-20T07:33:00Z"])
async def test_takes_time_points_with_an_offset(moment: str) -> None:
    async with client(a_house().app) as http:
        assert (await http.get(f"/api/v1/things?created_after={moment}")).status_code == 200
