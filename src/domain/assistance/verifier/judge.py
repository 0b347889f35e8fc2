"""Does one row bear out one span? Supported by a field, contradicted by one, or silent."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Final

from domain.assistance.verifier import codes, roles
from domain.assistance.verifier.catalogue import Row, Value, Vocabulary
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.roles import Role
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS


class Answer(Enum):
    """What a row says about a span."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, and the field that gave it."""

    answer: Answer
    field: str = ""


@dataclass(frozen=True)
class Setting:
    """A span in its sentence: the lower-case text before it and after it, up to the neighbouring spans of its kind."""

    span: Span
    before: str
    after: str
    sentence: str
    follows: bool = False
    """Another of its kind stands before it in the sentence."""
    topic: str = ""
    """What the sentence may answer: the customer's last message."""
    day: frozenset[Hashable] = frozenset()
    """What the last date before it in the sentence may mean."""

    @cached_property
    def unit(self) -> tuple[str, ...]:
        """The two words that follow, which say what a number counts."""
        return tuple(self.after.replace("-", " ").split()[:2])

    @cached_property
    def role(self) -> Role:
        """The end that the words around give it."""
        return roles.role_between(self.before, self.after)


_COUNTING: Final = frozenset({"have", "has", "there", "had"})
_SEAM: Final = re.compile(r"[,;:]|\band\b|\bor\b")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
SILENT: Final = Judgement(Answer.SILENT)


def judge(row: Row, setting: Setting, vocabulary: Vocabulary) -> Judgement:
    """What the row says about the span."""
    kind = setting.span.kind
    if kind is SpanKind.NAME:
        return _name(row, setting, vocabulary)
    if kind in {SpanKind.DATE, SpanKind.TIME}:
        return _moment(row, setting)
    if kind is SpanKind.MONEY:
        return _money(row, setting)
    if kind in {SpanKind.NUMBER, SpanKind.PERCENT}:
        return _number(row, setting)
    return _address(row, setting.span)


def _name(row: Row, setting: Setting, vocabulary: Vocabulary) -> Judgement:
    span = setting.span
    held = [row.value_ids[one] for one in span.values if one in row.value_ids]
    exact = vocabulary.ids.get(span.words)
    if held and exact is not None and exact not in row.value_ids:
        rivals = vocabulary.fields[exact] & set(held)
        if rivals:
            return Judgement(Answer.CONTRADICTED, min(rivals))
    if held:
        return _way(row, setting, held)
    said = f" {' '.join(span.words)} "
    for value in row.values:
        if said in value.prose:
            return Judgement(Answer.SUPPORTED, value.name)
    own = {value.name for value in row.values if value.words}
    for one in span.values:
        rival = vocabulary.fields[one] & own
        if rival:
            return Judgement(Answer.CONTRADICTED, min(rival))
    return SILENT


def _way(row: Row, setting: Setting, held: list[str]) -> Judgement:
    """A place said with "from" or "to" must stand in a field of that role, where the row has both roles."""
    role = {"from": Role.START, "to": Role.END}.get(setting.before.split()[-1] if setting.before.split() else "")
    if role is None:
        return Judgement(Answer.SUPPORTED, held[0])
    named = {roles.field_role(value.name) for value in row.values if value.words}
    if not {Role.START, Role.END} <= named:
        return Judgement(Answer.SUPPORTED, held[0])
    if "pick" in setting.sentence and not any("pick" in value.name for value in row.values):
        return Judgement(Answer.SUPPORTED, held[0])
    fitting = [name for name in held if roles.field_role(name) in {role, Role.EITHER}]
    return Judgement(Answer.SUPPORTED, fitting[0]) if fitting else Judgement(Answer.CONTRADICTED, held[0])


def _moment(row: Row, setting: Setting) -> Judgement:
    values = row.of_kind(setting.span.kind)
    if not values:
        return SILENT
    relevant = _by_role(values, setting)
    if not relevant:
        return SILENT
    return _first_equal(relevant, setting.span) or Judgement(Answer.CONTRADICTED, relevant[0].name)


def _by_role(values: list[Value], setting: Setting) -> list[Value]:
    """The fields that a date may be meant for: those of its role; without a role, not the ends of stretches."""
    role = setting.role
    if role is Role.EITHER and setting.follows:
        return values
    wanted = {Role.EITHER, role if role is not Role.EITHER else Role.START}
    relevant = [value for value in values if roles.field_role(value.name) in wanted]
    return relevant or (values if role is Role.EITHER else [])


def _first_equal(values: list[Value], span: Span) -> Judgement | None:
    return next(
        (Judgement(Answer.SUPPORTED, value.name) for value in values if value.readings[span.kind] & span.readings), None
    )


def _money(row: Row, setting: Setting) -> Judgement:
    values = row.of_kind(SpanKind.MONEY)
    if not values:
        return SILENT
    relevant = _named_in(values, setting) or values
    for value in relevant:
        if _same_sum(value, setting.span) and _same_period(value, setting):
            return Judgement(Answer.SUPPORTED, value.name)
    return Judgement(Answer.CONTRADICTED, relevant[0].name)


def _named_in(values: list[Value], setting: Setting) -> list[Value]:
    """Of several sums in a row, those that the sentence names by a word that only they have."""
    if len(values) == 1:
        return []
    shared = roles.telling_words(values[0].name).intersection(*(roles.telling_words(value.name) for value in values))
    for said in (setting.after.split()[:4], _SEAM.split(setting.before)[-1].split()[-6:]):
        found = [value for value in values if _has_word(said, roles.telling_words(value.name) - shared)]
        if found:
            return found
    return []


def _has_word(said: Sequence[str], telling: frozenset[str]) -> bool:
    return any(roles.names_field(word.strip(".,;:!?"), one) for one in telling for word in said)


def _same_sum(value: Value, span: Span) -> bool:
    for one in span.readings:
        for other in value.readings[SpanKind.MONEY]:
            if isinstance(one, Amount) and isinstance(other, Amount) and _is_same(one, other):
                return True
    return False


def _is_same(said: Amount, held: Amount) -> bool:
    """A source without a currency is taken to speak of dollars."""
    return said.value == held.value and said.currency in {"", held.currency or "USD"}


def _same_period(value: Value, setting: Setting) -> bool:
    said, fixed = roles.period_in(setting.after), roles.field_period(value.name)
    if said and fixed:
        return said == fixed
    in_total = roles.IN_TOTAL.match(setting.after) is not None
    return not (fixed and fixed != "total" and in_total)


def _number(row: Row, setting: Setting) -> Judgement:
    kind = setting.span.kind
    values = [
        value
        for value in row.values
        if not value.words and (value.readings.get(SpanKind.NUMBER) or value.readings.get(kind))
    ]
    named = _counted(values, setting)
    for value in named:
        readings = value.readings.get(kind) or value.readings.get(SpanKind.NUMBER) or frozenset()
        if readings & setting.span.readings:
            return Judgement(Answer.SUPPORTED, value.name)
    if named:
        return Judgement(Answer.CONTRADICTED, named[0].name)
    return SILENT


def _counted(values: list[Value], setting: Setting) -> list[Value]:
    """The fields that a number is meant for, by the word after it, else by the words before it."""
    after = setting.unit
    near = [word.strip(".,;:!?") for word in setting.before.split()[-4:]]
    asked = _stands_alone(setting) and [word.strip(".,;:!?") for word in setting.topic.split()]
    for said in (after[:1], after[1:], near[::-1], asked or []):
        found = [value for value in values if _is_named(value.name, said)]
        if found:
            return found
    return [value for value in values if "year" in roles.field_words(value.name)] if _is_year(setting.span) else []


def _stands_alone(setting: Setting) -> bool:
    """Whether a number counts nothing by its own sentence, so that the question says what it is of."""
    before = setting.before.replace(",", " ").split()
    return not setting.unit and not _COUNTING & set(before) and all(word in FUNCTION_WORDS for word in before)


def _is_year(span: Span) -> bool:
    return any(isinstance(one, Decimal) and _FIRST_YEAR <= one <= _LAST_YEAR for one in span.readings)


def _is_named(name: str, said: "tuple[str, ...] | list[str]") -> bool:
    telling = roles.telling_words(name)
    return any(
        roles.names_field(word.strip(".,;:!?"), one) for word in said if word not in FUNCTION_WORDS for one in telling
    )


def _address(row: Row, span: Span) -> Judgement:
    for value in row.values:
        for held in value.readings.get(span.kind, frozenset()):
            if any(_same_address(span.kind, str(one), str(held)) for one in span.readings):
                return Judgement(Answer.SUPPORTED, value.name)
    if span.kind is SpanKind.CODE:
        return SILENT
    values = row.of_kind(span.kind)
    return Judgement(Answer.CONTRADICTED, values[0].name) if values else SILENT


def _same_address(kind: SpanKind, one: str, other: str) -> bool:
    return codes.same_phone(one, other) if kind is SpanKind.PHONE else one == other
