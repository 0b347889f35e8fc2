"""What a newcomer sees: the drafts for the demo dealership, each one passed by the judge."""

from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

import pytest

from application.assistance.judging import judge
from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.shared.ids import SourceId
from entrypoints.demo.seeding import DemoConversation, DemoSource, read_demo

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday."""
DEMO = read_demo()
ANSWER, CLARIFY, HAND_OFF = Decision.ANSWER, Decision.CLARIFY, Decision.HAND_OFF
COLLEAGUE = "Thank you for your message. A colleague needs to look at this."
PRICE = "Whether there is room in the price is for a colleague to decide."
GOLFS = "the Volkswagen Golf 1.5 TSI Life for 18,950 EUR and the Volkswagen Golf 2.0 TDI Style for 21,490 EUR"
WEEKDAYS = "Showroom: Monday to Friday 09:00 to 18:30. Workshop: Monday to Friday 07:30 to 17:00."


def _fact(source: DemoSource) -> Fact:
    return Fact(
        source_id=SourceId(uuid5(NAMESPACE_OID, source.external_id)),
        version=1,
        kind=FactKind(source.kind.value),
        title=source.title,
        entity=source.entity,
        service=source.service,
        fields=source.fields,
        text=source.text,
    )


FACTS = [_fact(source) for source in DEMO.sources]


def _drafted(turns: list[Turn]) -> Draft:
    draft = draft_reply(turns, FACTS, now=NOW)
    assert judge(draft, turns, FACTS, now=NOW).objections == ()
    assert draft == draft_reply(turns, FACTS, now=NOW)
    return draft


def _reply_to(*lines: str) -> Draft:
    speakers = (Speaker.CUSTOMER, Speaker.STAFF)
    return _drafted([Turn(sequence=i + 1, speaker=speakers[i % 2], text=text) for i, text in enumerate(lines)])


def _turns(conversation: DemoConversation) -> list[Turn]:
    return [
        Turn(sequence=i, speaker=Speaker(message.author.value), text=message.text)
        for i, message in enumerate(conversation.messages, 1)
    ]


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

    draft = _drafted(_turns(conversation))

    assert (draft.decision, draft.text) == (decision, text)


def test_knows_every_conversation_of_the_demo() -> None:
    assert {one.external_id for one in DEMO.conversations} == {f"demo:{number}" for number in range(1, 10)}


def test_binds_each_fact_to_the_row_it_is_about() -> None:
    draft = _drafted(_turns(DEMO.conversations[4]))
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
        ("How much is the black Golf?", "The Volkswagen Golf 1.5 TSI Life costs 18,950 EUR."),
        ("Is the Golf 1.5 TSI still there?", "The Volkswagen Golf 1.5 TSI Life is in stock."),
        ("Can I test drive the BMW?", "Unfortunately, the BMW 320d is sold."),
    ],
)
def test_answers_from_the_row_that_is_named(question: str, text: str) -> None:
    assert _reply_to(question).text == text


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
    assert _reply_to(question).text == text


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
    assert _reply_to(question).text == text


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
            "How much is the Kuga? And can I book a test drive?",
            CLARIFY,
            "The Ford Kuga costs 28,750 EUR. On which day would you like to come for the test drive?",
        ),
    ],
)
def test_answers_two_questions_in_one(question: str, decision: Decision, text: str) -> None:
    draft = _reply_to(question)

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
    assert _reply_to(question).text == text


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
    draft = _reply_to(question)

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
    assert _reply_to(question).text == text


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
    assert _reply_to(*lines).text == text
