"""Corners: small writing, parts of names, later wishes, policies kept as fields, quoted prose."""

import pytest

from domain.assistance.drafts import Claim, Decision, Draft
from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import Verdict, verify, verify_text
from tests.support.verifier_worlds import NOW, a_row, a_source, a_text, talk


def judge(reply: str, *before: str, facts: tuple[Fact, ...] = ()) -> Verdict:
    return verify_text(reply, talk(*before), facts, now=NOW)


def a_looked_up(number: int, name: str, **fields: str) -> Fact:
    return Fact(
        source_id=a_source(number), version=1, kind=FactKind.INVENTORY, title=name, entity=name, service="rooms",
        fields={"room_name": name} | fields, known_since=1, batch=1,
    )  # fmt: skip


FERRY = a_row(1, "", "ferries", from_port="Arno", to_port="Bellis", departure_time="08:10")
POLICY_FIELDS = Fact(
    source_id=a_source(9),
    version=1,
    kind=FactKind.POLICY,
    title="Terms",
    fields={"deposit": "$200", "minimum_age": "21"},
)


@pytest.mark.parametrize(
    "reply",
    [
        "we meet at silver fern station",
        "it is on bramble hill street",
        "We meet at 12th Street.",
        "it is near a zorvax",
    ],
)
def test_catches_invented_places_written_small(reply: str) -> None:
    assert not judge(reply).passed


@pytest.mark.parametrize("reply", ["we meet at the bus station", "Is there a main street?", "it is at the airport"])
def test_lets_plain_places_be(reply: str) -> None:
    assert judge(reply).passed


def test_repeats_a_street_with_a_number() -> None:
    assert judge("You want to meet on 12th Street, right?", "C: Let us meet on 12th street.").passed


def test_completes_a_place_that_the_customer_shortened() -> None:
    assert judge("You want to start at ARN International Airport, right?", "C: From ARN, please.").passed
    assert not judge("You want to start at International Airport, right?", "C: From ARN, please.").passed


def test_repeats_the_customers_own_number_back_to_them() -> None:
    assert judge("Is 555 010 7788 your number?", "C: Call me at 555-010-7788.").passed
    assert judge("Is 5550107788 your number?", "C: Call me at 555-010-7788.").passed
    assert not judge("Is 555 010 7799 your number?", "C: Call me at 555-010-7788.").passed


def test_never_takes_a_percentage_or_a_link_from_the_customer() -> None:
    assert not judge("You want 20 percent, right?", "C: I want 20 percent.").passed
    assert not judge("You mean shop.example/x, right?", "C: See shop.example/x").passed


def test_follows_a_number_that_the_customer_changed() -> None:
    facts = (a_looked_up(1, "Fern Room", number_of_beds="2"),)
    before = ("C: A room, please.", "S: The Fern Room?", "C: Good, but with 3 beds.")

    assert judge("Please confirm: the Fern Room with 3 beds.", *before, facts=facts).passed
    assert not judge("Please confirm: the Fern Room with 2 beds.", *before, facts=facts).passed


def test_keeps_the_shorter_of_two_names_apart() -> None:
    facts = (a_looked_up(1, "Fern", wing="Garden"), a_looked_up(2, "Moss", wing="Garden North"))

    assert judge("The Moss is in the Garden North wing.", "C: Hi", facts=facts).passed
    assert not judge("The Moss is in the Garden wing.", "C: Hi", facts=facts).passed


def test_reads_a_way_that_only_one_field_could_mean() -> None:
    both = a_row(1, "", "ferries", from_port="Arno", to_port="Bellis", via_port="Cove", departure_time="08:10")

    assert judge("It goes from Arno.", "C: A ferry?", facts=(a_row(2, "", "ferries", port="Arno"),)).passed
    assert judge("It goes to Cove.", "C: A ferry?", facts=(both,)).passed
    assert not judge("It goes to Arno.", "C: A ferry?", facts=(both,)).passed
    assert judge("Do you pick up from Bellis?", "C: A ferry?", facts=(FERRY,)).passed


def test_has_no_opinion_on_an_end_that_a_row_does_not_know() -> None:
    facts = (a_looked_up(1, "Fern Room", check_in_date="2026-06-01"),)

    assert judge("You stay in the Fern Room until June 4th, right?", "C: Until June 4th.", facts=facts).passed
    assert not judge("You stay in the Fern Room until June 5th, right?", "C: Until June 4th.", facts=facts).passed


def test_takes_terms_from_a_policy_kept_as_fields() -> None:
    facts = (a_looked_up(1, "Fern Room", price="90"), POLICY_FIELDS)

    assert judge("The deposit is $200.", "C: Hi", facts=facts).passed
    assert judge("The minimum age is 21.", "C: Hi", facts=facts).passed
    assert not judge("The breakfast is $200.", "C: Hi", facts=facts).passed
    assert not judge("The deposit is $300.", "C: Hi", facts=facts).passed


def test_quotes_prose_word_for_word() -> None:
    facts = (a_looked_up(1, "Fern Room", wing="Garden"), a_text(2, "Art", "The Fern Room shows works of Ada Lind."))

    assert judge("The Fern Room shows works of Ada Lind.", "C: Hi", facts=facts).passed


def test_uses_a_lonely_span_without_rows() -> None:
    assert not judge("It opens on Monday to Sunday at 9 am.", facts=(a_text(1, "Hours", "Open daily."),)).passed


@pytest.mark.parametrize(
    ("reply", "passes"),
    [("Open on Thursday.", True), ("Open on Sunday.", False), ("Open from 9 am.", True), ("Open from 10 am.", False)],
)
def test_reads_the_days_between(reply: str, passes: bool) -> None:
    facts = (a_text(1, "Hours", "Open Monday to Saturday from 9 am."),)

    assert judge(reply, facts=facts).passed is passes


def test_lets_a_booking_be_proposed_but_not_promised() -> None:
    assert judge("I will book it once you confirm, is that right?").passed
    assert not judge("I will book it.").passed
    assert judge("We cannot promise that.").passed


def test_bears_out_a_promise_that_a_policy_makes() -> None:
    facts = (a_text(1, "Answers", "We will call you back within one working day."),)

    assert judge("We will call you back.", facts=facts).passed
    assert not judge("We will call you back tonight.", facts=facts).passed


def test_reports_a_finished_action_only_from_a_record_of_it() -> None:
    cancelled = a_row(1, "stay", "bookings", FactKind.RECORD, status="cancelled")
    booked = a_row(1, "stay", "bookings", FactKind.RECORD, status="open")

    assert judge("Your stay has been cancelled.", facts=(cancelled,)).passed
    assert not judge("Your stay has been cancelled.", facts=(booked,)).passed
    assert judge("I have reserved it.", facts=(booked,)).passed
    assert not judge("I have ordered it.", facts=(booked,)).passed


def test_reports_a_booking_from_what_a_service_just_answered() -> None:
    facts = (a_looked_up(1, "Fern Room", wing="Garden"),)

    assert judge("Your room has been booked.", "C: Book it.", facts=facts).passed
    assert not judge("Your room has been booked.", "C: One.", "S: Two.", "C: Book it.", facts=facts).passed


def test_checks_a_claim_on_a_phone_field() -> None:
    facts = (a_looked_up(1, "Fern Room", phone_number="+44 20 7946 0321"),)
    claim = Claim(text="020 7946 0321", source_id=a_source(1), field="phone_number", value="+44 20 7946 0321")
    draft = Draft(decision=Decision.ANSWER, text="Call 020 7946 0321.", reason="", claims=(claim,))

    assert verify(draft, talk("C: Hi"), facts, now=NOW).passed


def test_ignores_a_fact_without_content() -> None:
    empty = Fact(source_id=a_source(1), version=1, kind=FactKind.ARTICLE, title="", text="")

    assert judge("Hello!", facts=(empty,)).passed


def test_cannot_cut_two_things_that_nothing_parts() -> None:
    facts = (a_looked_up(1, "Fern Room", price="90"), a_looked_up(2, "Moss Room", price="70"))

    assert not judge("The Fern Room Moss Room is $90.", "C: Hi", facts=facts).passed


def test_accepts_a_claim_on_a_count() -> None:
    count = Fact(
        source_id=a_source(3), version=1, kind=FactKind.COUNT, title="count", service="rooms", fields={"count": "7"},
        known_since=1, batch=1,
    )  # fmt: skip
    claim = Claim(text="7", source_id=a_source(3), field="count", value="7")
    draft = Draft(decision=Decision.ANSWER, text="I found 7 rooms in Arno.", reason="", claims=(claim,))
    facts = (a_looked_up(1, "Fern Room", town="Arno"), count)

    assert verify(draft, talk("C: Rooms?"), facts, now=NOW).passed
    assert not judge("I found 7 rooms near Zorvax Hill.", "C: Rooms?", facts=facts).passed


def test_asks_about_a_day_of_another_topic() -> None:
    room = a_looked_up(1, "Fern Room", check_in_date="2026-06-01")
    car = Fact(
        source_id=a_source(2), version=1, kind=FactKind.INVENTORY, title="Kestrel", entity="Kestrel", service="vans",
        fields={"van_name": "Kestrel", "pickup_date": "2026-06-03"}, known_since=1, batch=2,
    )  # fmt: skip
    before = ("C: A van and a room.", "S: The Kestrel and the Fern Room?", "C: Yes.")

    assert judge("Do you check in on June 3rd?", *before, facts=(room, car)).passed
    assert judge("Do you check in on June 1st or June 3rd?", *before, facts=(room, car)).passed
    assert not judge("Do you check in on June 5th?", *before, facts=(room, car)).passed


def test_gives_up_on_a_list_with_too_many_ways_to_cut_it() -> None:
    facts = tuple(a_looked_up(number, f"Room {name}", price=f"{50 + number}") for number, name in enumerate("ABCDEFGH"))
    reply = " and, or ".join(f"the Room {name} is, and, but, or, yes, ${60}" for name in "ABCDEFGH")

    assert not judge(reply, "C: Hi", facts=facts).passed


def test_keeps_equal_words_of_two_fields_apart() -> None:
    facts = (a_looked_up(1, "Fern", wing="Garden North"), a_looked_up(2, "Moss", terrace="Garden"))

    assert judge("The Fern is in the Garden.", "C: Hi", facts=facts).passed


def test_gives_hours_that_hold_on_any_day() -> None:
    facts = (a_text(1, "Hours", "The bar opens at 9 am."),)

    assert judge("The bar opens on Friday at 9 am.", "C: Is it open on Friday?", facts=facts).passed


def test_makes_nothing_of_days_that_do_not_exist() -> None:
    facts = (a_text(1, "Fair", "The fair runs February 30 2026 to March 3 2026."),)

    assert judge("The fair runs to March 3.", facts=facts).passed
    assert not judge("The fair runs on March 1.", facts=facts).passed


def test_follows_only_the_number_that_was_changed() -> None:
    facts = (a_looked_up(1, "Fern Room", number_of_beds="2"),)
    before = ("C: A room, please.", "S: The Fern Room?", "C: Good, for 5 friends.")

    assert judge("Please confirm: the Fern Room with 2 beds.", *before, facts=facts).passed


def test_finds_names_in_long_descriptions() -> None:
    text = (
        "A quiet room above the yard with old beams, a writing desk made by Ola Brandt, and windows to the east side."
    )
    facts = (a_looked_up(1, "Fern Room", description=text),)

    assert judge("The Fern Room has a desk made by Ola Brandt.", "C: Hi", facts=facts).passed
    assert not judge("The Fern Room has a desk made by Ola Lund.", "C: Hi", facts=facts).passed


def test_reads_a_bare_figure_as_the_answer_to_the_question() -> None:
    facts = (a_looked_up(1, "Fern Room", rating="4.4", floor="3"),)
    before = ("C: The Fern Room, please.", "S: The Fern Room, fine.", "C: What is its rating?")

    assert judge("4.4", *before, facts=facts).passed
    assert not judge("3", *before, facts=facts).passed
    assert not judge("It is 3.", *before, facts=facts).passed
