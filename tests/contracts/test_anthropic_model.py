"""Anthropic's SDK behind our port, against the API on loopback."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from email.utils import format_datetime
from typing import Any

import anthropic
import pytest

from adapters.anthropic.failures import retry_after
from adapters.anthropic.model import AnthropicConnection, AnthropicModel
from adapters.anthropic.prices import PRICES
from adapters.system import SystemChance, SystemClock
from application.assistance.built_in import BuiltInDrafter
from application.assistance.chain import DraftingChain, Patience
from application.assistance.model_drafter import ModelDrafter
from application.assistance.prompting import SCHEMA, build_prompt
from application.assistance.prompts import REPLY, prompt
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.costs import UnknownPrice, Usage
from domain.assistance.models import Stop
from domain.assistance.ports import Assignment, LanguageModel
from domain.assistance.redaction import Redaction
from tests.support.assisting import NOW, House, a_fact, a_turn, at_once
from tests.support.fake_anthropic import HELLO, KEY, Fails, FakeAnthropic, Raw, Says, fake_anthropic
from tests.unit.test_assistance_chain import NoteBook

POLO = a_fact(fields={"price": "9,900 EUR"})
ASSIGNMENT = Assignment(turns=(a_turn("How much is the VW Polo?"),), facts=(POLO,), now=NOW)
PROMPT = build_prompt(ASSIGNMENT, version=REPLY, boundary="cafe01")
ANSWER = {
    "decision": "answer",
    "text": "The VW Polo costs 9,900 EUR.",
    "reason": "asked",
    "claims": [{"text": "9,900 EUR", "source": "S1", "field": "price", "value": "9,900 EUR"}],
    "questions": [],
    "missing": [],
}


@pytest.fixture
async def fake() -> AsyncGenerator[FakeAnthropic]:
    async with fake_anthropic() as fake:
        yield fake


@pytest.fixture
async def model(fake: FakeAnthropic) -> AsyncGenerator[LanguageModel]:
    connection = AnthropicConnection(KEY, fake.url, is_strict=True)
    yield AnthropicModel(connection, "claude-haiku-5-5")
    await connection.close()


def a_date(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


async def ask(model: LanguageModel, seconds: float = 5.0) -> Any:
    return await model.complete(PROMPT, timeout_seconds=seconds)


async def failing(model: LanguageModel, seconds: float = 5.0) -> ModelFailed:
    with pytest.raises(ModelFailed) as failure:
        await ask(model, seconds)
    return failure.value


async def test_asks_as_the_api_wants_to_be_asked(fake, model):
    await ask(model)

    (received,) = fake.journal
    body = received.body
    assert (received.path, received.headers["authorization"]) == ("/v1/messages", f"Bearer {KEY}")
    assert body["model"] == "claude-haiku-5-5"
    assert body["system"] == [{"type": "text", "text": prompt(REPLY), "cache_control": {"type": "ephemeral"}}]
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert body["output_config"] == {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}}
    assert set(body) == {"model", "max_tokens", "system", "messages", "output_config"}
    assert "traceparent" not in received.headers


async def test_reads_text_usage_and_request(fake, model):
    fake.script = [
        Says(
            reply=ANSWER,
            thinks="hm",
            usage={
                "input_tokens": 10,
                "output_tokens": 20,
                "cache_read_input_tokens": 30,
                "cache_creation_input_tokens": 40,
                "output_tokens_details": {"thinking_tokens": 5},
            },
        )
    ]

    completion = await ask(model)

    assert (json.loads(completion.text), completion.stop) == (ANSWER, Stop.DONE)
    assert completion.usage == Usage(
        input_tokens=10, output_tokens=20, cache_read_tokens=30, cache_write_tokens=40, thinking_tokens=5
    )
    assert completion.provider_request.startswith("req_")


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", Stop.DONE),
        ("stop_sequence", Stop.DONE),
        ("max_tokens", Stop.CUT_OFF),
        ("model_context_window_exceeded", Stop.CUT_OFF),
        ("refusal", Stop.DECLINED),
        ("pause_turn", Stop.OTHER),
        ("tool_use", Stop.OTHER),
        (None, Stop.OTHER),
    ],
)
async def test_knows_why_it_stopped(fake, model, reason, stop):
    details = {"type": "refusal", "category": "general_harms", "explanation": None} if reason == "refusal" else None
    fake.script = [Says(text="" if details else "x", stop_reason=reason, stop_details=details)]

    assert (await ask(model)).stop is stop


async def test_takes_a_reason_that_does_not_exist_yet_for_a_failure(fake):
    fake.script = [Says(text="x", stop_reason="bored")]
    connection = AnthropicConnection(KEY, fake.url)

    assert (await ask(AnthropicModel(connection, "claude-haiku-5-5"))).stop is Stop.OTHER
    await connection.close()


@pytest.mark.parametrize(
    ("fails", "outcome", "wait"),
    [
        (Fails(status=400), CallOutcome.BAD_REQUEST, None),
        (Fails(status=400, error_code="enforced_spend_limit_reached"), CallOutcome.QUOTA_EXHAUSTED, None),
        (Fails(status=401), CallOutcome.NOT_AUTHORISED, None),
        (Fails(status=402), CallOutcome.QUOTA_EXHAUSTED, None),
        (Fails(status=403), CallOutcome.NOT_AUTHORISED, None),
        (Fails(status=404), CallOutcome.UNKNOWN_MODEL, None),
        (Fails(status=408, type="timeout_error"), CallOutcome.TIMED_OUT, None),
        (Fails(status=409, type="invalid_request_error"), CallOutcome.SERVER_FAULT, None),
        (Fails(status=413), CallOutcome.TOO_LONG, None),
        (Fails(status=418, type="invalid_request_error"), CallOutcome.BAD_REQUEST, None),
        (Fails(status=429, headers={"retry-after": "7"}), CallOutcome.RATE_LIMITED, 7.0),
        (Fails(status=429, headers={"retry-after-ms": "250"}), CallOutcome.RATE_LIMITED, 0.25),
        (Fails(status=429), CallOutcome.QUOTA_EXHAUSTED, None),
        (
            Fails(status=429, error_code="contract_spend_limit_reached", headers={"retry-after": "7"}),
            CallOutcome.QUOTA_EXHAUSTED,
            None,
        ),
        (Fails(status=500), CallOutcome.SERVER_FAULT, None),
        (Fails(status=500, type="overloaded_error"), CallOutcome.OVERLOADED, None),
        (Fails(status=503), CallOutcome.TIMED_OUT, None),
        (Fails(status=503, type="api_error"), CallOutcome.SERVER_FAULT, None),
        (Fails(status=504), CallOutcome.TIMED_OUT, None),
        (Fails(status=529, headers={"retry-after": "3"}), CallOutcome.OVERLOADED, 3.0),
        (Raw(body=b"<html>bad gateway</html>", status=502, content_type="text/html"), CallOutcome.SERVER_FAULT, None),
    ],
)
async def test_says_errors_in_our_words_and_never_tries_again(fake, model, fails, outcome, wait):
    fake.script = [fails]

    failure = await failing(model)

    assert (failure.outcome, failure.retry_after_seconds) == (outcome, wait)
    assert len(fake.journal) == 1


@pytest.mark.parametrize("is_strict", [True, False])
@pytest.mark.parametrize(
    "raw",
    [
        Raw(body=b"{not json"),
        Raw(body=b"<html>hello</html>", content_type="text/html"),
        Raw(body=b"{}"),
        Raw(body=b"[]"),
        Raw(body=b"null"),
        Raw(body=b'{"type":"message","content":null,"usage":null}'),
        Raw(body=b""),
        Raw(body=b"\xff\xfe"),
    ],
)
async def test_takes_garbage_for_a_fault_of_theirs(fake, raw, is_strict):
    fake.script = [raw]
    connection = AnthropicConnection(KEY, fake.url, is_strict=is_strict)

    failure = await failing(AnthropicModel(connection, "claude-haiku-5-5"))

    assert failure.outcome is CallOutcome.SERVER_FAULT
    await connection.close()


@pytest.mark.parametrize("cut_after", [0, 1, 40])
async def test_notices_a_body_that_breaks_off(fake, model, cut_after):
    fake.script = [Raw(body=json.dumps({"type": "message"}).encode() * 9, cut_after=cut_after)]

    assert (await failing(model)).outcome is CallOutcome.UNREACHABLE


async def test_notices_that_nobody_is_there():
    connection = AnthropicConnection(KEY, "http://127.0.0.1:9")

    assert (await failing(AnthropicModel(connection, "claude-haiku-5-5"))).outcome is CallOutcome.UNREACHABLE
    await connection.close()


async def test_waits_no_longer_than_allowed_and_hangs_up(fake, model):
    await model.connection.client()
    fake.script = [Says(reply=HELLO, delay_seconds=30)]
    begun = time.monotonic()

    failure = await failing(model, seconds=0.2)

    assert failure.outcome is CallOutcome.TIMED_OUT
    assert time.monotonic() - begun < 2
    await asyncio.sleep(0.05)
    assert fake.cancelled == 1


async def test_is_told_no_wrong_key(fake):
    connection = AnthropicConnection("wrong", fake.url)

    failure = await failing(AnthropicModel(connection, "claude-haiku-5-5"))

    assert failure.outcome is CallOutcome.NOT_AUTHORISED
    assert "wrong" not in repr(connection)
    await connection.close()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after-ms": "x", "retry-after": "2"}, 2.0),
        ({"retry-after": a_date(90), "date": a_date(0)}, 90.0),
        ({"retry-after": a_date(-5), "date": a_date(0)}, 0.0),
        ({"retry-after": a_date(90)}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_reads_how_long_to_wait(headers, seconds):
    assert retry_after(headers) == seconds


def test_knows_the_price_of_every_tier():
    today = date(2026, 11, 20)

    assert PRICES.cost(
        "anthropic", "claude-haiku-5-5", Usage(input_tokens=3000, output_tokens=300), on=today
    ).nanos == (450_000)
    assert PRICES.price("anthropic", "claude-haiku-5-5", on=today, prompt_tokens=100_001).input == 500
    assert PRICES.price("anthropic", "claude-sonnet-5-5", on=date(2026, 10, 6)).cache_read == 200
    assert PRICES.price("anthropic", "claude-sonnet-5-5", on=date(2026, 10, 7)).cache_read == 100
    with pytest.raises(UnknownPrice):
        PRICES.price("anthropic", "claude-mythos-1", on=today)


async def test_drafts_judges_and_counts_through_the_whole_chain(fake, model):
    fake.script = [
        Says(reply=ANSWER | {"text": "The VW Polo costs 8,900 EUR."}),
        Says(reply=ANSWER),
    ]
    chain = DraftingChain((ModelDrafter.ready(model, PRICES, SystemClock(), SystemChance()),), pause=at_once)

    result = await chain(ASSIGNMENT, Redaction.of(ASSIGNMENT.turns, ASSIGNMENT.facts), NoteBook())

    assert (result.draft.text, result.judgement.passed) == ("The VW Polo costs 9,900 EUR.", True)
    assert result.cost.nanos == 2 * (1000 * 100 + 100 * 500)
    roles = [message["role"] for message in fake.bodies[1]["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert "8,900" in fake.bodies[1]["messages"][2]["content"]


@pytest.mark.parametrize(
    ("script", "calls", "path"),
    [
        ([Fails(status=529)] * 2, 2, "overloaded"),
        ([Fails(status=500)] * 2, 2, "server_fault"),
        ([Fails(status=429)], 1, "quota_exhausted"),
        ([Fails(status=429, headers={"retry-after": "60"})], 1, "rate_limited"),
        ([Fails(status=401)], 1, "not_authorised"),
        ([Says(text="", stop_reason="refusal")], 1, "declined"),
        ([Raw(body=b"garbage")] * 2, 2, "server_fault"),
        ([Raw(body=b"{}" * 99, cut_after=5)] * 2, 2, "unreachable"),
        ([Says(reply=HELLO, delay_seconds=9)] * 2, 2, "timed_out"),
    ],
)
async def test_falls_back_to_the_rules_and_says_so(fake, model, script, calls, path):
    await model.connection.client()
    fake.script = list(script)
    drafter = ModelDrafter.ready(model, PRICES, SystemClock(), SystemChance())
    house = House(drafter, BuiltInDrafter())
    quick = Patience(call_seconds=0.3, whole_seconds=5)
    house.draft_reply = type(house.draft_reply)(
        house.database, DraftingChain((drafter, BuiltInDrafter()), quick, pause=at_once), house.clock, house.ids
    )

    suggestion = await house.suggested(await house.open("How much is the VW Polo?"))

    assert suggestion.result is not None
    assert suggestion.result.label.is_built_in
    assert path in suggestion.result.path[0]
    assert len(fake.journal) == len(house.calls()) == calls
    assert [str(call.outcome) for call in house.calls()] == [path] * calls


async def test_is_no_fake_that_takes_everything(fake):
    client: Any = anthropic.AsyncAnthropic(api_key=KEY, base_url=fake.url, max_retries=0, timeout=5)
    good: dict[str, Any] = {
        "model": "claude-haiku-5-5",
        "max_tokens": 10,
        "messages": [{"role": "user", "content": "hi"}],
    }
    wrong = [
        {"extra_body": {"temperature": 1}},
        {"max_tokens": 200_000},
        {"messages": [*good["messages"], {"role": "assistant", "content": "{"}]},
        {"messages": [{"role": "user", "content": ""}]},
        {"model": "claude-sonnet-5-5", "thinking": {"type": "disabled"}},
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}}}}},
    ]

    assert (await client.messages.create(**good)).stop_reason == "end_turn"
    for change in wrong:
        with pytest.raises(anthropic.BadRequestError):
            await client.messages.create(**(good | change))
    with pytest.raises(anthropic.NotFoundError):
        await client.messages.create(**(good | {"model": "claude-retired"}))
    await client.close()
