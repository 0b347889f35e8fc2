"""Support that does not come from the row a sentence is about: counts, prose, records of the other topic, echoes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import normalise, numbers, prose, roles
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.judge import Answer, Setting, judge
from domain.assistance.verifier.talk import Talk
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import same_stem
from domain.assistance.verifier.wordlists import bag
from domain.shared.ids import SourceId

_MEASURES: Final = bag(
    "day days hour hours minute minutes night nights week weeks month months year years mile miles km kilometers"
    " percent "
    "degrees mph people person persons passengers points"
)
_TODAY: Final = re.compile(r"\b(?:today|tonight)\b")
_OFFERS_HELP: Final = re.compile(
    r"\b(?:anything|everything|something|nothing|what|more)\b.*\b(?:today|tonight)\b|\b(?:help|assist"
    r"|serve)\w*\b.*\b(?:today|tonight)\b"
    r"|\b(?:have|enjoy)\b.*\b(?:day|rest|evening|night)\b"
)
_RESULTS: Final = bag("option result match choice vehicle one")
_OURS: Final = re.compile(r"\b(?:our|us|we|we're|my|me|i)\b")
_YOURS: Final = re.compile(r"\byou(?:r|rs|'re|'ve|'d|'ll)?\b|\bconfirm\b|\?")
_LACKING: Final = re.compile(
    r"\b(?:not|no|none|without|sorry|unfortunately|couldn't|can't|cannot|don't|doesn't|isn't|unable)\b"
)
_ECHOABLE: Final = frozenset(
    {SpanKind.NAME, SpanKind.DATE, SpanKind.TIME, SpanKind.NUMBER, SpanKind.CODE, SpanKind.PHONE, SpanKind.EMAIL}
)


@lru_cache(maxsize=1024)
def _is_to_you(text: str) -> bool:
    return _YOURS.search(text) is not None


@dataclass(frozen=True, slots=True)
class Support:
    """What a span rests on."""

    source_id: SourceId | None = None
    field: str | None = None
    turn: int | None = None


@dataclass(slots=True)
class Elsewhere:
    """Looks for support outside of the row under discussion."""

    catalogue: Catalogue
    talk: Talk
    whole: str
    """The reply in folded lower case."""
    things: tuple[int, int] = (0, 0)
    """How many things the reply names, and where the first one stands."""
    _in_prose: dict[int, Support | None] = field(default_factory=dict[int, Support | None])
    """What was found in prose for the span that starts there."""
    _in_rows: dict[int, bool] = field(default_factory=dict[int, bool])
    """Whether a row was found for it."""

    def find(self, setting: Setting, row: Row | None) -> Support | None:
        """The first support outside of `row`, or None."""
        if row is not None and self._counted_with(row) and _is_thing(setting, row):
            return self._count(setting, row)
        return (
            (Support() if is_courtesy(setting) else None)
            or self._count(setting, row)
            or self._length(setting, row)
            or self._prose(setting)
            or self._by_terms(setting)
            or self._other_rows(setting, row)
            or self.echo(setting)
        )

    def echo(self, setting: Setting, *, after: int = -1) -> Support | None:
        """The turn whose words are only repeated."""
        span = setting.span
        if span.kind not in _ECHOABLE or not (_is_to_you(self.whole) or self._merely_repeats(setting)):
            return None
        if span.kind in {SpanKind.PHONE, SpanKind.EMAIL} and (
            _OURS.search(setting.sentence) or not _is_to_you(setting.sentence)
        ):
            return None
        if span.kind is SpanKind.NUMBER:
            turn = self.talk.echo_number(span, setting.unit[:1], setting.before, after=after)
        else:
            turn = self.talk.echo(span, after=after)
        return Support(turn=turn.sequence) if turn else None

    @staticmethod
    def _merely_repeats(setting: Setting) -> bool:
        """Whether a sentence without "you" may still be a repetition of the customer's wishes."""
        if setting.span.kind is SpanKind.NAME and _LACKING.search(setting.sentence):
            return True
        return setting.span.kind is not SpanKind.NUMBER and not _OURS.search(setting.sentence)

    def is_known(self, setting: Setting) -> bool:
        """Whether any row at all holds the value of a span: then it was taken from the wrong row."""
        if setting.span.values:
            return True
        place = setting.span.start
        if place not in self._in_rows:
            rows, words = self.catalogue.rows, self.catalogue.vocabulary
            self._in_rows[place] = any(judge(row, setting, words).answer is Answer.SUPPORTED for row in rows)
        return self._in_rows[place]

    def _count(self, setting: Setting, row: Row | None) -> Support | None:
        if setting.span.kind is not SpanKind.NUMBER or set(setting.unit[:1]) & _MEASURES:
            return None
        things, first = self.things
        if things > 1 and Decimal(things) in setting.span.readings and setting.span.end <= first:
            return Support(field="listed")
        if (
            row is not None
            and Decimal(1) in setting.span.readings
            and not self._counted_with(row)
            and _is_thing(setting, row)
        ):
            return Support(row.fact.source_id, "entity")
        counts = [
            fact
            for fact in self.catalogue.counts
            if row is None or fact.service == row.fact.service or _counts_such(fact, setting)
        ]
        newest = max((fact.batch for fact in counts), default=0)
        for fact in counts:
            for name, raw in fact.fields.items():
                if fact.batch == newest and numbers.values(raw) & setting.span.readings:
                    return Support(fact.source_id, name)
        return None

    def _counted_with(self, row: Row) -> bool:
        return any(fact.service == row.fact.service and fact.batch == row.fact.batch for fact in self.catalogue.counts)

    def _length(self, setting: Setting, row: Row | None) -> Support | None:
        """A number of days that two dates of the row enclose."""
        if row is None or setting.span.kind is not SpanKind.NUMBER or not setting.unit:
            return None
        if setting.unit[0].rstrip(".,;:!?s") not in {"day", "night"}:
            return None
        days = [
            day
            for value in row.of_kind(SpanKind.DATE)
            for day in value.readings[SpanKind.DATE]
            if isinstance(day, date)
        ]
        lengths = {abs((one - other).days) for one in days for other in days}
        return Support(row.fact.source_id, "dates") if lengths & setting.span.readings else None

    def _prose(self, setting: Setting) -> Support | None:
        place = setting.span.start
        if place not in self._in_prose:
            self._in_prose[place] = self._stated_in_prose(setting)
        return self._in_prose[place]

    def _stated_in_prose(self, setting: Setting) -> Support | None:
        for fact in self.catalogue.prose:
            if any(prose.states(passage, setting, self.catalogue.today) for passage in prose.passages(fact.text)):
                return Support(fact.source_id, "text")
        return None

    def any_day(self, setting: Setting) -> Support | None:
        """A day that any row under discussion or the customer spoke of: enough to ask about it."""
        for focus in self.talk.focuses():
            for row in focus.rows:
                for value in row.of_kind(setting.span.kind):
                    if value.readings[setting.span.kind] & setting.span.readings:
                        return Support(row.fact.source_id, value.name)
        return self.echo(setting)

    def by_policy(self, setting: Setting) -> Support | None:
        """A fee or a term that a policy states, said beside the row's own price, or its sentence word for word."""
        if setting.span.kind in {SpanKind.MONEY, SpanKind.NUMBER, SpanKind.PERCENT}:
            return self._prose(setting) or self._by_terms(setting)
        said = normalise.words(setting.sentence)
        for fact in self.catalogue.prose:
            if any(normalise.words(passage) == said for passage in prose.passages(fact.text)):
                return Support(fact.source_id, "text")
        return None

    def _by_terms(self, setting: Setting) -> Support | None:
        """A field of a policy, where the sentence names that field ("deposit")."""
        for term in self.catalogue.rows:
            if term.fact.kind in {FactKind.POLICY, FactKind.ARTICLE}:
                judgement = judge(term, setting, self.catalogue.vocabulary)
                if judgement.answer is Answer.SUPPORTED and _names(setting, judgement.field):
                    return Support(term.fact.source_id, judgement.field)
        return None

    def _other_rows(self, setting: Setting, row: Row | None) -> Support | None:
        for other in self._neighbours(row):
            judgement = judge(other, setting, self.catalogue.vocabulary)
            if judgement.answer is Answer.SUPPORTED:
                return Support(other.fact.source_id, judgement.field)
        return None

    def _neighbours(self, row: Row | None) -> Iterator[Row]:
        for focus in self.talk.focuses():
            if row is None or focus.rows[0].fact.service != row.fact.service:
                yield from focus.rows


def _counts_such(fact: Fact, setting: Setting) -> bool:
    """Whether a count says itself that it counts these things."""
    said = [word.strip(".,;:!?") for word in setting.unit[:1]]
    return any(same_stem(word, one) for word in said for one in normalise.words(f"{fact.title} {fact.service}"))


def _is_thing(setting: Setting, row: Row) -> bool:
    """Whether a number ("1 car") counts the very thing that the row lists."""
    if setting.span.kind is not SpanKind.NUMBER:
        return False
    names = {word for value in row.values if value.identifies for word in roles.field_words(value.name)} - {"name"}
    return any(word.strip(".,;:!?") in names | _RESULTS for word in setting.unit)


def is_courtesy(setting: Setting) -> bool:
    """Whether a day is only said in passing: "anything else today?"."""
    return setting.span.kind is SpanKind.DATE and _offers_help(setting.sentence)


@lru_cache(maxsize=1024)
def _offers_help(sentence: str) -> bool:
    return bool(_TODAY.search(sentence) and _OFFERS_HELP.search(sentence))


def _names(setting: Setting, field: str) -> bool:
    said = setting.sentence.split()
    return any(roles.names_field(word.strip(".,;:!?"), one) for one in roles.telling_words(field) for word in said)
