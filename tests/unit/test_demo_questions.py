"""Ordinary questions to the demo dealership beyond its stock: house rules, slips, several at once, long talks."""

from time import process_time

import pytest

from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Decision
from tests.support.assisting import a_turn
from tests.support.demo import FACTS, GOLFS, NOW, PRICE, reply_to

ANSWER, CLARIFY, HAND_OFF = Decision.ANSWER, Decision.CLARIFY, Decision.HAND_OFF
COLLEAGUE = "Thank you for your message. A colleague needs to look at this."
WEEKDAYS = "Showroom: Monday to Friday 09:00 to 18:30. Workshop: Monday to Friday 07:30 to 17:00."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Are you open on Sunday?", "Showroom: closed on Sunday."),
        ("Are you open today?", WEEKDAYS),
        ("What are your opening hours on Wednesday?", WEEKDAYS),
        ("When does the workshop open on Monday?", "Workshop: Monday to Friday 07:30 to 17:00."),
        ("Are you open tomorrow?", "Showroom: Saturday 10:00 to 16:00."),
        ("How much does a test drive cost?", "A test drive takes 30 minutes and is free."),
        ("How old do I have to be for a test drive?", "Drivers must be at least 21 years old."),
        (
            "How much does it cost to extend the warranty?",
            "Every used car comes with a 12 month warranty. It can be extended to 24 months for 490 EUR.",
        ),
        (
            "Can I trade in my old Golf?",
            "We value your car for free in about 20 minutes. A valuation is good for 14 days.",
        ),
        ("Do you deliver to Hamburg?", "Delivery within 100 km is free. Beyond that it costs 1.20 EUR per km."),
        (
            "What would the monthly rate be for the Leon?",
            (
                "Finance is arranged through our partner bank. "
                "Monthly rates depend on a credit check, so we quote them in person only."
            ),
        ),
        (
            "Can I reserve the Focus?",
            "A car is reserved for 3 days against a deposit of 250 EUR, which is paid back if you do not buy.",
        ),
        (
            "How much deposit for the Kuga?",
            "A car is reserved for 3 days against a deposit of 250 EUR, which is paid back if you do not buy.",
        ),
        (
            "What is your phone number?",
            (
                "Harbour Street Motors, Hafenstrasse 41, 28217 Bremen. "
                "Phone 0421 555 0136, e-mail hello@harbour-street-motors.example."
            ),
        ),
        (
            "Do you have charging points?",
            "Our forecourt has 2 charging points, free for customers while they visit.",
        ),
    ],
)
def test_quotes_the_house_rules(question: str, text: str) -> None:
    assert reply_to(question).text == text


@pytest.mark.parametrize(
    ("question", "decision", "text"),
    [
        (
            "How much is the Zoe and do you deliver?",
            ANSWER,
            "The Renault Zoe costs 13,490 EUR. Delivery within 100 km is free. Beyond that it costs 1.20 EUR per km.",
        ),
        (
            "What colour is the Yaris and is it an automatic?",
            ANSWER,
            "The Toyota Yaris comes in Tokyo Red and has an automatic gearbox.",
        ),
        (
            "How much is the Mini and does it have heated seats?",
            HAND_OFF,
            "The Mini Cooper costs 19,990 EUR. A colleague needs to look at the rest of your message.",
        ),
        (
            "Does the Corolla have a tow bar, and how much is it?",
            HAND_OFF,
            "The Toyota Corolla costs 20,400 EUR. A colleague needs to look at the rest of your message.",
        ),
        (
            "How much is the Kuga? And can I book a test drive?",
            CLARIFY,
            "The Ford Kuga costs 28,750 EUR. On which day would you like to come for the test drive?",
        ),
    ],
)
def test_answers_two_questions_in_one(question: str, decision: Decision, text: str) -> None:
    draft = reply_to(question)

    assert (draft.decision, draft.text) == (decision, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much is the Octvia?", "The Skoda Octavia costs 17,800 EUR."),
        ("Is the Seat Leno availble?", "The Seat Leon is in stock."),
        ("whats the price of teh corola", "The Toyota Corolla costs 20,400 EUR."),
        ("how much kuga", "The Ford Kuga costs 28,750 EUR."),
    ],
)
def test_reads_over_slips_of_the_hand(question: str, text: str) -> None:
    assert reply_to(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Do you have any Teslas?", COLLEAGUE),
        ("Do you sell boats?", COLLEAGUE),
        ("Does the Golf have a sunroof?", COLLEAGUE),
        ("How many seats does the Kuga have?", COLLEAGUE),
        ("How far can the Zoe go on one charge?", COLLEAGUE),
        ("What would you give me for my Golf?", COLLEAGUE),
        ("Is there a cable with the Zoe?", COLLEAGUE),
        ("How much is the insurance for the Leon?", COLLEAGUE),
        ("How much is the Leon in dollars?", COLLEAGUE),
        ("I want to speak to a manager", COLLEAGUE),
        ("Can you do 25.000 € for the Kuga?", f"The Ford Kuga costs 28,750 EUR. {PRICE}"),
        ("Any discounts?", f"Thank you for your message. {PRICE}"),
        (
            "I bought a Golf from you last year and it broke down.",
            "I am sorry to read this. A colleague needs to look into it personally.",
        ),
    ],
)
def test_leaves_to_a_colleague_what_no_source_tells(question: str, text: str) -> None:
    draft = reply_to(question)

    assert (draft.decision, draft.text) == (HAND_OFF, text)
    assert draft.missing


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Hi there", "Hello! How can I help you?"),
        ("Thank you very much!", "Gladly. May we help with anything further?"),
        ("Thanks, that's all", "Thank you for getting in touch. We wish you a good day."),
    ],
)
def test_is_courteous_to_customers(question: str, text: str) -> None:
    assert reply_to(question).text == text


LEON = ("How much is the Leon?", "The Seat Leon costs 19,700 EUR.")
KUGA = ("I'd like to book a test drive with the Kuga.", "On which day would you like to come for the test drive?")
ANY_CAR = ("I'd like to book a test drive.", "Which car would you like to drive?")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ((*LEON, "And is it automatic?"), "The Seat Leon has an automatic gearbox."),
        ((*LEON, "And the Zoe?"), "The Renault Zoe costs 13,490 EUR and is in stock."),
        ((*LEON, "Can you go down to 18,000?"), f"The Seat Leon costs 19,700 EUR. {PRICE}"),
        (
            (*LEON, "Do you have anything cheaper?"),
            (
                "We have several, for example the Volkswagen Golf 1.5 TSI Life for 18,950 EUR, "
                "the Skoda Octavia for 17,800 EUR and the Ford Focus for 12,990 EUR."
            ),
        ),
        (
            ("Which Golfs do you have?", f"We have {GOLFS}.", "How much is the diesel?"),
            "The Volkswagen Golf 2.0 TDI Style costs 21,490 EUR.",
        ),
        ((*KUGA, "Saturday please"), "At what time would suit you?"),
        ((*KUGA, "Is the Kuga an automatic?"), "The Ford Kuga has an automatic gearbox."),
        (
            (*KUGA, "Saturday", "At what time would suit you?", "11 am"),
            "Please confirm: Ford Kuga, day: Saturday, time: 11 am. Do these details suit you?",
        ),
        ((*ANY_CAR, "The Mini"), "On which day would you like to come for the test drive?"),
        (
            (*ANY_CAR, "The Mini", KUGA[1], "Monday at 10"),
            "Please confirm: Mini Cooper, day: Monday, time: at 10. Do these details suit you?",
        ),
    ],
)
def test_goes_on_from_what_was_said(lines: tuple[str, ...], text: str) -> None:
    assert reply_to(*lines).text == text


def test_calls_none_the_cheapest_where_there_are_more_than_it_sees() -> None:
    some = draft_reply([a_turn("What is your cheapest car?")], FACTS, now=NOW, is_whole=False)
    named = draft_reply([a_turn("How much is the Octvia?")], FACTS, now=NOW, is_whole=False)

    assert (some.decision, some.text) == (HAND_OFF, COLLEAGUE)
    assert named.text == "The Skoda Octavia costs 17,800 EUR."


@pytest.mark.parametrize(
    "piece", ["? ", ", and ", "how much is the golf and ", "under 1.000.000.", "my ", "can you do "]
)
def test_bounds_what_a_long_message_costs(piece: str) -> None:
    started = process_time()

    assert reply_to(piece * (20_000 // len(piece))).text

    assert process_time() - started < 5
