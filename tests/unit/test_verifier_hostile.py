"""Texts that somebody wrote to keep the verifier busy: none may take it long, and what is too much is refused."""

import time
from collections.abc import Callable

import pytest

from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.verifier import FindingKind, verify, verify_text
from domain.assistance.verifier.excess import LONGEST_SENTENCE, MOST_SPANS
from tests.support.assisting import NOW, a_claim, a_draft, a_fact, a_turn

BOUND_SECONDS = 2
"""Of processor time; what is meant to be fast takes a tenth of it, what is quadratic takes a minute."""

REPEATED = [
    "1", "a", "A-", "A.", "A. ", "a@", "@a", "a.b@", "+49 170 ", "one ", "One one. ", "twenty-", " ", "1,", "1'", "1.",
    "1:", "1-", "a1 ", "1a-", "a--", "a dot ", "a at b dot ", "$1 ", "$1,", "5% off ", "free car ",
    "I will refund it. ",
    "not a b c ", "i have already ", "what today ", "knock a ", "Car 7 ", "Car 7, ", "REG ", "Astraße ", "Ёлка ",
    "\u200b", "1\u0301", "(", "[a](", ".)", "!", "a\n", "http:", "1/2 ", "24/7 ", "2026-11-20 ", "next friday ",
    "at 5:30pm, ", "in one million weeks ", "pick up 5 May drop off 6 May, ", "of the ", "2 doors ", "3 two 4 five ",
]  # fmt: skip
VARIED: list[Callable[[int], str]] = [
    lambda number: f"p{number}@mail.example",
    lambda number: f"+49 170 {1_000_000 + number}",
    lambda number: f"{number} percent off",
    lambda number: f"Zq{number}. ",
    lambda number: f"Car {number % 60} costs {9_000 + number} EUR and has {number} doors.",
    lambda number: f"It costs {9_000 + number} EUR.",
    lambda number: f"Car {number % 60} and",
    lambda number: f"free a{number} car.",
]
CARS = [
    a_fact(
        title=f"Car {number}", entity=f"Car {number}",
        fields={"price": f"{9_000 + number} EUR", "color": "red", "doors": str(number % 5), "from_date": "2026-11-20"},
    )
    for number in range(60)
]  # fmt: skip
FEES = a_fact(kind=FactKind.POLICY, title="Fees", entity="", text="A deposit of $500 is due within 14 days. " * 20)
FACTS = [*CARS, FEES]
QUESTION = a_turn("How much is Car 7?")


def as_long_as(characters: int, text: str | Callable[[int], str]) -> str:
    if isinstance(text, str):
        return (text * (characters // len(text) + 1))[:characters]
    return " ".join(text(number) for number in range(characters // len(text(0))))[:characters]


def label(text: object) -> str:
    return ascii(text if isinstance(text, str) else as_long_as(16, text))  # pyright: ignore[reportArgumentType]


def takes_its_time(reply: str, turns: list[Turn], facts: list[Fact]) -> bool:
    begun = time.process_time()
    verify_text(reply, turns, facts, now=NOW)
    return time.process_time() - begun > BOUND_SECONDS


@pytest.mark.parametrize("text", [*REPEATED, *VARIED], ids=label)
class TestIsNotSlowedDown:
    def test_by_what_a_customer_writes(self, text: str | Callable[[int], str]) -> None:
        reply = "Car 7 costs 9007 EUR, tomorrow at 5 pm, 3 seats for Zephyr, call +49 170 1234567."

        assert not takes_its_time(reply, [a_turn(as_long_as(20_000, text))], FACTS)

    def test_by_what_both_wrote_before(self, text: str | Callable[[int], str]) -> None:
        said = as_long_as(10_000, text)
        turns = [a_turn(said, 1), a_turn(f"{said}?", 2, Speaker.STAFF), a_turn(f"yes {said}", 3)]

        assert not takes_its_time("It costs 9007 EUR, on May 5, for 3 people and Zephyr.", turns, FACTS)

    def test_by_what_a_model_drafts(self, text: str | Callable[[int], str]) -> None:
        said, begun = as_long_as(4_000, text), time.process_time()
        claims = tuple(a_claim(text=said[:size], source_id=CARS[7].source_id, value=said) for size in (9, 99, 999))

        verify(a_draft(said, claims=claims), [QUESTION], FACTS, now=NOW)

        assert time.process_time() - begun < BOUND_SECONDS

    def test_by_what_staff_edit(self, text: str | Callable[[int], str]) -> None:
        assert not takes_its_time(as_long_as(10_000, text), [QUESTION], FACTS)

    def test_by_what_stands_in_a_source(self, text: str | Callable[[int], str]) -> None:
        said = as_long_as(2_000, text)
        row = a_fact(title=said[:200], entity=said[:100], fields={"price": said, "note": said, "b": said[:60]})
        policy = a_fact(kind=FactKind.POLICY, title=said[:200], entity="", text=as_long_as(20_000, text))
        reply = "Car 7 costs $5, refund and 3 doors. It is Zephyr tomorrow at 5 pm."

        assert not takes_its_time(reply, [QUESTION], [*CARS[::6], row, policy])


def test_refuses_a_reply_that_states_more_than_can_be_checked() -> None:
    text = "Car 7 costs 9007 EUR. " * (MOST_SPANS // 2 + 1)

    [finding] = verify_text(text, [QUESTION], FACTS, now=NOW).findings

    assert finding.kind is FindingKind.UNSUPPORTED
    assert finding.text == text[finding.start : finding.end]
    assert len(text) - finding.start < 44
    assert "too much" in finding.reason


def test_checks_a_long_reply_that_states_just_so_much() -> None:
    assert verify_text("Car 7 costs 9007 EUR. " * (MOST_SPANS // 2), [QUESTION], FACTS, now=NOW).passed


def test_refuses_a_reply_without_an_end_of_a_sentence() -> None:
    text = "Hello. " + "and so on " * (LONGEST_SENTENCE // 10 + 1)

    [finding] = verify_text(text, [QUESTION], FACTS, now=NOW).findings

    assert (finding.start, finding.end) == (7, len(text))


def test_reads_a_far_day_as_one_that_is_never_meant() -> None:
    assert not verify_text("It is in nine million million weeks.", [QUESTION], FACTS, now=NOW).passed
