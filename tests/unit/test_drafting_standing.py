"""The drafter on facts that stand: a dealership's inventory and policies, and ordinary talk."""

import pytest

from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Decision
from domain.assistance.facts import FactKind, Speaker, Turn
from tests.support.drafting import NOW, TEST_DRIVE, a_checklist, a_policy, a_row, drafted

FIAT = {"price": "€8,900", "fuel": "petrol", "gearbox": "manual", "status": "available", "body": "small"}
GOLF = a_row("VW Golf", fields=FIAT | {"price": "€18,900"})
PANDA = a_row("Fiat Panda", fields=FIAT | {"status": "reserved"})
FIAT_500 = a_row("Fiat Cinquecento", fields=FIAT | {"fuel": "electric", "gearbox": "automatic"})
HOURS = a_policy("Opening hours", "We open at nine. The shop closes at six. On Sunday we rest.")
PLACE = a_policy("Address", town="Ghent", street="Kouter")
WISHES = a_checklist(
    {
        "topic": "finding a car",
        "services": ["stock"],
        "about": ["looking for a car"],
        "tell": ["price"],
        "slots": [
            {"name": "fuel", "type": "choice", "ask": "Which fuel?", "choices": {"petrol": ["gas"], "electric": []}},
            {"name": "doors", "type": "number", "ask": "How many doors?", "cues": ["door*"], "required": False},
        ],
    }
)
HOUSE = [GOLF, PANDA, FIAT_500, HOURS, PLACE, a_checklist(TEST_DRIVE), WISHES]


def test_answers_the_price_of_what_is_named() -> None:
    draft = drafted(HOUSE, "How much is the Golf?")

    assert draft.text == "The VW Golf costs €18,900."
    assert {claim.source_id for claim in draft.claims} == {GOLF.source_id}
    assert [claim.field for claim in draft.claims] == ["title", "price"]


def test_answers_on_what_was_spoken_of() -> None:
    draft = drafted(HOUSE, "How much is the Golf?", "The VW Golf is €18,900.", "Is it still available?")

    assert draft.text == "The VW Golf is available."


def test_names_all_of_a_few() -> None:
    draft = drafted(HOUSE, "How much is the Fiat?")

    assert draft.text == "We have the Fiat Panda for €8,900 (reserved) and the Fiat Cinquecento for €8,900."
    assert draft.reason == "answers from Fiat Panda, Fiat Cinquecento"


def test_offers_the_other_one() -> None:
    draft = drafted([PANDA, GOLF], "How much is the Panda?", "The Fiat Panda is €8,900.", "And the other one?")

    assert draft.text == "We have the VW Golf for €18,900."


def test_tells_about_what_is_named_without_a_question() -> None:
    assert drafted(HOUSE, "The Golf looks nice").text == "The VW Golf costs €18,900 and is available."


def test_finds_a_row_by_what_it_is_like() -> None:
    draft = drafted(HOUSE, "Do you have an automatic?")

    assert draft.text == "The Fiat Cinquecento costs €8,900, has an automatic gearbox and is available."


def test_answers_without_a_name() -> None:
    room = a_row("", service="rooms", fields={"view": "garden", "price": "80"})

    draft = drafted([room], "What is the price of one with garden view?")

    assert draft.text == "This one costs 80. The view is garden."


def test_hands_off_what_no_row_tells() -> None:
    draft = drafted(HOUSE, "How much is the Golf?", "The VW Golf is €18,900.", "Does it have a sunroof?")

    assert draft.decision is Decision.HAND_OFF
    assert draft.claims == ()
    assert draft.missing


def test_quotes_the_policy_that_is_asked_for() -> None:
    draft = drafted(HOUSE, "When do you open and close?")

    assert draft.text == "We open at nine. The shop closes at six."
    assert all(claim.field == "text" and claim.source_id == HOURS.source_id for claim in draft.claims)


def test_quotes_the_first_sentence_when_only_the_title_fits() -> None:
    assert drafted([a_policy("Warranty", "One year on all.")], "Is there a guarantee?").text == "One year on all."


def test_states_the_fields_of_a_policy_without_text() -> None:
    assert drafted(HOUSE, "Where are you located?").text == "The town is Ghent and the street is Kouter."


@pytest.mark.parametrize("question", ["Where?", "Do you sell boats?", "Unicorns!"])
def test_hands_off_what_no_source_answers(question: str) -> None:
    assert drafted(HOUSE, question).decision is Decision.HAND_OFF


@pytest.mark.parametrize("wish", ["Give me a discount on the Golf", "I want to talk to a person", "I complain!"])
def test_leaves_to_people_what_people_decide(wish: str) -> None:
    assert drafted(HOUSE, wish).decision is Decision.HAND_OFF


def test_asks_for_a_wish_then_offers_what_fits() -> None:
    asked = drafted(HOUSE, "I am looking for a car")
    offered = drafted(HOUSE, "I am looking for a car", "Which fuel?", "gas I think")

    assert asked.text == "Which fuel?"
    assert offered.text == "We have the VW Golf for €18,900 and the Fiat Panda for €8,900 (reserved)."


def test_takes_any_for_an_answer() -> None:
    draft = drafted(HOUSE, "I am looking for a car", "Which fuel?", "I don't mind")

    assert draft.reason == "answers from VW Golf, Fiat Panda, Fiat Cinquecento"


def test_asks_for_the_day_of_a_test_drive() -> None:
    draft = drafted(HOUSE, "The Golf looks nice", "It is!", "Can I have a test drive in the Golf?")

    assert [question.slot for question in draft.questions] == ["date"]


def test_has_a_test_drive_confirmed() -> None:
    lines = (
        "Golf?",
        "The VW Golf is here.",
        "A test drive",
        "On which day?",
        "On Monday",
        "At what time would suit you?",
        "at 11",
    )

    draft = drafted(HOUSE, *lines)

    assert draft.text == "Please confirm: VW Golf, day: Monday, time: at 11. Do these details suit you?"


@pytest.mark.parametrize(
    ("lines", "start"),
    [
        (["Hello!"], "Hello!"),
        (["Thank you"], "Gladly."),
        (["That is all, goodbye"], "Thank you for getting in touch."),
        (["Fine", "Anything else we can do here?", "No"], "Thank you for getting in touch."),
    ],
)
def test_is_courteous(lines: list[str], start: str) -> None:
    draft = drafted(HOUSE, *lines)

    assert draft.decision is Decision.ANSWER
    assert draft.text.startswith(start)


def test_does_not_take_leave_over_an_open_question() -> None:
    assert "opens" in drafted([a_policy("Hours", "The shop opens at nine.")], "That's all, but when do you open?").text


@pytest.mark.parametrize("speaker", [Speaker.STAFF, Speaker.ASSISTANT])
def test_drafts_nothing_after_a_reply(speaker: Speaker) -> None:
    turns = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="Hi"), Turn(sequence=2, speaker=speaker, text="Hello")]

    assert draft_reply(turns, HOUSE, now=NOW).decision is Decision.NO_DRAFT
    assert draft_reply([], HOUSE, now=NOW).decision is Decision.NO_DRAFT


def test_writes_a_date_that_is_none_as_it_is() -> None:
    row = a_row("Kuga", fields={"built_date": "2024-13-77", "price": "5"})

    assert drafted([row], "What date was the Kuga built?").text == "The built date of the Kuga is 2024-13-77."


def test_knows_an_order_on_file() -> None:
    order = a_row("Order 1001", kind=FactKind.RECORD, fields={"status": "shipped"})

    assert drafted([order], "What is the status of Order 1001?").text == "Order 1001 is shipped."


def test_calls_a_row_by_its_title_when_it_has_no_name() -> None:
    row = a_row("", title="Winter tyres", fields={"price": "320"})

    assert drafted([row], "How much are the winter tyres?").text == "The Winter tyres cost 320."


def test_claims_a_name_that_is_neither_title_nor_field() -> None:
    row = a_row("Polo", title="VW Polo 1.0", fields={"price": "320"})

    assert [claim.field for claim in drafted([row], "How much is the Polo?").claims] == ["entity", "price"]
