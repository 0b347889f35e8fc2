"""Scoring suggestions against what people did, and the report of it."""

from typing import Any

import msgspec
import pytest

from application.assistance.evaluation.corpus import Truth
from application.assistance.evaluation.mentions import mentions
from application.assistance.evaluation.report import render_json, render_markdown
from application.assistance.evaluation.scoring import Outcome, PartScore, Scoreboard, part_of
from domain.assistance.drafts import Decision

ANSWER, CLARIFY, HAND_OFF = Decision.ANSWER, Decision.CLARIFY, Decision.HAND_OFF


def a_truth(decision: Decision = ANSWER, **others: Any) -> Truth:
    given: dict[str, Any] = {
        "conversation_id": "c-1", "turn": 1, "scored": True, "in_service": True, "requested": (), "stated": (),
        "facts_seen": False,
    }  # fmt: skip
    return Truth(decision=decision, **(given | others))


def an_outcome(decision: Decision = ANSWER, text: str = "Fine.", **others: Any) -> Outcome:
    given: dict[str, Any] = {"conversation_id": "c-1", "turn": 1}
    return Outcome(decision=decision, text=text, **(given | others))


def scored(*pairs: tuple[Outcome, Truth]) -> PartScore:
    board = Scoreboard()
    for outcome, truth in pairs:
        board.add(outcome, truth)
    return board.result()[0]


def test_balances_the_two_decisions() -> None:
    score = scored(
        (an_outcome(ANSWER), a_truth(ANSWER)),
        (an_outcome(ANSWER), a_truth(ANSWER)),
        (an_outcome(HAND_OFF), a_truth(ANSWER)),
        (an_outcome(CLARIFY), a_truth(ANSWER)),
        (an_outcome(CLARIFY), a_truth(CLARIFY)),
    )

    assert score.decisions.balanced_accuracy == pytest.approx((2 / 4 + 1 / 1) / 2)
    assert score.decisions.confusion["answer>hand_off"] == 1
    assert score.decisions.turns == 5


def test_puts_the_rule_beside_it() -> None:
    score = scored(
        (an_outcome(), a_truth(ANSWER, facts_seen=True)),
        (an_outcome(), a_truth(ANSWER, facts_seen=False)),
        (an_outcome(), a_truth(CLARIFY, facts_seen=False)),
        (an_outcome(), a_truth(CLARIFY, facts_seen=True)),
    )

    assert score.decisions.answer_once_facts_were_seen == pytest.approx(0.5)
    assert score.decisions.always_answer == 0.5


def test_leaves_out_turns_that_are_not_scored() -> None:
    score = scored((an_outcome(HAND_OFF, ""), a_truth(scored=False, in_service=False)))

    assert score.decisions.turns == 0
    assert score.decisions_elsewhere == {"hand_off": 1}
    assert score.coverage.share == 0.0


def test_keeps_the_narrower_reading_apart() -> None:
    score = scored((an_outcome(), a_truth()), (an_outcome(), a_truth(in_service=False)))

    assert (score.decisions.turns, score.decisions_in_service.turns) == (2, 1)


def test_asks_whether_the_person_asked_for_it_too() -> None:
    score = scored(
        (an_outcome(CLARIFY, slots=("day",)), a_truth(CLARIFY, requested=("day", "time"))),
        (an_outcome(CLARIFY, slots=("town",)), a_truth(CLARIFY, requested=("time",))),
        (an_outcome(CLARIFY, slots=("day",)), a_truth(ANSWER)),
    )

    assert (score.slot_right.hits, score.slot_right.total) == (1, 3)
    assert score.slot_right_where_both_ask.total == 2
    lines = {line.slot: (line.asked, line.right, line.asked_by_person) for line in score.slots}
    assert lines == {"day": (2, 1, 1), "time": (0, 0, 2), "town": (1, 0, 0)}


def test_looks_for_a_fact_of_the_persons_own() -> None:
    stated = (("2026-05-03",), ("False",))

    score = scored(
        (an_outcome(text="It is on May 3rd."), a_truth(stated=stated)),
        (an_outcome(text="wifi: no", values=("False",)), a_truth(stated=stated)),
        (an_outcome(text="No idea."), a_truth(stated=stated)),
        (an_outcome(text="No idea."), a_truth(stated=())),
    )

    assert (score.own_fact_mentioned.hits, score.own_fact_mentioned.total) == (2, 3)


def test_counts_findings_only_in_what_is_shown() -> None:
    score = scored(
        (an_outcome(findings=("unsupported", "promise")), a_truth()),
        (an_outcome(Decision.NO_DRAFT, "", findings=("unsupported",), refused=("unsupported",)), a_truth()),
    )

    assert score.unsupported_facts == 2
    assert score.refused == {"unsupported": 1}
    assert (score.coverage.hits, score.coverage.total) == (1, 2)


def test_measures_time_and_cost() -> None:
    score = scored(*((an_outcome(latency_ms=float(i), cost_micros=10), a_truth()) for i in range(101)))

    assert (score.latency_ms.p50, score.latency_ms.p95, score.latency_ms.highest) == (50.0, 95.0, 100.0)
    assert score.cost_micros == {"USD": 1010}
    assert scored((an_outcome(latency_ms=4.0), a_truth())).latency_ms.p95 == 4.0
    assert scored().latency_ms.p50 == 0.0


def test_splits_by_conversation() -> None:
    board = Scoreboard(split=lambda id: "dev" if id == "c-1" else "held_out")
    board.add(an_outcome(), a_truth())
    board.add(an_outcome(conversation_id="c-2"), a_truth(conversation_id="c-2"))

    assert [(part.name, part.turns) for part in board.result()] == [("all", 2), ("dev", 1), ("held_out", 1)]
    assert part_of("c-1") == part_of("c-1")
    assert 550 < sum(part_of(f"talk-{i}") == "dev" for i in range(1000)) < 650


def test_refuses_an_outcome_of_another_turn() -> None:
    with pytest.raises(ValueError, match="different turns"):
        Scoreboard().add(an_outcome(turn=3), a_truth(turn=5))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on March 6th", "2019-03-06"),
        ("the 6th of March", "2019-03-06"),
        ("on 2019-03-06", "2019-03-06"),
        ("at 4:30 pm", "16:30"),
        ("at 4 p.m.", "16:00"),
        ("at 16:30", "16:30"),
        ("it is $1,250.00", "1250"),
        ("rated 4.1", "4.10"),
        ("The Quai  Nord shop", "quai nord"),
        ("on 2019-02-31", "2019-02-31"),
    ],
)
def test_knows_a_value_however_it_is_written(text: str, value: str) -> None:
    assert mentions(text, [value])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on March 16th", "2019-03-06"),
        ("it is 125", "1250"),
        ("true enough", "True"),
        ("Quai Nordic", "Quai Nord"),
        ("", ""),
    ],
)
def test_takes_no_other_value_for_it(text: str, value: str) -> None:
    assert not mentions(text, [value])


def test_reports_in_tables_and_in_json() -> None:
    board = Scoreboard()
    board.add(an_outcome(CLARIFY, slots=("day",), cost_micros=2_500), a_truth(CLARIFY, requested=("day",)))

    text = render_markdown(board.result(), title="How good it is")
    figures = msgspec.json.decode(render_json(board.result()))

    assert text.startswith("# How good it is\n")
    assert "| `day` | 1 | 1 | 1 |" in text
    assert "0.0025 USD" in text
    assert figures["all"]["slot_right"]["share"] == 1.0
    assert render_markdown([], title="Nothing").startswith("# Nothing")
