"""Typed spans: every stretch of a text that states a date, a time, a sum, a number or an address."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.assistance.verifier import codes, dates, money, numbers, times
from domain.assistance.verifier.taken import Taken
from domain.assistance.verifier.verdict import SpanKind

_NO_HOST: Final = re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z]*\s)")
_PERCENT: Final = re.compile(
    rf"{numbers.ALONE}(?P<number>{numbers.DIGITS}|{numbers.WORDS})\s?(?:%|percents?\b|per\scent\b|pct\b)"
)
_NUMBER: Final = re.compile(rf"(?<![a-z\d])(?P<number>{numbers.DIGITS}{numbers.SCALE}|\b{numbers.WORDS})")
_ONE: Final = re.compile(r"one\b")
_ONE_LENGTH: Final = re.compile(
    r"\b(?:within|up to|no more than|less than|under)\s(?P<one>an?)\s(?=hour|day|week|month|year)"
)
_IDIOM: Final = re.compile(
    r"\b24/7\b|\b(?:one|two|1|2) of (?:the|our|my|your|a kind)\b|\bone(?:-| )(?:way|time)\b|\bzero(?:-|"
    r" )emission\b"
)
_STREET: Final = re.compile(r"\b\d{1,3}(?:st|nd|rd|th)\s(?=street|avenue|ave\b|st\b|road|boulevard|floor)")
_ONE_COUNTS: Final = re.compile(
    r"one\s(?:bed|bath|room|night|day|week|month|year|hour|ticket|seat|passenger|person|star|stop|transfer|bag"
    r"|guest"
    r"|travell?er|adult|child|mile|song|track|stem|revision|license|licence|credit)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a folded text that states something.

    `readings` are the comparable values it may mean. A NAME has its `words`, the ids of the known `values` that contain
    it, and is `weak` when it may as well be plain English.
    """

    kind: SpanKind
    start: int
    end: int
    readings: frozenset[Hashable] = frozenset()
    words: tuple[str, ...] = ()
    values: frozenset[int] = frozenset()
    weak: bool = False


_MAY_STATE: Final = re.compile(
    r"\d|[@%$€£¥₹₩₽₿]|[.:]/?/?\w|\bdot\b|"
    rf"\b(?:{numbers.ONE_WORD}|{numbers.ORDINAL}|percent|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
    r"|to|tmr|yester|day|week|month|noon|mid|past|o'clock|an? )"
)
"""A text without any of these holds no typed span; saves the look for them in plain values."""
Candidate = tuple[SpanKind | None, int, int, frozenset[Hashable]]


@lru_cache(maxsize=4096)
def typed(text: str, today: date) -> tuple[Span, ...]:
    """The typed spans of a whole folded text, in order, none overlapping."""
    if not _MAY_STATE.search(text.lower()):
        return ()
    return tuple(sorted(_typed(text, today, Taken(len(text))), key=lambda span: span.start))


def addresses(text: str) -> list[Span]:
    """Only the e-mails and URLs, which go before anything else."""
    return [
        Span(kind, start, end, frozenset({form}))
        for start, end, kind, form in codes.find(_spaced(text))
        if kind in {SpanKind.EMAIL, SpanKind.URL}
    ]


def typed_outside(text: str, today: date, taken: Taken) -> list[Span]:
    """The typed spans of a folded text that lie outside of what is taken, in order; takes their places."""
    return sorted(_typed(text, today, taken), key=lambda span: span.start)


def _spaced(text: str) -> str:
    """Lower case; a sentence that begins right after the stop of the last one ("done.In total") makes no host name."""
    return _NO_HOST.sub(" ", text).lower()


def _typed(written: str, today: date, taken: Taken) -> list[Span]:
    found: list[Span] = []
    for kind, start, end, readings in _candidates(_spaced(written), today):
        if taken.is_free(start, end):
            taken.add(start, end)
            if kind is not None:
                found.append(Span(kind, start, end, readings))
    return found


def _candidates(text: str, today: date) -> Iterator[Candidate]:
    """What may be a span, the surer kinds first; without a kind: figures that state nothing ("24/7")."""
    addressed = codes.find(text)
    for start, end, kind, form in addressed:
        if kind in {SpanKind.EMAIL, SpanKind.URL}:
            yield kind, start, end, frozenset({form})
    for start, end, days in dates.find(text, today):
        yield SpanKind.DATE, start, end, frozenset(days)
    for match in money.PATTERN.finditer(text):
        yield SpanKind.MONEY, *match.span(), frozenset(money.amounts(match))
    for start, end, minutes in times.find(text):
        yield SpanKind.TIME, start, end, frozenset(minutes)
    for start, end, kind, form in addressed:
        yield kind, start, end, frozenset({form})
    yield from _figures(text)


def _figures(text: str) -> Iterator[Candidate]:
    for match in _ONE_LENGTH.finditer(text):
        yield SpanKind.NUMBER, *match.span("one"), frozenset({Decimal(1)})
    for match in _PERCENT.finditer(text):
        yield SpanKind.PERCENT, *match.span(), frozenset(numbers.values(match.group("number")))
    for pattern in (_IDIOM, _STREET):
        for match in pattern.finditer(text):
            yield None, *match.span(), frozenset()
    for match in _NUMBER.finditer(text):
        if not _ONE.fullmatch(match.group()) or _ONE_COUNTS.match(text, match.start()):
            yield SpanKind.NUMBER, *match.span(), frozenset(numbers.values(match.group("number")))
