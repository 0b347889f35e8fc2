"""The facts of one call in comparable form: rows with typed fields, counts, prose, and their vocabulary."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import codes, money, normalise, numbers, roles, spans
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.wordlists import bag

_BOOLEAN: Final = bag("true false yes no none null n/a")
_NAMING: Final = bag("name title model make product item artist track song plate registration vin sku stocknumber")
_NAMING_SOMETHING_ELSE: Final = bag(
    "origin destination airport city station location venue first last customer contact file street company"
)
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")
"""A bare time in a field is on the 24-hour clock."""
_FIGURE: Final = re.compile(r"\d{1,3}(?:,\d{3}){0,2}|\d{1,6}(?:\.\d{1,2})?")
_DAY: Final = re.compile(r"([12]\d{3})-(0[1-9]|1\d)-(\d\d)")
_LETTER: Final = re.compile(r"[^\W\d_]")
_MONTHS: Final = 12
_SHORTEST_MONTH: Final = 28
_NAME_WORDS: Final = 14
"""Longer values are prose, not names."""


@dataclass(frozen=True, slots=True)
class Value:
    """One field of a row: its typed readings by kind, and its words when it may be named."""

    name: str
    raw: str
    readings: Mapping[SpanKind, frozenset[object]]
    words: tuple[str, ...]
    prose: str = ""
    """The words of a long value, each with a blank on both sides; empty for a short one."""
    identifies: bool = False
    """Whether naming this value names the row."""


@dataclass(slots=True, eq=False)
class Row:
    """A fact with fields; equal to itself only.

    `value_ids` maps each nameable value to its field; `naming_ids` are those that name the row. `live` is false once
    a newer look-up of the same service came.
    """

    fact: Fact
    values: tuple[Value, ...]
    value_ids: dict[int, str] = field(default_factory=dict[int, str])
    naming_ids: set[int] = field(default_factory=set[int])
    live: bool = True

    def of_kind(self, kind: SpanKind) -> list[Value]:
        """The fields that hold such a thing."""
        return [value for value in self.values if value.readings.get(kind)]


@dataclass(slots=True)
class Vocabulary:
    """Every nameable value of the facts: where each word stands in which value, and which rows hold the value."""

    values: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    ids: dict[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])
    places: dict[str, set[tuple[int, int]]] = field(default_factory=dict[str, set[tuple[int, int]]])
    fields: dict[int, set[str]] = field(default_factory=dict[int, set[str]])
    identifying: set[int] = field(default_factory=set[int])

    def add(self, words: tuple[str, ...], name: str, *, identifies: bool) -> int:
        """Take in one value and give its id."""
        known = self.ids.get(words)
        if known is None:
            known = self.ids[words] = len(self.values)
            self.values.append(words)
            for place, word in enumerate(words):
                self.places.setdefault(word, set()).add((known, place))
        self.fields.setdefault(known, set()).add(name)
        if identifies:
            self.identifying.add(known)
        return known

    def holding(self, words: Sequence[str]) -> frozenset[int]:
        """The values that contain these words in a row."""
        places = self.places.get(words[0], set[tuple[int, int]]())
        for offset, word in enumerate(words[1:], start=1):
            following = self.places.get(word)
            if not following:
                return frozenset()
            places = {(value, place) for value, place in places if (value, place + offset) in following}
        return frozenset(value for value, _ in places)


@dataclass(slots=True)
class Catalogue:
    """What one call may rest on. Checklists are left out: they are questions, not facts."""

    rows: list[Row]
    counts: list[Fact]
    prose: list[Fact]
    vocabulary: Vocabulary
    today: date


def catalogue(facts: Sequence[Fact], today: date) -> Catalogue:
    """Bring the facts into comparable form."""
    vocabulary = Vocabulary()
    rows: list[Row] = []
    counts: list[Fact] = []
    prose: list[Fact] = []
    for fact in facts:
        if fact.kind is FactKind.CHECKLIST:
            continue
        if fact.kind is FactKind.COUNT:
            counts.append(fact)
            continue
        if fact.text:
            prose.append(fact)
        if fact.fields or fact.entity or fact.title:
            rows.append(_row(fact, vocabulary, today))
    _mark_superseded(rows)
    return Catalogue(rows, counts, prose, vocabulary, today)


def _row(fact: Fact, vocabulary: Vocabulary, today: date) -> Row:
    named = [*fact.fields.items()]
    if fact.entity and fact.entity not in fact.fields.values():
        named.append(("entity", fact.entity))
    if fact.title and fact.title not in fact.fields.values() and fact.title != fact.entity:
        named.append(("title", fact.title))
    row = Row(fact, tuple(value(name, raw, today) for name, raw in named))
    for one in row.values:
        if one.words:
            identifies = one.identifies or one.raw == fact.entity
            known = vocabulary.add(one.words, one.name, identifies=identifies)
            row.value_ids[known] = one.name
            if identifies:
                row.naming_ids.add(known)
    return row


def _mark_superseded(rows: list[Row]) -> None:
    newest: dict[tuple[str, FactKind], int] = {}
    for row in rows:
        key = (row.fact.service, row.fact.kind)
        newest[key] = max(newest.get(key, 0), row.fact.batch)
    for row in rows:
        row.live = row.fact.batch == newest[row.fact.service, row.fact.kind]


@lru_cache(maxsize=16_384)
def value(name: str, raw: str, today: date) -> Value:
    """Read one field."""
    folded = normalise.fold(raw).text.strip()
    readings: dict[SpanKind, frozenset[object]] = _readings(folded, today)
    bare = numbers.values(folded) if re.fullmatch(r"[\d.,']+", folded) else frozenset[Decimal]()
    if bare and roles.holds_money(name):
        currency = next((code for word in roles.field_words(name) if (code := money.currency_of(word))), "")
        sums = frozenset[object](Amount(number, currency) for number in bare)
        readings = {SpanKind.MONEY: sums, SpanKind.NUMBER: frozenset[object](bare)}
    clock = _CLOCK.fullmatch(folded)
    if clock:
        readings = {SpanKind.TIME: frozenset[object]({int(clock.group(1)) * 60 + int(clock.group(2))})}
    if _is_code(name):
        readings[SpanKind.CODE] = frozenset({codes.canonical(SpanKind.CODE, folded)})
    words = normalise.words(raw)
    is_figure = not _LETTER.search(folded)
    named = (not is_figure or name.endswith("_name")) and folded.lower() not in _BOOLEAN
    typed_only = bool(readings) and _covers(folded, today) and not (is_figure and named)
    if len(words) > _NAME_WORDS:
        return Value(name, raw, readings, (), prose=f" {' '.join(words)} ")
    return Value(name, raw, readings, words if named and not typed_only else (), identifies=_identifies(name))


def _identifies(name: str) -> bool:
    said = set(roles.field_words(name))
    return name == "entity" or bool(said & _NAMING and not said & _NAMING_SOMETHING_ELSE)


def _readings(folded: str, today: date) -> dict[SpanKind, frozenset[object]]:
    """The typed readings of a field by kind; the usual shapes are read without looking for all the others."""
    if _FIGURE.fullmatch(folded):
        return {SpanKind.NUMBER: frozenset(numbers.values(folded))}
    day = _DAY.fullmatch(folded)
    if day and int(day.group(2)) <= _MONTHS and 0 < int(day.group(3)) <= _SHORTEST_MONTH:
        return {SpanKind.DATE: frozenset({date.fromisoformat(folded)})}
    found: dict[SpanKind, frozenset[object]] = {}
    for span in spans.typed(folded, today):
        found[span.kind] = found.get(span.kind, frozenset()) | frozenset[object](span.readings)
    return found


def _is_code(name: str) -> bool:
    return bool(
        set(roles.field_words(name))
        & {"vin", "plate", "sku", "registration", "reference", "code", "isbn", "isrc", "upc"}
    )


def _covers(text: str, today: date) -> bool:
    """Whether typed spans are all that a value says."""
    rest = list(text)
    for span in spans.typed(text, today):
        if span.kind is SpanKind.CODE:
            continue
        rest[span.start : span.end] = " " * (span.end - span.start)
    return not _LETTER.search("".join(rest))
