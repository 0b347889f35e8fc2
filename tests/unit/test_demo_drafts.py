"""What a newcomer sees: the drafts for the demo dealership, and what it says of its stock. The judge passes all."""

import pytest

from domain.assistance.drafts import Decision
from tests.support.demo import DEMO, FACTS, GOLFS, PRICE, passed, reply_to, turns_of

ANSWER, CLARIFY, HAND_OFF = Decision.ANSWER, Decision.CLARIFY, Decision.HAND_OFF


@pytest.mark.parametrize(
    ("external_id", "decision", "text"),
    [
        ("demo:1", ANSWER, "The Seat Leon costs 19,700 EUR and is in stock."),
        ("demo:2", ANSWER, "Showroom: Saturday 10:00 to 16:00."),
        ("demo:3", ANSWER, "The Mini Cooper costs 19,990 EUR."),
        ("demo:4", HAND_OFF, f"The Skoda Octavia costs 17,800 EUR and is in stock. {PRICE}"),
        ("demo:5", ANSWER, f"We have {GOLFS}. The Volkswagen Golf 2.0 TDI Style has done 51,200 km."),
        ("demo:6", ANSWER, "Every used car comes with a 12 month warranty."),
        ("demo:7", CLARIFY, "On which day would you like to come for the test drive?"),
        ("demo:8", ANSWER, "Unfortunately, the BMW 320d is sold."),
        ("demo:9", HAND_OFF, "I am sorry to read this. A colleague needs to look into it personally."),
    ],
)
def test_drafts_a_reply_to_each_conversation_of_the_demo(external_id: str, decision: Decision, text: str) -> None:
    conversation = next(one for one in DEMO.conversations if one.external_id == external_id)

    draft = passed(turns_of(conversation))

    assert (draft.decision, draft.text) == (decision, text)


def test_knows_every_conversation_of_the_demo() -> None:
    assert {one.external_id for one in DEMO.conversations} == {f"demo:{number}" for number in range(1, 10)}


def test_binds_each_fact_to_the_row_it_is_about() -> None:
    draft = passed(turns_of(DEMO.conversations[4]))
    titles = {fact.source_id: fact.title for fact in FACTS}

    assert [(titles[claim.source_id], claim.field) for claim in draft.claims] == [
        ("Volkswagen Golf 1.5 TSI Life", "title"),
        ("Volkswagen Golf 1.5 TSI Life", "price"),
        ("Volkswagen Golf 2.0 TDI Style", "title"),
        ("Volkswagen Golf 2.0 TDI Style", "price"),
        ("Volkswagen Golf 2.0 TDI Style", "title"),
        ("Volkswagen Golf 2.0 TDI Style", "mileage_km"),
    ]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much is the Renault Zoe?", "The Renault Zoe costs 13,490 EUR."),
        ("What's the mileage on the Corolla?", "The Toyota Corolla has done 44,800 km."),
        ("What colour is the Yaris?", "The Toyota Yaris comes in Tokyo Red."),
        ("Is the Duster petrol or diesel?", "The Dacia Duster runs on petrol."),
        ("What year is the Focus?", "The Ford Focus is from 2019."),
        ("What is the VIN of the Focus?", "The VIN of the Ford Focus is WF0NXXGCHNKJ41876."),
        ("Does the Leon have a manual gearbox?", "The Seat Leon has an automatic gearbox."),
        ("How much is the Enyaq?", "The Skoda Enyaq costs 34,500 EUR but is reserved."),
        ("What does the BMW cost?", "The BMW 320d costs 25,900 EUR but is sold."),
        ("Do you have the ID.3?", "We have the Volkswagen ID.3 for 23,900 EUR."),
        ("I am interested in the Toyota Yaris.", "The Toyota Yaris costs 19,250 EUR and is in stock."),
        ("Is the Kuga still for 28.750 EUR?", "The Ford Kuga costs 28,750 EUR."),
        ("I saw the Octavia in your window yesterday.", "The Skoda Octavia costs 17,800 EUR and is in stock."),
        ("Is the Mini green?", "The Mini Cooper comes in British Racing Green."),
        ("Can I get the Leon in blue?", "The Seat Leon comes in Desire Red."),
        ("Is the Leon 18,000 EUR?", "The Seat Leon costs 19,700 EUR."),
        ("How much is the black Golf?", "The Volkswagen Golf 1.5 TSI Life costs 18,950 EUR."),
        ("Is the Golf 1.5 TSI still there?", "The Volkswagen Golf 1.5 TSI Life is in stock."),
        ("Can I test drive the BMW?", "Unfortunately, the BMW 320d is sold."),
    ],
)
def test_answers_from_the_row_that_is_named(question: str, text: str) -> None:
    assert reply_to(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much is the Golf?", f"We have {GOLFS}."),
        (
            "Which electric cars do you have?",
            (
                "We have the Volkswagen ID.3 for 23,900 EUR, the Mini Cooper for 19,990 EUR "
                "and the Renault Zoe for 13,490 EUR."
            ),
        ),
        (
            "My budget is 20,000 EUR. Which electric cars do you have?",
            "We have the Mini Cooper for 19,990 EUR and the Renault Zoe for 13,490 EUR.",
        ),
        (
            "Do you have an automatic diesel under 20.000 €?",
            "The Skoda Octavia costs 17,800 EUR, runs on diesel, has an automatic gearbox and is in stock.",
        ),
        (
            "Do you have anything under 15k?",
            "We have the Ford Focus for 12,990 EUR and the Renault Zoe for 13,490 EUR.",
        ),
        ("Which cars have less than 20,000 km?", "The Toyota Yaris has done 11,200 km."),
        ("What's your cheapest car?", "The Ford Focus costs 12,990 EUR and is in stock."),
        (
            "Do you have any automatics?",
            (
                "We have several, for example the Volkswagen Golf 2.0 TDI Style for 21,490 EUR, "
                "the Volkswagen ID.3 for 23,900 EUR and the Skoda Octavia for 17,800 EUR."
            ),
        ),
        ("Any plug-in hybrids?", "The Ford Kuga costs 28,750 EUR, is a plug-in hybrid and is in stock."),
        ("Do you have a Golf in grey?", "We have the Volkswagen Golf 2.0 TDI Style for 21,490 EUR."),
        (
            "How much are the Leon and the Zoe?",
            "We have the Seat Leon for 19,700 EUR and the Renault Zoe for 13,490 EUR.",
        ),
    ],
)
def test_names_up_to_three_rows_that_match(question: str, text: str) -> None:
    assert reply_to(question).text == text
