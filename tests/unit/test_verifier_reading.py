"""Spans: what a stretch of text states, whatever its spelling."""

from datetime import date
from decimal import Decimal

import pytest

from domain.assistance.verifier import normalise
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.spans import typed
from domain.assistance.verifier.verdict import SpanKind

TODAY = date(2026, 5, 12)
"""A Tuesday."""


def only(text: str, kind: SpanKind) -> frozenset[object]:
    found = [span for span in typed(normalise.fold(text).text, TODAY) if span.kind is kind]
    assert len(found) == 1, (text, found)
    return frozenset(found[0].readings)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 2026-06-03", {date(2026, 6, 3)}),
        ("on 06/03/2026", {date(2026, 6, 3), date(2026, 3, 6)}),
        ("on 3.6.2026", {date(2026, 6, 3), date(2026, 3, 6)}),
        ("on 3.6.26", {date(2026, 6, 3), date(2026, 3, 6)}),
        ("on June 3rd, 2026", {date(2026, 6, 3)}),
        ("on the 3rd of June 2026", {date(2026, 6, 3)}),
        ("on june third 2026", {date(2026, 6, 3)}),
        ("on Wednesday, June 3", {date(2026, 6, 3)}),
        ("on Monday, June 3 2026", set()),
        ("on February 30th 2026", set()),
        ("today", {TODAY}),
        ("tonight", {TODAY}),
        ("tomorrow", {date(2026, 5, 13)}),
        ("the day after tomorrow", {date(2026, 5, 14)}),
        ("yesterday", {date(2026, 5, 11)}),
        ("the day before yesterday", {date(2026, 5, 10)}),
        ("in 3 days", {date(2026, 5, 15)}),
        ("in a week", {date(2026, 5, 19)}),
        ("in two weeks", {date(2026, 5, 26)}),
        ("a week from tomorrow", {date(2026, 5, 20)}),
        ("a week from friday", {date(2026, 5, 22)}),
        ("on Friday", {date(2026, 5, 15)}),
        ("on Tuesday", {TODAY, date(2026, 5, 19)}),
        ("next Friday", {date(2026, 5, 15), date(2026, 5, 22)}),
        ("last Friday", {date(2026, 5, 8)}),
        ("Friday next week", {date(2026, 5, 22)}),
        ("on the 28th", {date(2026, 5, 28)}),
        ("on the 3rd", {date(2026, 5, 3), date(2026, 6, 3)}),
        ("on the third.", {date(2026, 5, 3), date(2026, 6, 3)}),
        ("on the 7th of this month", {date(2026, 5, 7), date(2026, 6, 7)}),
    ],
)
def test_reads_a_date(text: str, days: set[date]) -> None:
    assert only(text, SpanKind.DATE) == frozenset(days)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("this week", date(2026, 5, 15), date(2026, 5, 18)),
        ("next week", date(2026, 5, 18), date(2026, 5, 15)),
        ("last week", date(2026, 5, 5), date(2026, 5, 12)),
        ("this weekend", date(2026, 5, 16), date(2026, 5, 14)),
        ("this month", date(2026, 5, 31), date(2026, 6, 1)),
        ("next month", date(2026, 6, 1), date(2026, 5, 31)),
        ("at the end of the month", date(2026, 5, 30), date(2026, 5, 12)),
        ("in June 2026", date(2026, 6, 30), date(2026, 7, 1)),
        ("in june", date(2026, 6, 1), date(2026, 5, 1)),
        ("5/6", date(2026, 6, 5), date(2026, 6, 7)),
    ],
)
def test_reads_a_stretch_of_days(text: str, inside: date, outside: date) -> None:
    days = only(text, SpanKind.DATE)

    assert inside in days
    assert outside not in days


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("at 14:30", {870}),
        ("at 2:30 pm", {870}),
        ("at 2.30 p.m.", {870}),
        ("at 2:30", {150, 870}),
        ("at 02:30", {150}),
        ("at 2 pm", {840}),
        ("at 2pm", {840}),
        ("at 12 am", {0}),
        ("at 12 pm", {720}),
        ("at noon", {720}),
        ("at midnight", {0}),
        ("half past two in the afternoon", {870}),
        ("half past 12 in the afternoon", {750}),
        ("a quarter to five in the evening", {1005}),
        ("quarter past nine", {555, 1275}),
        ("ten to noon", {710}),
        ("at ten o'clock in the morning", {600}),
        ("at 10 o'clock", {600, 1320}),
        ("three thirty pm", {930}),
        ("around morning 11", {660}),
        ("in the afternoon 3:15", {915}),
        ("1430 hours", {870}),
        ("at 9 at night", {1260}),
        ("at 12 at night", {0}),
        ("at 5 on Monday", {300, 1020}),
        ("at 18h30", {1110}),
        ("at 00:15", {15}),
    ],
)
def test_reads_a_time(text: str, minutes: set[int]) -> None:
    assert only(text, SpanKind.TIME) == frozenset(minutes)


@pytest.mark.parametrize("text", ["at 25:10", "at 14 am", "the 4.30 rating", "24/7"])
def test_takes_no_time_from_what_is_none(text: str) -> None:
    assert not [span for span in typed(text, TODAY) if span.kind is SpanKind.TIME]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$27", "27", "USD"),
        ("27 dollars", "27", "USD"),
        ("27 bucks", "27", "USD"),
        ("USD 27.50", "27.50", "USD"),
        ("$2,750", "2750", "USD"),
        ("CA$2,750", "2750", "CAD"),
        ("twenty-seven dollars", "27", "USD"),
        ("twenty seven dollars and 50 cents", "27.5", "USD"),
        ("two hundred and five euros", "205", "EUR"),
        ("27,50 €", "27.50", "EUR"),
        ("$18k", "18000", "USD"),
        ("$1.2 million", "1200000", "USD"),
        ("99 cents", "0.99", "USD"),
        ("£5", "5", "GBP"),
        ("a hundred dollars", "100", "USD"),
    ],
)
def test_reads_a_sum(text: str, value: str, currency: str) -> None:
    assert Amount(Decimal(value), currency) in only(text, SpanKind.MONEY)


@pytest.mark.parametrize(
    ("text", "value"),
    [("31,200 miles", "31200"), ("two beds", "2"), ("a dozen eggs", "12"), ("4.10 stars", "4.1"), ("5-star", "5"),
     ("one hundred twenty rooms", "120"), ("one room", "1"), ("three thousand songs", "3000")],
)  # fmt: skip
def test_reads_a_number(text: str, value: str) -> None:
    assert Decimal(value) in only(text, SpanKind.NUMBER)


@pytest.mark.parametrize("text", ["this one is nice", "open 24/7", "one of our rooms", "a one-way trip"])
def test_takes_no_number_from_an_idiom(text: str) -> None:
    assert not [span for span in typed(text, TODAY) if span.kind is SpanKind.NUMBER]


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("write to Ana@Mail.Example.", SpanKind.EMAIL, "ana@mail.example"),
        ("write to ana [at] mail [dot] example", SpanKind.EMAIL, "ana@mail.example"),
        ("see https://www.shop.example/a/", SpanKind.URL, "shop.example/a"),
        ("see shop dot com", SpanKind.URL, "shop.com"),
        ("call +1 (555) 010-4477", SpanKind.PHONE, "15550104477"),
        ("call 01 49 54 01 55", SpanKind.PHONE, "0149540155"),
        ("plate 7KTR201", SpanKind.CODE, "7ktr201"),
        ("vin JTDEPMAE1MJ123456", SpanKind.CODE, "jtdepmae1mj123456"),
        ("order 123456789", SpanKind.CODE, "123456789"),
        ("a 10% share", SpanKind.PERCENT, "10"),
        ("ten percent", SpanKind.PERCENT, "10"),
    ],
)
def test_reads_an_address_or_code(text: str, kind: SpanKind, form: str) -> None:
    readings = only(text, kind)

    assert {str(one) for one in readings} == {form}


def test_takes_no_host_name_from_a_missing_blank() -> None:
    assert not [span for span in typed("It is reserved.In total", TODAY) if span.kind is SpanKind.URL]


def test_reads_digits_of_other_scripts() -> None:
    assert only("$\u0662\u0667", SpanKind.MONEY) == frozenset({Amount(Decimal(27), "USD")})


def test_keeps_the_place_of_folded_characters() -> None:
    folded = normalise.fold("caf\u00e9 \u2460 \ufb01t")

    assert folded.text == "cafe 1 fit"
    assert folded.original(7, 10) == (7, 9)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("plain", False), ("na\u00efve caf\u00e9", False), ("\U0001f468\u200d\U0001f469 hello", False),
        ("2\u200b7", True), ("C\u043erolla", True), ("\u0421\u043e\u0440\u0430", True), ("2\u2077", True),
        ("2\u03357", True), ("1\u0662", True), ("\u043f\u0440\u0438\u0432\u0435\u0442", False),
    ],
)  # fmt: skip
def test_sees_disguises(text: str, hidden: bool) -> None:
    assert bool(normalise.disguises(text)) is hidden
