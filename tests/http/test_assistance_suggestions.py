"""Asking for drafts and deciding on them over HTTP; the worker is a task of the test."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from adapters.memory.assistance import MemorySuggestionQueries
from application.assistance.accept_draft import AcceptDraft
from application.assistance.rate_draft import RateDraft
from application.assistance.read_suggestion import ReadSuggestion
from application.assistance.reject_draft import RejectDraft
from application.assistance.request_suggestion import RequestSuggestion
from domain.assistance.results import Judgement, Objection
from domain.conversations.message import Author
from domain.shared.ids import ConversationId, private_id, public_id
from entrypoints.http.assistance.controllers import DraftController, SuggestController
from entrypoints.http.policies import POLICIES
from tests.http.support import TokenTable, build, client
from tests.support.assisting import House, ScriptedDrafter, a_claim, a_draft, a_fact, an_actor, answered

FACT = a_fact()
TEXT = "The Polo is here."
EVIDENCE = {"text": "Polo", "start": 4, "end": 8, "kind": "name", "source_id": str(FACT.source_id), "field": "title"}


def judged(draft, turns, facts, /, *, now):
    return Judgement(passed=True, evidence=(EVIDENCE,))


class Office:
    """The house behind its door, with a worker that can be told to work."""

    def __init__(self) -> None:
        draft = a_draft(TEXT, claims=(a_claim(source_id=FACT.source_id),), missing=("mileage",))
        self.house = House(ScriptedDrafter([answered(draft) for _ in range(3)]), check=judged)
        callers = {
            "ada": self.house.actor,
            "eve": an_actor(),
            "vic": an_actor(self.house.actor.tenant, permissions=frozenset({"conversations:read"})),
            "kim": an_actor(self.house.actor.tenant, permissions=frozenset({"conversations:read", "assistance:use"})),
        }
        house = self.house
        self.app = build(
            {
                RequestSuggestion: house.request,
                ReadSuggestion: ReadSuggestion(MemorySuggestionQueries(house.database)),
                AcceptDraft: house.accept,
                RejectDraft: house.reject,
                RateDraft: house.rate,
            },
            controllers=[SuggestController, DraftController],
            policies={name: policy for name, policy in POLICIES.items() if name.startswith("suggestions_")},
            clock=house.clock,
            answers=house.database,
            authenticator=TokenTable(callers),
        )
        self.keys = 0

    def as_(self, token: str) -> httpx.AsyncClient:
        return client(self.app, token)

    async def call(self, path: str, json: Any = None, *, token: str = "ada", key: str | None = None, **headers: str):
        self.keys += 1
        headers["Idempotency-Key"] = key or f"key-{self.keys}"
        async with self.as_(token) as http:
            return await http.post(f"/api/v1{path}", json=json, headers=headers)

    async def see(self, path: str, token: str = "ada") -> httpx.Response:
        async with self.as_(token) as http:
            return await http.get(f"/api/v1{path}")

    async def work(self) -> None:
        """Run the first job that waits, once there is one."""
        tables = self.house.database.tables
        while not (queued := [each for each in tables["suggestions"].values() if each.status == "queued"]):
            await asyncio.sleep(0.001)
        await self.house.work(queued[0])


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def conversation_id(office: Office) -> ConversationId:
    return await office.house.open()


@pytest.fixture
async def path(conversation_id: ConversationId) -> str:
    return f"/conversations/{public_id('conv', conversation_id)}/ai-suggest"


@pytest.fixture
async def message(office: Office, path: str) -> str:
    """The path of a draft that waits."""
    job = (await office.call(path)).json()["data"]
    await office.work()
    return f"/messages/{job['subject']}"


async def test_answers_with_the_job_that_drafts(office, path):
    answer = await office.call(path)

    job = answer.json()["data"]
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    assert re.fullmatch(r"msg_[0-7][0-9a-hjkmnp-tv-z]{25}", job["subject"])
    assert (job["kind"], job["status"], job["result"], job["error"]) == ("draft_reply", "queued", None, None)


async def test_waits_for_the_suggestion_if_asked_to(office, path):
    answer, _ = await asyncio.gather(office.call(path, Prefer="wait=5"), office.work())

    assert answer.status_code == 200
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert answer.json()["data"]["draft"]["text"] == TEXT


async def test_answers_with_the_job_when_the_wait_was_too_short(office, path):
    answer = await office.call(path, Prefer="wait=1")

    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


async def test_starts_one_job_for_a_repeated_key_and_shows_its_end(office, path):
    first = await office.call(path, key="same")
    await office.work()

    second = await office.call(path, key="same")
    third = await office.call(path, key="same", Prefer="wait=1")

    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json() == first.json()
    assert (third.status_code, third.json()["data"]["status"]) == (200, "ready")
    assert len(office.house.database.tables["jobs"]) == 1


async def test_wants_a_key_to_start_or_send_something(office, path, message):
    async with office.as_("ada") as http:
        answers = [await http.post(f"/api/v1{each}") for each in (path, f"{message}/accept")]

    assert [answer.json()["code"] for answer in answers] == ["idempotency_key_required"] * 2


async def test_shows_everything_about_the_draft(office, message):
    suggestion = (await office.see(f"{message}/suggestion")).json()["data"]

    draft = suggestion["draft"]
    source_id = public_id("src", FACT.source_id)
    assert (suggestion["status"], suggestion["saw_sequence"], suggestion["is_charged"]) == ("ready", 1, True)
    assert (suggestion["sent"], suggestion["rejection"], suggestion["feedback"]) == (None, None, None)
    assert (draft["decision"], draft["text"], draft["missing"]) == ("answer", TEXT, ["mileage"])
    assert draft["claims"] == [{"text": "Polo", "source_id": source_id, "field": "title", "value": "VW Polo"}]
    assert draft["verdict"] == {
        "has_passed": True,
        "objections": [],
        "evidence": [EVIDENCE | {"source_id": source_id, "turn": None}],
    }
    assert draft["drafter"] == {
        "provider": "acme",
        "model": "oracle-1",
        "prompt_version": "reply-1",
        "is_built_in": False,
    }
    assert draft["cost"] == {"amount_nanos": 10_000, "currency": "USD", "price_ids": ["acme-1"]}
    assert draft["usage"]["input_tokens"] == 100
    assert draft["path"] == ["acme/oracle-1:draft: answer"]


async def test_sends_the_draft_once(office, message, conversation_id):
    first = await office.call(f"{message}/accept")
    again = await office.call(f"{message}/accept", {})

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    sent = first.json()["data"]["sent"]
    assert sent == {"text": TEXT, "sequence": 2, "edit_distance": 0, "is_edited": False, "verdict": None}
    assert len(office.house.messages(conversation_id)) == 2


async def test_sends_it_once_for_many_at_a_time(office, message, conversation_id):
    answers = await asyncio.gather(*(office.call(f"{message}/accept") for _ in range(10)))

    assert {answer.json()["data"]["sent"]["sequence"] for answer in answers} == {2}
    assert len(office.house.messages(conversation_id)) == 2


async def test_sends_an_edited_text_and_says_how_far_it_is(office, message):
    answer = await office.call(f"{message}/accept", {"text": "The Polo is there, for 5 EUR."})

    sent = answer.json()["data"]["sent"]
    assert (sent["text"], sent["edit_distance"], sent["is_edited"]) == ("The Polo is there, for 5 EUR.", 12, True)
    assert sent["verdict"]["has_passed"] is False


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"text": ""}, "/text"), ({"text": " \n"}, "/text"), ({"text": "a" * 10_001}, "/text"), ({"x": 1}, "/x")],
)
async def test_refuses_a_text_that_cannot_be_sent(office, message, body, pointer):
    answer = await office.call(f"{message}/accept", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_lets_a_newer_message_win(office, message, conversation_id):
    await office.house.say(conversation_id, "I do it", Author.STAFF)

    shown = (await office.see(f"{message}/suggestion")).json()["data"]
    answer = await office.call(f"{message}/accept")

    assert (shown["status"], shown["draft"], shown["is_charged"]) == ("discarded", None, False)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "invalid_state")
    assert (problem["current"], problem["allowed"]) == ("discarded", [])


async def test_never_sends_a_draft_beside_a_persons_message(office, path, conversation_id):
    for _ in range(3):
        job = (await office.call(path)).json()["data"]
        await office.work()
        before = len([m for m in office.house.messages(conversation_id) if m.state == "sent"])

        said, answer = await asyncio.gather(
            office.house.say(conversation_id, "Mine", Author.STAFF),
            office.call(f"/messages/{job['subject']}/accept"),
        )

        sent = [m for m in office.house.messages(conversation_id) if m.state == "sent"][before:]
        assert said is not None
        assert len(sent) == (2 if answer.status_code == 200 else 1)
        assert sent[-1].text == "Mine"


async def test_discards_what_was_drafted_for_an_older_message(office, path, conversation_id):
    async def overtaken(_):
        await office.house.say(conversation_id, "Never mind")
        return answered()

    office.house.drafter.script[:] = [overtaken]

    answer, _ = await asyncio.gather(office.call(path, Prefer="wait=5"), office.work())

    suggestion = answer.json()["data"]
    assert (answer.status_code, suggestion["status"], suggestion["draft"]) == (200, "discarded", None)
    assert suggestion["is_charged"] is False
    assert TEXT not in answer.text


async def test_takes_a_rejected_draft_away(office, message):
    answer = await office.call(f"{message}/reject", {"reason": "tone", "note": "too stiff"})

    assert answer.json()["data"]["status"] == "rejected"
    assert answer.json()["data"]["rejection"] == {"reason": "tone", "note": "too stiff"}
    assert (await office.call(f"{message}/accept")).json()["current"] == "rejected"


async def test_keeps_the_callers_opinion_to_the_caller(office, message):
    answer = await office.call(f"{message}/feedback", {"rating": 4, "comment": "good"})

    mine = {"rating": 4, "comment": "good", "is_shareable": False}
    assert answer.json()["data"]["feedback"] == mine
    assert (await office.see(f"{message}/suggestion", "kim")).json()["data"]["feedback"] is None


@pytest.mark.parametrize(
    ("action", "body", "pointers"),
    [
        ("reject", {"reason": "because"}, {"/reason"}),
        ("reject", {"note": "a" * 2001}, {"/reason", "/note"}),
        ("feedback", {"rating": 6}, {"/rating"}),
        ("feedback", {"rating": "5", "comment": 1, "extra": True}, {"/rating", "/comment", "/extra"}),
    ],
)
async def test_names_every_bad_field(office, message, action, body, pointers):
    answer = await office.call(f"{message}/{action}", body)

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers


async def test_hides_what_belongs_to_others(office, path, message):
    answers = [
        await office.call(path, token="eve"),
        await office.see(f"{message}/suggestion", "eve"),
        await office.call(f"{message}/accept", token="eve"),
        await office.call(f"{message}/reject", {"reason": "tone"}, token="eve"),
        await office.call(f"{message}/feedback", {"rating": 1}, token="eve"),
        await office.see("/messages/msg_01jd3kq0z8e4tb6x5w2v9r7m1n/suggestion"),
        await office.see(f"/messages/{path.split('/')[2]}/suggestion"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 7


async def test_asks_for_the_right_to_do_it(office, path, message):
    answers = [
        await office.call(path, token="vic"),
        await office.call(path, token="kim"),  # may use the assistant, but not read sources
        await office.call(f"{message}/accept", token="kim"),  # may not write
        await office.call(f"{message}/accept", token="vic"),
        await office.call(f"{message}/reject", {"reason": "tone"}, token="vic"),
        await office.call(f"{message}/feedback", {"rating": 1}, token="vic"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "permission_denied")] * 6
    assert (await office.see(f"{message}/suggestion", "vic")).status_code == 200


async def test_is_not_asked_about_a_closed_conversation(office, path, conversation_id):
    await office.house.close(actor=office.house.actor, conversation_id=conversation_id)

    problem = (await office.call(path)).json()

    assert (problem["status"], problem["code"], problem["current"]) == (409, "invalid_state", "closed")


async def test_shows_what_did_not_stand_as_abstained(office, path):
    bad = Judgement(passed=False, objections=(Objection(kind="unsupported", text="1 EUR", reason="no source"),))
    office.house.draft_reply = House(office.house.drafter, check=lambda *_, now: bad).draft_reply
    office.house.draft_reply = type(office.house.draft_reply)(
        office.house.database, office.house.draft_reply.chain, office.house.clock, office.house.ids
    )

    answer, _ = await asyncio.gather(office.call(path, Prefer="wait=5"), office.work())

    suggestion = answer.json()["data"]
    assert (suggestion["status"], suggestion["draft"]["decision"], suggestion["draft"]["text"]) == (
        "abstained",
        "no_draft",
        "",
    )
    assert suggestion["draft"]["verdict"]["objections"] == [
        {"kind": "unsupported", "text": "1 EUR", "reason": "no source"}
    ]
    refused = await office.call(f"/messages/{suggestion['message_id']}/accept")
    assert refused.json()["current"] == "abstained"


async def test_gives_ids_that_can_be_read_back(office, message):
    suggestion = (await office.see(f"{message}/suggestion")).json()["data"]

    for prefix, name in (("sug", "id"), ("msg", "message_id"), ("conv", "conversation_id"), ("job", "job_id")):
        assert public_id(prefix, private_id(prefix, suggestion[name])) == suggestion[name]
