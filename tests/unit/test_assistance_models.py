import json
from dataclasses import dataclass, field
from datetime import date

import pytest

from adapters.system import SystemChance
from application.assistance.model_drafter import ModelDrafter
from application.assistance.prompts import prompt
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.costs import Price, PriceList, UnknownPrice, Usage
from domain.assistance.models import Completion, Prompt, Stop
from domain.assistance.ports import Assignment
from tests.support.assisting import NOW, HandClock, a_fact, a_turn

PRICES = PriceList(
    [
        Price(
            id="p",
            provider="acme",
            model="oracle-1",
            valid_from=date(2026, 11, 1),
            input=100,
            output=500,
            cache_write=125,
            cache_read=10,
        )
    ]
)
ASSIGNMENT = Assignment(turns=(a_turn("hi"),), facts=(a_fact(),), now=NOW)
GOOD = json.dumps(
    {"decision": "answer", "text": "Hello.", "reason": "greeting", "claims": [], "questions": [], "missing": []}
)


@dataclass
class Oracle:
    """A `LanguageModel` that says one thing; `{mark}` in it becomes the prompt's boundary."""

    says: Completion
    provider: str = "acme"
    model: str = "oracle-1"
    asked: list[Prompt] = field(default_factory=list[Prompt])

    async def complete(self, prompt: Prompt, /, *, timeout_seconds: float) -> Completion:
        self.asked.append(prompt)
        mark = prompt.messages[0][1].splitlines()[0].split()[-1]
        return Completion(text=self.says.text.replace("{mark}", mark), stop=self.says.stop, usage=self.says.usage)


def drafter(text=GOOD, stop=Stop.DONE, usage=None, **others):
    model = Oracle(Completion(text=text, stop=stop, usage=usage), **others)
    return ModelDrafter(model, PRICES, HandClock(), SystemChance()), model


async def test_drafts_and_counts():
    writer, _ = drafter(usage=Usage(input_tokens=10, output_tokens=2))

    drafted = await writer.draft(ASSIGNMENT, timeout_seconds=1)

    assert drafted.outcome is CallOutcome.ANSWERED
    assert drafted.draft is not None
    assert drafted.draft.text == "Hello."
    assert drafted.cost is not None
    assert (drafted.cost.nanos, drafted.cost.price_ids) == (2000, ("p",))


async def test_knows_no_cost_where_no_usage_was_told():
    writer, _ = drafter()

    assert (await writer.draft(ASSIGNMENT, timeout_seconds=1)).cost is None


@pytest.mark.parametrize(
    ("stop", "outcome"),
    [(Stop.DECLINED, "declined"), (Stop.CUT_OFF, "cut_off"), (Stop.OTHER, "malformed")],
)
async def test_takes_no_draft_from_an_answer_that_did_not_end_well(stop, outcome):
    writer, _ = drafter(stop=stop)

    drafted = await writer.draft(ASSIGNMENT, timeout_seconds=1)

    assert (str(drafted.outcome), drafted.draft) == (outcome, None)


@pytest.mark.parametrize("leak", ["{mark}", prompt("reply-1").splitlines()[0]])
async def test_drops_an_answer_that_repeats_its_instructions(leak):
    writer, _ = drafter(GOOD.replace("Hello.", leak))

    drafted = await writer.draft(ASSIGNMENT, timeout_seconds=1)

    assert (drafted.outcome, drafted.draft) == (CallOutcome.MALFORMED, None)


async def test_marks_each_request_afresh():
    writer, model = drafter()

    for _ in range(2):
        await writer.draft(ASSIGNMENT, timeout_seconds=1)

    first, second = (prompt.messages[0][1].splitlines()[0] for prompt in model.asked)
    assert first != second
    assert len(first.split()[-1]) == 24


async def test_never_asks_a_model_without_a_price():
    writer, model = drafter(model="oracle-2")

    with pytest.raises(ModelFailed) as failure:
        await writer.draft(ASSIGNMENT, timeout_seconds=1)

    assert failure.value.outcome is CallOutcome.UNPRICED
    assert model.asked == []


def test_refuses_to_start_with_a_model_without_a_price():
    _, model = drafter(model="oracle-2")

    with pytest.raises(UnknownPrice):
        ModelDrafter.ready(model, PRICES, HandClock(), SystemChance())


def test_starts_with_a_model_that_has_one():
    _, model = drafter()

    assert ModelDrafter.ready(model, PRICES, HandClock(), SystemChance()).label.name == "acme/oracle-1"
