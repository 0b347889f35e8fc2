"""Messages at the door."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.shared.ids import MessageId, public_id
from entrypoints.http.fields import id_or_none
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


class TestMessages:
    async def test_are_sent_as_the_caller(self, http: httpx.AsyncClient, house: House):
        conversation = await opened(http, text="Hello")

        answer = await http.post(
            f"{API}/conversations/{conversation['id']}/messages", json={"text": "Hi"}, headers=key()
        )

        data = answer.json()["data"]
        assert answer.status_code == 201
        assert answer.headers["location"] == f"{API}/messages/{data['id']}"
        assert (data["sequence"], data["author"], data["state"]) == (2, "staff", "sent")
        assert data["author_id"] == id_or_none("usr", house.ada.user_id)
        shown = await http.get(answer.headers["location"])
        assert shown.json() == answer.json()

    async def test_need_a_key(self, http: httpx.AsyncClient):
        conversation = await opened(http)

        answer = await http.post(f"{API}/conversations/{conversation['id']}/messages", json={"text": "Hi"})

        assert problem(answer) == (400, "idempotency_key_required")

    async def test_are_one_for_one_client_message_id(self, http: httpx.AsyncClient):
        conversation = await opened(http)
        path = f"{API}/conversations/{conversation['id']}/messages"
        body = {"text": "Once", "client_message_id": "c-1"}

        first = await http.post(path, json=body, headers=key())
        again = await http.post(path, json=body, headers=key())
        other = await http.post(path, json={**body, "text": "Twice"}, headers=key())

        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert problem(other) == (409, "already_exists")

    async def test_of_the_customer_reopen_a_closed_conversation(self, http: httpx.AsyncClient):
        conversation = await opened(http, text="Hello")
        await http.post(f"{API}/conversations/{conversation['id']}/close")

        message = await said(http, conversation, "One more thing", author="customer")

        assert (message["episode"], message["author_id"]) == (2, None)
        shown = (await http.get(f"{API}/conversations/{conversation['id']}")).json()["data"]
        assert (shown["status"], shown["episode"], shown["waiting_since_at"]) == ("open", 2, message["sent_at"])

    @pytest.mark.parametrize("body", [{"text": ""}, {"text": "x" * 20_001}, {"text": "Hi", "author": "assistant"}, {}])
    async def test_are_refused_when_they_will_not_do(self, http: httpx.AsyncClient, body: dict[str, str]):
        conversation = await opened(http)

        answer = await http.post(f"{API}/conversations/{conversation['id']}/messages", json=body, headers=key())

        assert problem(answer) == (400, "validation_failed")

    async def test_come_page_by_page_and_go_on_since(self, http: httpx.AsyncClient):
        conversation = await opened(http)
        sent = [await said(http, conversation, str(n)) for n in range(4)]
        path = f"{API}/conversations/{conversation['id']}/messages"

        async def texts(**query: Any) -> list[str]:
            answer = await http.get(path, params=query)
            assert answer.status_code == 200, answer.text
            return [each["text"] for each in answer.json()["data"]]

        assert await texts() == ["0", "1", "2", "3"]
        assert await texts(sort="-sequence", limit=2) == ["3", "2"]
        assert await texts(since=sent[1]["id"]) == ["2", "3"]
        assert await texts(since="2") == ["2", "3"]
        assert await texts(since=sent[1]["sent_at"]) == ["1", "2", "3"]
        first = (await http.get(path, params={"limit": 3})).json()
        rest = (await http.get(path, params={"limit": 3, "cursor": first["page"]["next_cursor"]})).json()
        assert [each["text"] for each in rest["data"]] == ["3"]

    @pytest.mark.parametrize(
        "since",
        [
            "yesterday",
            "msg_1",
            "msg_01jd3kq0z8e4tb6x5w2v9r7m1n",
            "2026-11-20T00:00:00",
            "-1",
            "0001-01-01T00:00:00+01:00",
        ],
    )
    async def test_refuse_a_since_that_names_nothing(self, http: httpx.AsyncClient, since: str):
        conversation = await opened(http)

        answer = await http.get(f"{API}/conversations/{conversation['id']}/messages", params={"since": since})

        assert problem(answer) == (400, "validation_failed")
        assert answer.json()["errors"][0]["parameter"] == "since"

    async def test_show_a_draft_but_not_in_the_thread(self, http: httpx.AsyncClient, house: House):
        conversation = await opened(http, text="Hello")
        async with house.talk.transactions.begin(house.ada.tenant) as tx:
            (stored,) = house.memory.tables["conversations"].values()
            present = await tx.conversations.get(stored.id)
            draft = present.draft(MessageId(house.talk.ids.new()), "A draft", house.talk.clock.now())
            await tx.conversations.save(present, draft)

        shown = (await http.get(f"{API}/messages/{public_id('msg', draft.id)}")).json()["data"]
        status = (await http.get(f"{API}/conversations/{conversation['id']}/status")).json()["data"]
        thread = (await http.get(f"{API}/conversations/{conversation['id']}/messages")).json()["data"]

        assert (shown["state"], shown["sequence"], shown["sent_at"]) == ("draft", None, None)
        assert status["open_draft_id"] == shown["id"]
        assert [each["text"] for each in thread] == ["Hello"]

    async def test_hide_a_draft_that_is_out_of_date(self, http: httpx.AsyncClient, house: House):
        conversation = await opened(http, text="Hello")
        async with house.talk.transactions.begin(house.ada.tenant) as tx:
            (stored,) = house.memory.tables["conversations"].values()
            present = await tx.conversations.get(stored.id)
            draft = present.draft(MessageId(house.talk.ids.new()), "An old draft", house.talk.clock.now())
            await tx.conversations.save(present, draft)
        await said(http, conversation, "I have just looked it up.")

        answer = await http.get(f"{API}/messages/{public_id('msg', draft.id)}")

        assert problem(answer) == (410, "gone")
        assert "An old draft" not in answer.text
