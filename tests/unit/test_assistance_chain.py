from dataclasses import dataclass, field
from typing import Any

import pytest

from application.assistance.chain import DraftingChain, Patience
from domain.assistance.calls import WORTH_ANOTHER_TRY, CallOutcome, ModelFailed
from domain.assistance.drafts import Decision
from domain.assistance.ports import Assignment, Drafted
from domain.assistance.redaction import Redaction
from domain.assistance.results import Judgement, Label, Objection
from domain.shared.errors import ProviderUnavailable
from tests.support.assisting import NOW, ScriptedDrafter, a_draft, a_turn, answered

BUILT_IN = Label(provider="built_in", model="rules", prompt_version="rules-3", is_built_in=True)
SECOND = Label(provider="zenith", model="z", prompt_version="reply-1")
ASSIGNMENT = Assignment(turns=(a_turn("Mail a@b.example"),), facts=(), now=NOW)
REDACTION = Redaction.of(ASSIGNMENT.turns, ())
BAD = Judgement(passed=False, objections=(Objection(kind="unsupported", text="a@b.example", reason="no source"),))


@dataclass
class NoteBook:
    """A `CallBook` on paper."""

    answers: dict[str, Drafted] = field(default_factory=dict[str, Drafted])
    lines: list[str] = field(default_factory=list[str])
    refused: dict[str, Judgement] = field(default_factory=dict[str, Judgement])

    async def kept(self, step: str, /) -> Drafted | None:
        return self.answers.get(step)

    async def open(self, step: str, label: Label, inputs_hash: str, /) -> object:
        assert len(inputs_hash) == 64
        self.lines.append(f"{step}: open")
        return step

    async def close(self, record: object, step: str, outcome: CallOutcome, drafted: Drafted | None, /) -> None:
        assert record == step
        self.lines.append(f"{step}: {outcome}")

    async def refuse(self, step: str, judgement: Judgement, /) -> None:
        self.refused[step] = judgement


def judged(*texts_that_pass: str) -> Any:
    def check(draft, turns, facts, /, *, now):
        return Judgement(passed=True) if draft.text in texts_that_pass else BAD

    return check


def everything(draft, turns, facts, /, *, now):
    return Judgement(passed=True)


class Pauses(list[float]):
    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def run(*drafters, check=everything, book=None, patience=None, pause=None):
    book, pause = book or NoteBook(), pause if pause is not None else Pauses()
    chain = DraftingChain(drafters, patience or Patience(), check, pause)
    return await chain(ASSIGNMENT, REDACTION, book), book


def rules(text="from the rules"):
    return ScriptedDrafter([Drafted(outcome=CallOutcome.ANSWERED, draft=a_draft(text))], label=BUILT_IN)


async def test_takes_the_first_drafter_that_answers():
    model = ScriptedDrafter([answered(a_draft("ok"))])

    result, book = await run(model, rules())

    assert (result.draft.text, result.label.name, result.path) == (
        "ok",
        "acme/oracle-1",
        ("acme/oracle-1:draft: answer",),
    )
    assert (result.usage.input_tokens, result.cost.nanos, len(result.inputs_hash)) == (100, 10_000, 64)
    assert book.lines == ["acme/oracle-1:draft: open", "acme/oracle-1:draft: answered"]


async def test_tells_the_provider_no_personal_data_and_puts_it_back():
    model = ScriptedDrafter([answered(a_draft("We wrote to [EMAIL_1]."))])

    result, _ = await run(model)

    assert model.seen[0].turns[0].text == "Mail [EMAIL_1]"
    assert result.draft.text == "We wrote to a@b.example."


async def test_hides_personal_data_in_a_repair_too():
    model = ScriptedDrafter([answered(a_draft("to [EMAIL_1]")), answered(a_draft("fine"))])

    await run(model, check=judged("fine"))

    again = model.seen[1]
    assert again.refused is not None
    assert (again.refused.text, again.objections[0].text) == ("to [EMAIL_1]", "[EMAIL_1]")


async def test_lets_the_model_mend_a_refused_draft_once():
    model = ScriptedDrafter([answered(a_draft("wrong")), answered(a_draft("right"))])

    result, book = await run(model, rules(), check=judged("right"))

    assert (result.draft.text, result.usage.input_tokens) == ("right", 200)
    assert result.path == ("acme/oracle-1:draft: refused", "acme/oracle-1:repair: answer")
    assert book.refused == {"acme/oracle-1:draft": BAD}


async def test_gives_no_draft_when_the_mended_one_is_refused_too():
    model = ScriptedDrafter([answered(a_draft("wrong")), answered(a_draft("still wrong"))])

    result, _ = await run(model, rules(), check=judged("from the rules"))

    assert (result.draft.decision, result.draft.text, result.judgement) == (Decision.NO_DRAFT, "", BAD)
    assert (result.label.name, result.cost.nanos) == ("acme/oracle-1", 20_000)


@pytest.mark.parametrize("outcome", [CallOutcome.MALFORMED, CallOutcome.CUT_OFF])
async def test_asks_again_after_an_answer_of_the_wrong_shape_then_abstains(outcome):
    model = ScriptedDrafter([Drafted(outcome=outcome), Drafted(outcome=outcome)])

    result, _ = await run(model, rules())

    assert result.draft.decision is Decision.NO_DRAFT
    assert model.seen[1].objections[0].kind == str(outcome)
    assert model.seen[1].refused is None


async def test_gives_the_rules_no_second_try():
    result, _ = await run(rules("wrong"), check=judged())

    assert result.draft.decision is Decision.NO_DRAFT
    assert result.label.is_built_in


async def test_goes_on_when_a_model_declines():
    model = ScriptedDrafter([Drafted(outcome=CallOutcome.DECLINED)])

    result, _ = await run(model, rules())

    assert result.label.is_built_in
    assert result.path == ("acme/oracle-1:draft: declined", "built_in/rules:draft: answer")


@pytest.mark.parametrize("outcome", sorted(set(CallOutcome) - WORTH_ANOTHER_TRY - {CallOutcome.OPEN}))
async def test_goes_on_at_once_after_a_failure_that_stays(outcome):
    model, pauses = ScriptedDrafter([ModelFailed(outcome)]), Pauses()

    result, book = await run(model, rules(), pause=pauses)

    assert result.label.is_built_in
    assert pauses == []
    assert book.lines == ["acme/oracle-1:draft: open", f"acme/oracle-1:draft: {outcome}"]


@pytest.mark.parametrize("outcome", sorted(WORTH_ANOTHER_TRY))
async def test_tries_once_more_after_a_failure_that_may_pass(outcome):
    model, pauses = ScriptedDrafter([ModelFailed(outcome), answered(a_draft("ok"))]), Pauses()

    result, book = await run(model, rules(), pause=pauses)

    assert result.draft.text == "ok"
    assert pauses == [0.5]
    assert len(book.lines) == 4


async def test_goes_on_when_the_second_try_fails():
    model = ScriptedDrafter([ModelFailed(CallOutcome.OVERLOADED)] * 2)

    result, book = await run(model, rules())

    assert result.label.is_built_in
    assert book.lines.count("acme/oracle-1:draft: overloaded") == 2


@pytest.mark.parametrize(("asked", "waited"), [(1.5, [1.5]), (30.0, [])])
async def test_waits_as_long_as_asked_if_that_is_short(asked, waited):
    limited = ModelFailed(CallOutcome.RATE_LIMITED, retry_after_seconds=asked)
    pauses = Pauses()

    await run(ScriptedDrafter([limited, answered()]), rules(), pause=pauses)

    assert pauses == waited


async def test_asks_the_next_model_before_the_rules():
    result, _ = await run(
        ScriptedDrafter([ModelFailed(CallOutcome.QUOTA_EXHAUSTED)]),
        ScriptedDrafter([answered()], label=SECOND),
        rules(),
    )

    assert result.label is SECOND


async def test_says_when_nobody_answers():
    with pytest.raises(ProviderUnavailable, match="drafting"):
        await run(ScriptedDrafter([ModelFailed(CallOutcome.NOT_AUTHORISED)]))


async def test_does_not_ask_again_for_an_answer_it_has():
    model = ScriptedDrafter([])
    book = NoteBook(answers={"acme/oracle-1:draft": answered(a_draft("kept for [EMAIL_1]"))})

    result, _ = await run(model, book=book)

    assert (result.draft.text, result.cost.nanos, book.lines) == ("kept for a@b.example", 10_000, [])


async def test_leaves_time_for_the_rules():
    model = ScriptedDrafter([])

    result, _ = await run(model, rules(), patience=Patience(whole_seconds=0))

    assert result.path[0] == "acme/oracle-1:draft: no time left"
    assert result.label.is_built_in


async def test_tells_no_provider_more_than_it_can_hide():
    text = " ".join(f"person{number}@mail.example" for number in range(301))
    model, book = ScriptedDrafter([]), NoteBook()
    chain = DraftingChain((model, rules()), check=everything)

    result = await chain(ASSIGNMENT, Redaction.of([a_turn(text)], ()), book)

    assert result.label.is_built_in
    assert result.path[0] == "acme/oracle-1: not asked, too much personal data"
