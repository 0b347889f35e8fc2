"""True replies made false: what is changed, and what is no case."""

from datetime import UTC, datetime
from random import Random

import pytest

from application.assistance.evaluation.altering import Case, Reply, Skip, Source, Stated, changes, kind_of, take
from application.assistance.evaluation.renderings import ValueKind, find, write
from application.assistance.evaluation.verifying import measure
from domain.assistance.facts import Fact, FactKind
from tests.support.verifier_worlds import a_source, talk

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)


def a_van(number: int, name: str, place: str, price: str) -> Fact:
    fields = {"van_name": name, "pickup_place": place, "pickup_date": "2026-05-20", "total_price": price}
    return Fact(
        source_id=a_source(number), version=1, kind=FactKind.INVENTORY, title=name, entity=name, service="vans",
        fields=fields, known_since=1, batch=1,
    )  # fmt: skip


VANS = (a_van(1, "Kestrel", "Mill Gate", "80"), a_van(2, "Heron", "Mill Gate", "95"))


def a_reply(text: str, *stated: tuple[str, str, str], facts: tuple[Fact, ...] = VANS) -> Reply:
    return Reply(
        key="one/1",
        text=text,
        turns=talk("C: I need a van on May 20th."),
        facts=facts,
        stated=tuple(Stated(act=act, slot=slot, value=value) for act, slot, value in stated),
    )


def made(reply: Reply, source: Source) -> list[Case | tuple[Skip, Stated]]:
    return list(changes(reply, source, NOW, Random(1)))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (ValueKind.PRICE, "2750", "It is $2,750."),
        (ValueKind.PRICE, "27", "It is 27 dollars."),
        (ValueKind.NAME, "Heron", "the heron is here"),
        (ValueKind.NUMBER, "6", "I have 6 vans."),
        (ValueKind.NUMBER, "6", "I have six vans."),
        (ValueKind.NUMBER, "4.50", "It is rated 4.5 here."),
        (ValueKind.DATE, "2026-05-20", "on May 20th"),
        (ValueKind.DATE, "2026-05-20", "on the 20th of May"),
        (ValueKind.DATE, "2026-05-13", "tomorrow"),
        (ValueKind.DATE, "2026-05-15", "next Friday"),
        (ValueKind.TIME, "14:30", "at 2:30 pm"),
        (ValueKind.TIME, "14:00", "at 2 PM"),
        (ValueKind.TIME, "14:00", "at 14:00"),
        (ValueKind.TIME, "12:00", "at noon"),
        (ValueKind.TIME, "14:30", "at half past two in the afternoon"),
    ],
)
def test_finds_a_value_as_people_write_it(kind: ValueKind, value: str, text: str) -> None:
    assert find(kind, value, text, NOW.date()) is not None


@pytest.mark.parametrize(
    ("kind", "value", "other", "text", "changed"),
    [
        (ValueKind.PRICE, "2750", "3100", "It is $2,750.", "It is $3,100."),
        (ValueKind.PRICE, "27", "27.5", "It is $27.", "It is $27.50."),
        (ValueKind.NAME, "Heron", "Kestrel", "the heron is here", "the kestrel is here"),
        (ValueKind.NUMBER, "6", "7", "I have six vans.", "I have seven vans."),
        (ValueKind.DATE, "2026-05-20", "2026-05-23", "on May 20th", "on May 23rd"),
        (ValueKind.DATE, "2026-05-20", "2026-05-23", "on the 20th of may", "on the 23rd of may"),
        (ValueKind.DATE, "2026-05-13", "2026-05-14", "tomorrow", "the day after tomorrow"),
        (ValueKind.DATE, "2026-05-13", "2026-06-01", "tomorrow", "june 1st"),
        (ValueKind.DATE, "2026-05-15", "2026-05-18", "next Friday", "next Monday"),
        (ValueKind.TIME, "14:30", "09:15", "at 2:30 PM", "at 9:15 AM"),
        (ValueKind.TIME, "14:00", "09:00", "at 14:00", "at 09:00"),
    ],
)
def test_writes_the_other_value_in_the_same_manner(
    kind: ValueKind, value: str, other: str, text: str, changed: str
) -> None:
    place = find(kind, value, text, NOW.date())

    assert place is not None
    assert write(kind, other, place, text, NOW.date()) == changed


def test_leaves_a_value_that_stands_twice() -> None:
    assert find(ValueKind.PRICE, "27", "It is $27, yes, $27.", NOW.date()) is None


@pytest.mark.parametrize(
    ("slot", "value", "kind"),
    [
        ("total_price", "27", ValueKind.PRICE), ("count", "6", ValueKind.NUMBER), ("van_name", "Heron", ValueKind.NAME),
        ("pickup_place", "Mill Gate", ValueKind.PLACE), ("pickup_date", "2026-05-20", ValueKind.DATE),
        ("pickup_time", "14:00", ValueKind.TIME), ("has_wifi", "True", None), ("type", "Small", None),
    ],
)  # fmt: skip
def test_sorts_slots(slot: str, value: str, kind: ValueKind | None) -> None:
    assert kind_of(slot, value) is kind


def test_takes_the_value_of_a_sibling() -> None:
    reply = a_reply("It is $80 in total.", ("INFORM", "total_price", "80"))

    (case,) = made(reply, Source.SIBLING)

    assert isinstance(case, Case)
    assert case.text == "It is $95 in total."


def test_makes_no_case_of_an_offer_that_is_true_of_the_other_row() -> None:
    stated = (("OFFER", "van_name", "Kestrel"), ("OFFER", "pickup_place", "Mill Gate"))
    reply = a_reply("How about the Kestrel at Mill Gate?", *stated)

    assert [one[0] for one in made(reply, Source.SIBLING) if not isinstance(one, Case)] == [
        Skip.TRUE_OF_ANOTHER,
        Skip.NO_OTHER_VALUE,
    ]


def test_makes_no_case_of_a_part_of_the_same_name() -> None:
    facts = (a_van(1, "Kestrel", "Mill Gate", "80"), a_van(2, "Heron", "Mill Gate North", "95"))
    reply = a_reply("At Mill Gate, please?", ("CONFIRM", "pickup_place", "Mill Gate"), facts=facts)

    assert [one[0] for one in made(reply, Source.SIBLING) if not isinstance(one, Case)] == [Skip.SAME_READING]


def test_invents_a_value_of_the_same_kind() -> None:
    reply = a_reply("It is $80 in total.", ("INFORM", "total_price", "80"))

    (case,) = made(reply, Source.INVENTED)

    assert isinstance(case, Case)
    assert case.text != reply.text


def test_takes_of_each_kind_in_turn() -> None:
    price = a_reply("It is $80 in total.", ("INFORM", "total_price", "80"))
    name = a_reply("The Kestrel is it.", ("INFORM", "van_name", "Kestrel"))
    cases = [
        one for reply in (price, price, price, name) for one in made(reply, Source.INVENTED) if isinstance(one, Case)
    ]

    taken = take(cases, 2, Random(1))

    assert {case.kind for case in taken} == {ValueKind.PRICE, ValueKind.NAME}


def test_reports_refusals_by_class_and_what_was_caught() -> None:
    good = a_reply("The Kestrel is $80 in total.", ("INFORM", "total_price", "80"))
    bad = a_reply("The Kestrel is $81 in total.", ("INFORM", "total_price", "81"))

    report = measure([good, bad], now=NOW, seed=1, wanted=10)

    assert (report.replies, report.refused) == (2, 1)
    assert [(line.name, line.count) for line in report.classes] == [("unsupported money", 1)]
    assert report.refused_share == pytest.approx(0.5)
    assert report.caught_share() == pytest.approx(1.0)
    assert report.caught_share(Source.SIBLING) == pytest.approx(1.0)
