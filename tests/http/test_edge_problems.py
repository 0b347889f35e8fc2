"""Problems: one shape for all, and nothing of the inside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.shared.errors import ProviderUnavailable
from entrypoints.http.problem_table import PROBLEMS
from tests.http.support import client
from tests.http.things import a_house


async def test_says_who_what_where_in_every_problem() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things/tag_00000000000000000000000zzz", headers={"X-Request-Id": "trace-0001"})

    assert answer.json() == {
        "type": "https://usher.test/problems/not_found",
        "title": "Nothing is here",
        "status": 404,
        "detail": "no such thing",
        "instance": "/api/v1/things/tag_00000000000000000000000zzz",
        "code": "not_found",
        "request_id": "trace-0001",
    }


async def test_hides_what_went_wrong_inside(log_lines: Callable[[], list[dict[str, Any]]]) -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things/break")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret detail" not in answer.text
    (failure, access) = log_lines()
    assert "secret detail" in failure["exception"]
    assert failure["request_id"] == access["request_id"] == answer.json()["request_id"]


async def test_says_when_to_come_back_if_the_database_is_gone() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things/break?how=database")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert answer.headers["retry-after"] == "7"
    assert "database" not in answer.text


async def test_names_the_provider_that_is_gone() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things/break?how=anthropic")

    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
    assert (answer.headers["retry-after"], answer.json()["provider"]) == ("7", "anthropic")


async def test_gives_the_facts_of_a_refusal() -> None:
    house = a_house()
    async with client(house.app) as http:
        answer = await http.post(f"/api/v1/things/{house.thing(1)}/paint")

    assert answer.status_code == 409
    assert (answer.json()["current"], answer.json()["allowed"]) == ("red", ["green", "blue"])


@pytest.mark.parametrize(("code", "status"), [("conflict", 409), ("already_exists", 409), ("gone", 410)])
async def test_knows_the_families_of_refusals(code: str, status: int) -> None:
    async with client(a_house().app) as http:
        answer = await http.get(f"/api/v1/things/break?how={code}")

    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (status, code, "it is so")


async def test_takes_a_refusal_that_is_in_no_table_for_a_fault_of_ours() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things/break?how=refused")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "it is so" not in answer.text


@pytest.mark.parametrize("code", PROBLEMS)
def test_is_produced_by_a_test_whatever_the_code(code: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]

    assert any(f'"{code}"' in text for text in texts)


async def test_survives_an_authenticator_that_has_no_database() -> None:
    house = a_house()
    house.tokens.callers["ada"] = ProviderUnavailable("database")
    async with client(house.app) as http:
        answer = await http.get("/api/v1/things")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")


def test_gives_each_code_a_title_of_its_own() -> None:
    assert len({kind.title for kind in PROBLEMS.values()}) == len(PROBLEMS)
