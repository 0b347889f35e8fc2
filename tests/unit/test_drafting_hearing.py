"""Hearing: which words of a message are values, and for which slot."""

import pytest

from domain.assistance.drafting.checklists import checklists_in
from domain.assistance.drafting.hearing import hear
from domain.assistance.drafting.moments import dates_in, numbers_in, places_in, times_in
from domain.assistance.drafting.words import fold
from tests.support.drafting import BOOK_A_BIKE, FIND_A_BIKE, a_checklist

FIND, BOOK = (one.slots for one in checklists_in([a_checklist(FIND_A_BIKE), a_checklist(BOOK_A_BIKE)]))
DISH = checklists_in(
    [a_checklist({"topic": "t", "services": ["s"], "slots": [{"name": "dish", "type": "text", "ask": "Which dish?"}]})]
)[0].slots


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("come on 2026-12-02 or May 3", ["2026-12-02", "May 3"]),
        ("the 4th of June till 5 June", ["the 4th of June", "5 June"]),
        ("tomorrow, next Monday or the day after tomorrow", ["tomorrow", "next Monday", "the day after tomorrow"]),
        ("on 12/24 then", ["12/24"]),
        ("no day here, 7 bikes", []),
    ],
)
def test_finds_days(text: str, found: list[str]) -> None:
    assert [one.text for one in dates_in(text, fold(text))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at 9:30 or 10.15", ["9:30", "10.15"]),
        ("half past seven, noon", ["half past seven", "noon"]),
        ("at 4 pm sharp", ["4 pm"]),
        ("5 in the afternoon", ["5 in the afternoon"]),
        ("at 11", []),
    ],
)
def test_finds_times(text: str, found: list[str]) -> None:
    assert [one.text for one in times_in(text, fold(text))] == found


def test_takes_a_bare_hour_only_when_a_time_was_asked_for() -> None:
    text = "May 3, say at 11"

    assert [one.text for one in times_in(text, fold(text), loose=True)] == ["at 11"]
    assert times_in("the 3rd", "the 3rd", loose=True) == []


def test_counts_no_part_of_a_day_or_a_time() -> None:
    text = "two bikes on May 3 at 9:30"

    assert [one.text for one in numbers_in(text, fold(text))] == ["two"]


def test_finds_places_after_a_preposition() -> None:
    assert [one.text for one in places_in("I leave from Old Harbour in May")] == ["Old Harbour"]
    assert [one.text for one in places_in("We meet near the Quai Nord", loose=True)] == ["Quai Nord"]


def test_lets_the_word_beside_a_value_decide() -> None:
    heard = hear("until May 9, from May 3", FIND)

    assert (heard["end_date"].text, heard["start_date"].text) == ("May 9", "May 3")
    assert heard["end_date"].sure == 3


def test_takes_a_word_after_the_value_too() -> None:
    assert "helmets" in hear("make it 2 helmets", BOOK)
    assert "helmets" not in hear("make it 2", BOOK)


def test_gives_a_bare_value_to_what_was_asked_for() -> None:
    heard = hear("May 9", FIND, asked=["end_date"], known=["start_date"])

    assert heard["end_date"].sure == 2


def test_gives_a_bare_value_to_the_usual_slot_otherwise() -> None:
    assert list(hear("May 9", FIND)) == ["start_date"]


def test_takes_short_words_for_a_place_when_asked() -> None:
    assert hear("old harbour", BOOK, asked=["shop"])["shop"].text == "old harbour"
    assert "shop" not in hear("yes please", BOOK, asked=["shop"])
    assert "shop" not in hear("old harbour", BOOK)


def test_knows_the_places_of_the_checklist_in_any_case() -> None:
    assert hear("somewhere in lugdunum", FIND)["city"].text == "lugdunum"


def test_knows_choices_and_takes_any() -> None:
    assert hear("an mtb please", FIND)["kind"].text == "mtb"
    assert hear("I don't mind", FIND, asked=["kind"])["kind"].sure == 2
    assert "kind" not in hear("a red one", FIND, asked=["kind"])


def test_takes_free_words_for_a_text_slot_when_asked() -> None:
    assert hear("Something with fish.", DISH, asked=["dish"])["dish"].text == "Something with fish"
    assert hear("What is there?", DISH, asked=["dish"]) == {}
    assert hear("Something with fish", DISH) == {}
