"""Sentences by generic rules, for any business: rooms, products and orders as well as cars."""

import pytest

from application.assistance.judging import judge
from domain.assistance.drafts import Decision
from domain.assistance.facts import Fact, FactKind
from tests.support.drafting import NOW, TEST_DRIVE, a_checklist, a_policy, a_row, a_talk, drafted

GARDEN = a_row(
    "Garden Room",
    service="rooms",
    fields={
        "price_per_night": "$1140",
        "beds": "2",
        "baths": "1",
        "pets_allowed": "True",
        "has_garage": "False",
        "number_floors": "3",
        "available": "True",
    },
)
ATTIC = a_row(
    "Attic Room", service="rooms", fields={"price_per_night": "$90", "pets_allowed": "False", "available": "False"}
)
LAMP = a_row("Reading Lamp", service="lamps", fields={"price_eur": "1249.50", "weight_kg": "3", "colour": "Brass"})
ROOMS = [GARDEN, ATTIC]


@pytest.mark.parametrize(
    ("facts", "question", "text"),
    [
        (ROOMS, "What does the Garden Room cost per night?", "The Garden Room costs $1,140 per night."),
        (ROOMS, "Are pets allowed in the Garden Room?", "Pets allowed: yes."),
        (ROOMS, "How many beds does the Garden Room have?", "The Garden Room has 2 beds."),
        (ROOMS, "How many baths does the Garden Room have?", "The Garden Room has 1 bath."),
        (ROOMS, "Does the Garden Room have a garage?", "Garage: no."),
        (ROOMS, "How many floors does the Garden Room have?", "The Garden Room has 3 floors."),
        (ROOMS, "Is the Garden Room available?", "The Garden Room is available."),
        (ROOMS, "Is the Attic Room still available?", "Unfortunately, the Attic Room is not available."),
        ([LAMP], "How much is the Reading Lamp?", "The Reading Lamp costs 1,249.50 EUR."),
        ([LAMP], "What is the weight of the Reading Lamp?", "The weight of the Reading Lamp is 3 kg."),
        (
            [LAMP],
            "Which colour and weight has the Reading Lamp?",
            "The Reading Lamp comes in Brass. Its weight is 3 kg.",
        ),
    ],
)
def test_words_a_field_by_its_name(facts: list[Fact], question: str, text: str) -> None:
    draft = drafted(facts, question)

    assert draft.text == text
    assert judge(draft, a_talk(question), facts, now=NOW).objections == ()
    assert draft.claims


def test_claims_what_a_flag_says() -> None:
    assert [(claim.text, claim.field) for claim in drafted(ROOMS, "Are pets allowed in the Garden Room?").claims] == [
        ("Pets allowed: yes", "pets_allowed")
    ]


def test_offers_what_has_no_price() -> None:
    bikes = [a_row(f"{name} Bike", fields={"frame": "steel"}) for name in ("Comet", "Star")]

    assert drafted(bikes, "Which steel ones do you have?").text == "We have the Comet Bike and the Star Bike."


def test_says_that_all_are_gone() -> None:
    bikes = [a_row(f"{name} Bike", fields={"frame": "steel", "status": "sold"}) for name in ("Comet", "Star")]

    draft = drafted(bikes, "Which steel ones do you have?")

    assert draft.text == "Unfortunately, the Comet Bike is sold. Unfortunately, the Star Bike is sold."


def test_quotes_a_policy_once() -> None:
    warranty = a_policy("Warranty", "One year on all.")

    assert drafted([warranty], "Is there a warranty? What is the warranty?").text == "One year on all."


def test_answers_beside_a_booking_that_is_complete() -> None:
    golf = a_row("VW Golf", fields={"price": "€18,900"})
    draft = drafted([golf, a_checklist(TEST_DRIVE)], "How much is the Golf? A test drive on Monday at 11 am please.")

    assert draft.decision is Decision.ANSWER
    assert draft.text == (
        "The VW Golf costs €18,900. Please confirm: VW Golf, day: Monday, time: 11 am. Do these details suit you?"
    )
    assert [claim.field for claim in draft.claims] == ["title", "price", "title"]


def test_answers_where_a_booking_was_looked_up() -> None:
    golf = a_row("VW Golf", fields={"price": "€18,900"})
    booked = a_row("Slot 7", kind=FactKind.INVENTORY, fields={"day": "Monday"}, known_since=1, batch=1)

    lines = ("A test drive in the Golf", "One moment.", "How much is the Golf? And the test drive?")

    assert drafted([golf, booked, a_checklist(TEST_DRIVE)], *lines).text
