"""Conversations and messages at the door."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.shared.ids import public_id
from tests.http.support import client
from tests.http.talking_house import House

API = "/api/v1"
NOBODY = "conv_01jd3kq0z8e4tb6x5w2v9r7m1n"
_KEYS = (f"k{n}" for n in itertools.count())


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client(house.app) as http:
        yield http


def key() -> dict[str, str]:
    return {"Idempotency-Key": next(_KEYS)}


async def opened(http: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await http.post(f"{API}/conversations", json={"customer": {"name": "Ada"}, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def said(http: httpx.AsyncClient, conversation: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
    answer = await http.post(
        f"{API}/conversations/{conversation['id']}/messages", json={"text": text, **more}, headers=key()
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


class TestOpening:
    async def test_answers_with_the_conversation_and_where_it_is(self, http: httpx.AsyncClient):
        answer = await http.post(
            f"{API}/conversations",
            json={
                "customer": {"name": "Ada", "email": "ada@example.com"},
                "channel": "email",
                "subject": "Tyres",
                "priority": "high",
                "text": "Do you have winter tyres?",
            },
        )

        data = answer.json()["data"]
        assert answer.status_code == 201
        assert answer.headers["location"] == f"{API}/conversations/{data['id']}"
        assert answer.headers["etag"] == '"1"'
        assert data["customer"] == {"name": "Ada", "email": "ada@example.com", "external_id": None}
        assert (data["number"], data["status"], data["channel"], data["priority"]) == (1, "open", "email", "high")
        assert (data["last_sequence"], data["waiting_since_at"]) == (1, data["created_at"])

    async def test_is_repeated_by_its_key(self, http: httpx.AsyncClient):
        headers, body = key(), {"customer": {"name": "Ada"}}
        first = await http.post(f"{API}/conversations", json=body, headers=headers)

        again = await http.post(f"{API}/conversations", json=body, headers=headers)

        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        assert len((await http.get(f"{API}/conversations")).json()["data"]) == 1

    async def test_names_all_bad_fields(self, http: httpx.AsyncClient):
        answer = await http.post(
            f"{API}/conversations",
            json={"customer": {"name": "A" * 201, "email": "none"}, "channel": "pigeon", "surprise": 1},
        )

        assert problem(answer) == (400, "validation_failed")
        pointers = {error["pointer"] for error in answer.json()["errors"]}
        assert {"/customer/name", "/customer/email", "/channel", "/surprise"} <= pointers

    async def test_refuses_a_blank_text(self, http: httpx.AsyncClient):
        answer = await http.post(f"{API}/conversations", json={"customer": {"name": "Ada"}, "text": " \n"})

        assert problem(answer) == (400, "validation_failed")
        assert answer.json()["errors"][0]["pointer"] == "/text"

    async def test_needs_the_permission(self, house: House):
        async with client(house.app, "rob") as http:
            answer = await http.post(f"{API}/conversations", json={"customer": {"name": "Ada"}})

        assert problem(answer) == (403, "permission_denied")


class TestList:
    async def test_goes_through_all_pages(self, http: httpx.AsyncClient):
        for _ in range(5):
            await opened(http)

        numbers: list[int] = []
        query: dict[str, Any] | None = {"limit": 2}
        while query:
            answer = (await http.get(f"{API}/conversations", params=query)).json()
            numbers += [each["number"] for each in answer["data"]]
            page = answer["page"]
            query = {"limit": 2, "cursor": page["next_cursor"]} if page["has_more"] else None

        assert numbers == [5, 4, 3, 2, 1]

    async def test_keeps_to_its_filters(self, http: httpx.AsyncClient, house: House):
        member = public_id("usr", await house.talk.a_member())
        one, two = await opened(http, priority="urgent"), await opened(http, channel="email")
        await http.post(f"{API}/conversations/{one['id']}/close")
        await http.post(f"{API}/conversations/{two['id']}/assign", json={"assignee_id": member})

        async def numbers(query: str) -> list[int]:
            answer = await http.get(f"{API}/conversations?{query}")
            assert answer.status_code == 200, answer.text
            return [each["number"] for each in answer.json()["data"]]

        assert await numbers("status=closed") == [1]
        assert await numbers("status=closed&status=open&status=open") == [2, 1]
        assert await numbers("priority=urgent") == [1]
        assert await numbers("channel=email&channel=sms") == [2]
        assert await numbers(f"assignee_id={member}") == [2]
        assert await numbers("is_assigned=false") == [1]
        assert await numbers(f"created_after={two['created_at']}") == [2]
        assert await numbers(f"created_before={two['created_at']}") == [1]
        assert await numbers("created_before=2026-11-20T00:00:00%2B02:00") == []
        assert await numbers("sort=created_at") == [1, 2]
        assert await numbers("sort=-last_message_at") == [2, 1]

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("status=lost", "status"),
            ("assignee_id=conv_1", "assignee_id"),
            ("created_after=yesterday", "created_after"),
            ("created_after=2026-11-20T00:00:00", "created_after"),
            ("created_after=0001-01-01T00:00:00%2B01:00", "created_after"),
            ("is_assigned=perhaps", "is_assigned"),
            ("sort=-number", "sort"),
            ("limit=101", "limit"),
            ("q=", "q"),
            ("colour=red", "colour"),
        ],
    )
    async def test_refuses_bad_parameters(self, http: httpx.AsyncClient, query: str, parameter: str):
        answer = await http.get(f"{API}/conversations?{query}")

        assert problem(answer) == (400, "validation_failed")
        assert answer.json()["errors"][0]["parameter"] == parameter

    async def test_finds_and_shows_where(self, http: httpx.AsyncClient):
        conversation = await opened(http, subject="Tyres")
        message = await said(http, conversation, "The blue Golf, please", author="customer")

        answer = await http.get(f"{API}/conversations", params={"q": "golf"})

        (found,) = answer.json()["data"]
        assert found["match"] == {
            "text": "The blue Golf, please",
            "spans": [{"start": 9, "end": 13}],
            "message_id": message["id"],
            "is_similar": False,
        }

    async def test_shows_nothing_of_another_workspace(self, http: httpx.AsyncClient, house: House):
        conversation = await opened(http, text="Hello")

        async with client(house.app, "eve") as eve:
            lists = [
                (await eve.get(f"{API}/conversations")).json()["data"],
                (await eve.get(f"{API}/conversations?q=hello")).json()["data"],
            ]
            shown = [
                await eve.get(f"{API}/conversations/{conversation['id']}{rest}")
                for rest in ("", "/status", "/messages")
            ]
            done = [
                await eve.post(f"{API}/conversations/{conversation['id']}/{move}", headers=key(), json=body)
                for move, body in (
                    ("close", None),
                    ("reopen", None),
                    ("assign", {"assignee_id": None}),
                    ("messages", {"text": "Hi"}),
                )
            ]

        assert lists == [[], []]
        assert [problem(answer) for answer in shown + done] == [(404, "not_found")] * 7


class TestOne:
    async def test_is_not_sent_again_when_nothing_happened(self, http: httpx.AsyncClient):
        conversation = await opened(http)
        path = f"{API}/conversations/{conversation['id']}"

        for suffix in ("", "/status"):
            answer = await http.get(path + suffix, headers={"If-None-Match": '"1"'})
            assert (answer.status_code, answer.content) == (304, b"")
        await said(http, conversation, "Hi")
        assert (await http.get(path + "/status", headers={"If-None-Match": '"1"'})).status_code == 200

    @pytest.mark.parametrize("wrong", [NOBODY, "msg_01jd3kq0z8e4tb6x5w2v9r7m1n", "x", "conv_x"])
    async def test_is_not_found_by_a_wrong_id(self, http: httpx.AsyncClient, wrong: str):
        assert problem(await http.get(f"{API}/conversations/{wrong}")) == (404, "not_found")

    async def test_tells_its_status_in_short(self, http: httpx.AsyncClient):
        conversation = await opened(http, text="Hello")

        answer = await http.get(f"{API}/conversations/{conversation['id']}/status")

        data = answer.json()["data"]
        assert (data["status"], data["last_sequence"], data["episode"], data["version"]) == ("open", 1, 1, 1)
        assert (data["open_draft_id"], data["waiting_since_at"]) == (None, conversation["created_at"])
        assert data["allowed_moves"] == ["customer_writes", "staff_writes", "draft", "send_draft", "assign", "close"]


class TestEditing:
    async def test_keeps_what_is_absent_and_clears_what_is_null(self, http: httpx.AsyncClient):
        conversation = await opened(http, subject="Tyres", priority="high")
        path = f"{API}/conversations/{conversation['id']}"

        first = await http.patch(path, json={"subject": "Brakes"}, headers={"If-Match": '"1"'})
        second = await http.patch(path, json={"subject": None, "priority": None})

        assert first.json()["data"]["subject"] == "Brakes"
        assert first.json()["data"]["priority"] == "high"
        assert first.headers["etag"] == '"2"'
        assert (second.json()["data"]["subject"], second.json()["data"]["priority"]) == ("", "normal")

    async def test_changes_nothing_with_the_same_values(self, http: httpx.AsyncClient):
        conversation = await opened(http, subject="Tyres")

        answer = await http.patch(f"{API}/conversations/{conversation['id']}", json={"subject": "Tyres"})

        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')

    async def test_refuses_a_stale_version(self, http: httpx.AsyncClient):
        conversation = await opened(http)
        await said(http, conversation, "Hi")

        answer = await http.patch(
            f"{API}/conversations/{conversation['id']}", json={"subject": "X"}, headers={"If-Match": '"1"'}
        )

        assert problem(answer) == (412, "precondition_failed")
        assert answer.json()["current_version"] == 2


class TestMoves:
    async def test_close_and_reopen(self, http: httpx.AsyncClient):
        conversation = await opened(http, text="Hello")
        path = f"{API}/conversations/{conversation['id']}"

        closed = await http.post(f"{path}/close")
        reopened = await http.post(f"{path}/reopen")

        assert (closed.status_code, closed.json()["data"]["status"]) == (200, "closed")
        assert closed.json()["data"]["closed_at"] is not None
        assert (reopened.json()["data"]["status"], reopened.json()["data"]["episode"]) == ("open", 2)

    async def test_tell_what_is_allowed_instead(self, http: httpx.AsyncClient):
        conversation = await opened(http)
        path = f"{API}/conversations/{conversation['id']}"
        early = await http.post(f"{path}/reopen")
        await http.post(f"{path}/close")

        refused = [
            early,
            await http.post(f"{path}/close"),
            await http.post(f"{path}/assign", json={"assignee_id": None}),
            await http.post(f"{path}/messages", json={"text": "Hi"}, headers=key()),
        ]

        assert [problem(answer) for answer in refused] == [(409, "invalid_state")] * 4
        assert early.json()["current"] == "open"
        assert refused[-1].json()["current"] == "closed"
        assert refused[-1].json()["allowed"] == ["customer_writes", "reopen"]

    async def test_assign_and_give_back(self, http: httpx.AsyncClient, house: House):
        conversation = await opened(http)
        member = public_id("usr", await house.talk.a_member())
        path = f"{API}/conversations/{conversation['id']}/assign"

        given = await http.post(path, json={"assignee_id": member})
        back = await http.post(path, json={"assignee_id": None})
        stranger = await http.post(path, json={"assignee_id": "usr_01jd3kq0z8e4tb6x5w2v9r7m1n"})
        nobody = await http.post(path, json={})

        assert given.json()["data"]["assignee_id"] == member
        assert back.json()["data"]["assignee_id"] is None
        assert stranger.json()["errors"][0]["code"] == "not_a_member"
        assert problem(nobody) == (400, "validation_failed")

    async def test_are_published(self, house: House):
        async with client(house.app, None) as anonymous:
            answer = await anonymous.get(f"{API}/conversation-transitions")

        data = answer.json()["data"]
        assert data["statuses"] == ["open", "answered", "closed"]
        assert {
            "current": "closed",
            "move": "reopen",
            "next": "open",
            "guard": None,
            "effect": "A new episode starts.",
        } in (data["transitions"])
        assert {line["guard"] for line in data["transitions"]} == {None, "draft_is_open", "assignee_is_member"}
