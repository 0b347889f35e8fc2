"""Reading conversations on file: what a drafter may see, and what only scores."""

from pathlib import Path

import msgspec
import pytest

from application.assistance.evaluation.corpus import (
    CorpusConversation,
    cuts,
    parse_act,
    read_corpus,
    rows_at,
    said_before,
)
from domain.assistance.drafts import Decision
from domain.assistance.facts import FactKind, Speaker

COMET = {"car_name": "Comet", "pickup_city": "Lyon", "total_price": "12"}
STAR = {"car_name": "Star", "pickup_city": "Lyon", "total_price": "15"}
TALK = {
    "id": "c-1",
    "source": "hand-written",
    "domain": "cars",
    "labels": {"reserved": True},
    "turns": [
        {"i": 0, "speaker": "customer", "text": "A car!", "intent": "GetCarsAvailable", "acts": ["INFORM_INTENT"]},
        {"i": 1, "speaker": "agent", "text": "Where?", "acts": ["REQUEST:pickup_city"]},
        {"i": 2, "speaker": "customer", "text": "Lyon", "intent": "GetCarsAvailable"},
        {
            "i": 3,
            "speaker": "agent",
            "text": "Comet?",
            "acts": ["OFFER:car_name=Comet|the Comet", "INFORM_COUNT:count=7", "GOODBYE"],
            "facts": [{"service": "RentalCars_9", "query": {"secret": "x"}, "results": [COMET, STAR]}],
        },
        {"i": 4, "speaker": "customer", "text": "And a room?"},
        {
            "i": 5,
            "speaker": "agent",
            "text": "None left.",
            "acts": ["NOTIFY_FAILURE"],
            "facts": [{"service": "Rooms_1", "results": []}],
        },
        {"i": 6, "speaker": "customer", "text": "Book that Comet", "intent": "ReserveCar"},
        {
            "i": 7,
            "speaker": "agent",
            "text": "Done.",
            "facts": [{"service": "RentalCars_9", "results": [{"car_name": "Comet", "total_price": "12"}]}],
        },
    ],
}


def a_conversation() -> CorpusConversation:
    return msgspec.convert(TALK, CorpusConversation)


def test_reads_acts() -> None:
    assert parse_act("OFFER:car_name=Comet|the Comet").values == ("Comet", "the Comet")
    assert (parse_act("REQUEST:city").kind, parse_act("REQUEST:city").slot, parse_act("REQUEST:city").values) == (
        "REQUEST", "city", (),
    )  # fmt: skip
    assert parse_act("GOODBYE").slot == ""


def test_cuts_before_every_agent_turn() -> None:
    found = list(cuts(a_conversation()))

    assert [cut.turn for cut in found] == [1, 3, 5, 7]
    assert [len(cut.turns) for cut in found] == [1, 3, 5, 7]
    assert [turn.sequence for turn in found[1].turns] == [1, 2, 3]
    assert [turn.speaker for turn in found[1].turns] == [Speaker.CUSTOMER, Speaker.STAFF, Speaker.CUSTOMER]
    assert found[0].reply == "Where?"


def test_gives_the_facts_of_the_turn_itself_too() -> None:
    facts = list(cuts(a_conversation()))[1].facts

    assert [(fact.kind, fact.entity, fact.known_since, fact.batch) for fact in facts] == [
        (FactKind.INVENTORY, "Comet", 3, 1),
        (FactKind.INVENTORY, "Star", 3, 1),
        (FactKind.COUNT, "", 3, 1),
    ]
    assert facts[2].fields == {"count": "7"}


def test_counts_an_empty_answer_as_none_and_marks_a_booking_by_its_shape() -> None:
    facts = list(cuts(a_conversation()))[3].facts

    assert (facts[3].kind, facts[3].fields, facts[3].batch) == (FactKind.COUNT, {"count": "0"}, 2)
    assert (facts[4].kind, facts[4].entity, facts[4].batch) == (FactKind.RECORD, "Comet", 3)


@pytest.mark.parametrize(
    ("service", "rows", "kind"),
    [
        ("Hotels_9", [{"hotel_name": "Sea", "check_in_date": "2026-05-01"}], FactKind.RECORD),
        ("Hotels_9", [{"hotel_name": "Sea"}], FactKind.INVENTORY),
        ("Buses_9", [{"fare": "9"}], FactKind.RECORD),
        ("Buses_9", [{"fare": "9"}, {"fare": "8"}], FactKind.INVENTORY),
    ],
)
def test_tells_found_from_booked(service: str, rows: list[dict[str, str]], kind: FactKind) -> None:
    turn = {"i": 1, "speaker": "agent", "text": "So.", "facts": [{"service": service, "results": rows}]}
    talk = TALK | {"turns": [{"i": 0, "speaker": "customer", "text": "Hi"}, turn]}

    assert rows_at(msgspec.convert(talk, CorpusConversation).turns[1], 1)[0].kind is kind


def test_knows_what_the_person_did() -> None:
    first, second, third, fourth = (cut.truth for cut in cuts(a_conversation()))

    assert (first.decision, first.requested, first.facts_seen) == (Decision.CLARIFY, ("pickup_city",), False)
    assert (second.decision, second.stated, second.facts_seen) == (Decision.ANSWER, (("Comet", "the Comet"),), True)
    assert [truth.scored for truth in (first, second, third, fourth)] == [True, True, True, True]
    assert [truth.in_service for truth in (first, second, third, fourth)] == [True, True, False, True]


def test_agrees_with_what_is_stored_turn_by_turn() -> None:
    conversation = a_conversation()
    last = list(cuts(conversation))[-1]

    rows = [row for turn, batch in ((3, 1), (5, 2), (7, 3)) for row in rows_at(conversation.turns[turn], batch)]

    assert [(row.entity, row.batch, row.known_since) for row in rows] == [
        (fact.entity, fact.batch, fact.known_since) for fact in last.facts
    ]
    assert said_before(conversation, 7) == last.turns


def test_keeps_ids_of_facts_between_runs() -> None:
    one, other = (list(cuts(a_conversation()))[-1].facts for _ in range(2))

    assert [fact.source_id for fact in one] == [fact.source_id for fact in other]
    assert len({fact.source_id for fact in one}) == len(one)


def test_reads_a_file_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "talks.jsonl"
    file.write_bytes(msgspec.json.encode(TALK) + b"\n\n" + msgspec.json.encode(TALK) + b"\n")

    assert [one.id for one in read_corpus(file)] == ["c-1", "c-1"]


def test_stops_at_a_faulty_line(tmp_path: Path) -> None:
    file = tmp_path / "talks.jsonl"
    file.write_text('{"id": 7}\n')

    with pytest.raises(msgspec.ValidationError):
        list(read_corpus(file))
