"""Checklists: reading them from facts, and never failing over a bad one."""

import pytest

from domain.assistance.drafting.checklists import Purpose, SlotType, checklists_in, phrases, read_checklist
from tests.support.drafting import BOOK_A_BIKE, FIND_A_BIKE, a_checklist, a_policy


def test_reads_what_a_business_must_know() -> None:
    find, book = checklists_in([a_checklist(FIND_A_BIKE), a_checklist(BOOK_A_BIKE)])

    assert (find.purpose, book.purpose) == (Purpose.FIND, Purpose.BOOK)
    assert find.group == book.group == "Bikes"
    assert [slot.type for slot in find.slots] == [SlotType.PLACE, SlotType.DATE, SlotType.DATE, SlotType.CHOICE]
    assert book.slots[2].fields == ("time", "pickup_time")
    assert find.slots[1].label == "end date"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "null",
        "7",
        '{"topic": "x"}',
        '{"topic": "x", "services": "stock", "slots": []}',
        '{"topic": "x", "services": ["stock"], "slots": [{"name": "a", "type": "colour", "ask": "?"}]}',
        '{"topic": "x", "services": ["stock"], "slots": [{"type": "date"}]}',
        '{"topic": "x", "services": [], "slots": []}',
    ],
)
def test_leaves_out_what_it_cannot_read(text: str) -> None:
    assert read_checklist(text) is None


def test_takes_only_checklists() -> None:
    assert checklists_in([a_policy("Hours", "We open at nine.")]) == ()


def test_finds_whole_words_and_open_endings() -> None:
    pattern = phrases(["test drive", "book*", " "])

    assert pattern is not None
    assert pattern.search("may i test  drive it")
    assert pattern.search("a booking")
    assert not pattern.search("the test driver")
    assert phrases([]) is None
