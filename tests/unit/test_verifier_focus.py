"""Which row a sentence is about: named in it, named before it, looked up last, or chosen by the customer."""

from datetime import UTC, datetime

from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import FindingKind, Verdict, verify_text
from tests.support.verifier_worlds import a_source, talk

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)


def a_van(number: int, name: str, batch: int = 1, since: int = 1, **fields: str) -> Fact:
    kept = {
        "van_name": name, "size": "Small", "pickup_place": "Mill Gate", "pickup_date": "2026-05-20",
        "dropoff_date": "2026-05-22", "pickup_time": "10:30", "total_price": "80",
    } | fields  # fmt: skip
    return Fact(
        source_id=a_source(number), version=1, kind=FactKind.INVENTORY, title=name, entity=name, service="vans",
        fields=kept, known_since=since, batch=batch,
    )  # fmt: skip


def a_ferry(number: int, leaves: str, fare: str, since: int = 1) -> Fact:
    return Fact(
        source_id=a_source(number), version=1, kind=FactKind.INVENTORY, title="ferries", service="ferries",
        fields={"from_port": "Arno", "to_port": "Bellis", "departure_time": leaves, "fare": fare},
        known_since=since, batch=1,
    )  # fmt: skip


def a_count(number: int, count: str, batch: int = 1, service: str = "vans") -> Fact:
    return Fact(
        source_id=a_source(number), version=1, kind=FactKind.COUNT, title="count", service=service,
        fields={"count": count}, known_since=1, batch=batch,
    )  # fmt: skip


VANS = (a_van(1, "Kestrel"), a_van(2, "Heron", pickup_place="Dock Road", total_price="95"), a_count(3, "2"))
FERRIES = (a_ferry(11, "08:10", "12"), a_ferry(12, "09:40", "18"))
OFFERED = ("C: I need a van on May 20th.", "S: I found 2 vans, for instance the small Kestrel at Mill Gate.")


def judge(reply: str, *before: str, facts: tuple[Fact, ...] = VANS) -> Verdict:
    return verify_text(reply, talk(*before), facts, now=NOW)


def test_binds_a_price_to_the_row_offered_last() -> None:
    before = (*OFFERED, "C: How much is it?")

    assert judge("It is $80 in total.", *before).passed
    assert not judge("It is $95 in total.", *before).passed


def test_follows_the_customer_to_another_row() -> None:
    before = (*OFFERED, "C: How much is the Heron?")

    assert judge("It is $95 in total.", *before).passed
    assert not judge("It is $80 in total.", *before).passed


def test_lets_another_row_be_offered() -> None:
    before = (*OFFERED, "C: What else do you have?")

    assert judge("There is also the small Heron at Dock Road.", *before).passed
    assert not judge("There is also the small Heron at Mill Gate.", *before).passed


def test_keeps_a_confirmation_to_the_row_chosen() -> None:
    before = (*OFFERED, "C: Good, I take that one.")

    assert judge("Please confirm: a small van at Mill Gate on May 20th at 10:30 am.", *before).passed
    assert not judge("Please confirm: a small van at Dock Road on May 20th at 10:30 am.", *before).passed
    assert not judge("Please confirm: the Heron on May 20th.", *before).passed


def test_takes_a_day_from_the_right_end() -> None:
    before = (*OFFERED, "C: Good, I take that one.")

    assert judge("You pick it up on May 20th and return it on May 22nd, right?", *before).passed
    assert not judge("You pick it up on May 22nd and return it on May 20th, right?", *before).passed
    assert judge("Confirm a May 20th pick-up and a May 22nd drop-off.", *before).passed


def test_takes_the_customers_later_word_on_days() -> None:
    before = (*OFFERED, "C: I take it, but I return it on May 23rd.")

    assert judge("You want it from May 20th until May 23rd, right?", *before).passed
    assert not judge("You want it from May 20th until May 22nd, right?", *before).passed


def test_forgets_an_older_look_up() -> None:
    facts = (*VANS, a_van(4, "Kestrel", batch=2, since=3, total_price="120", dropoff_date="2026-05-25"))
    before = (*OFFERED, "C: And until May 25th?")

    assert judge("The Kestrel is $120 in total.", *before, facts=facts).passed
    assert not judge("The Kestrel is $80 in total.", *before, facts=facts).passed
    assert not judge("The Heron is $95 in total.", *before, facts=facts).passed


def test_counts_only_by_the_newest_count() -> None:
    facts = (*VANS, a_van(4, "Kestrel", batch=2, since=3), a_count(5, "7", batch=2))
    before = (*OFFERED, "C: And until May 25th?")

    assert judge("There are 7 vans.", *before, facts=facts).passed
    assert not judge("There are 2 vans.", *before, facts=facts).passed


def test_lets_one_thing_be_offered_without_a_count() -> None:
    facts = VANS[:2]

    assert judge("I have 1 van for you, the Kestrel.", OFFERED[0], facts=facts).passed
    assert not judge("I have 1 van for you, the Kestrel.", OFFERED[0]).passed


def test_tells_days_of_a_hire_from_its_dates() -> None:
    assert judge("The Kestrel is yours for 2 days.", OFFERED[0]).passed
    assert not judge("The Kestrel is yours for 4 days.", OFFERED[0]).passed


def test_offers_nameless_rows_one_after_the_other() -> None:
    first = ("C: A ferry to Bellis?", "S: There is one from Arno to Bellis at 8:10 am for $12.")

    assert judge("There is another at 9:40 am for $18.", *first, "C: Any other?", facts=FERRIES).passed
    assert not judge("There is another at 9:40 am for $12.", *first, "C: Any other?", facts=FERRIES).passed
    assert judge("It leaves at 8:10 am.", *first, "C: When does it leave?", facts=FERRIES).passed
    assert not judge("It leaves at 9:40 am.", *first, "C: When does it leave?", facts=FERRIES).passed


def test_keeps_ways_apart() -> None:
    assert judge("The ferry from Arno to Bellis leaves at 8:10 am.", "C: A ferry?", facts=FERRIES).passed
    assert not judge("The ferry from Bellis to Arno leaves at 8:10 am.", "C: A ferry?", facts=FERRIES).passed


def test_keeps_two_topics_apart() -> None:
    facts = (*VANS, *FERRIES)
    before = (*OFFERED, "C: And the ferry at 8:10?", "S: The ferry at 8:10 am is $12.", "C: Fine. What is the van?")

    assert judge("The Kestrel is $80 in total.", *before, facts=facts).passed
    assert not judge("The Kestrel is $12 in total.", *before, facts=facts).passed


def test_repeats_what_the_customer_agreed_to() -> None:
    before = ("C: I need a table.", "S: Would you like to come on May 30th?", "C: Yes, that is right.")
    refused = ("C: I need a table.", "S: Would you like to come on May 30th?", "C: No, rather later.")

    assert judge("You would like to come on May 30th, right?", *before, facts=()).passed
    assert not judge("You would like to come on May 30th, right?", *refused, facts=()).passed


def test_repeats_a_number_only_with_its_thing() -> None:
    before = ("C: We are 4 people and need 2 tables.",)

    assert judge("You are 4 people and need 2 tables, correct?", *before, facts=()).passed
    assert not judge("You are 2 people and need 4 tables, correct?", *before, facts=()).passed


def test_answers_a_number_that_was_asked_for() -> None:
    before = ("C: A table, please.", "S: For how many people?", "C: 6")

    assert judge("So you are 6 people, right?", *before, facts=()).passed
    assert not judge("So you are 7 people, right?", *before, facts=()).passed


def test_asks_about_any_day_that_was_spoken_of() -> None:
    before = (*OFFERED, "C: I take it. And a ferry, please.")

    assert judge("Would you like to leave on May 20th or May 22nd?", *before).passed
    assert not judge("Would you like to leave on May 28th?", *before).passed


def test_tells_a_value_of_another_row_from_one_of_none() -> None:
    before = (*OFFERED, "C: How much is it?")

    assert judge("It is $95.", *before).findings[0].kind is FindingKind.CROSS_ROW
    assert judge("It is $81.", *before).findings[0].kind is FindingKind.UNSUPPORTED


def test_says_what_each_span_rests_on() -> None:
    verdict = judge("You asked for May 20th: the Kestrel is $80.", *OFFERED)

    kinds = {(one.text, one.field, one.source_id) for one in verdict.evidence}
    assert ("$80", "total_price", a_source(1)) in kinds
    assert ("Kestrel", "van_name", a_source(1)) in kinds
