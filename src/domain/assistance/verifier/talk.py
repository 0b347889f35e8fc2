"""What was said before: which words and values may be echoed, and which rows are under discussion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.assistance.facts import FactKind, Speaker, Turn
from domain.assistance.verifier import codes, normalise, spans
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.reading import Reading, plain_words, read
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind


@dataclass(frozen=True, slots=True)
class Focus:
    """Rows under discussion: last named in message `since`, known since message `arrived`."""

    since: int
    arrived: int
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Talk:
    """The conversation so far."""

    turns: Sequence[Turn]
    catalogue: Catalogue
    _focuses: list[Focus] | None = field(default=None)

    def echo(self, span: Span, *, after: int = -1) -> Turn | None:
        """The latest turn later than `after` in which the same was said; a sum, a discount is never echoed."""
        for turn in reversed(self.turns):
            if turn.sequence <= after:
                return None
            if _said_in(turn, span, self.catalogue.today):
                return turn
        return None

    def words(self) -> frozenset[str]:
        """Every word that was said."""
        return frozenset(word for turn in self.turns for word in normalise.words(turn.text))

    @property
    def last_customer(self) -> str:
        """What the customer wrote last, in lower case."""
        return next((turn.text.lower() for turn in reversed(self.turns) if turn.speaker is Speaker.CUSTOMER), "")

    def focuses(self) -> list[Focus]:
        """The rows under discussion in each service, latest first: named in a message or looked up last."""
        if self._focuses is None:
            self._focuses = sorted(self._find_focuses(), key=lambda focus: focus.since, reverse=True)
        return self._focuses

    def _find_focuses(self) -> Iterator[Focus]:
        live: dict[str, list[Row]] = {}
        for row in self.catalogue.rows:
            if row.live and row.fact.kind in {FactKind.INVENTORY, FactKind.RECORD}:
                live.setdefault(row.fact.service, []).append(row)
        for rows in live.values():
            focus = self._focus_among(rows)
            if focus is not None:
                yield focus

    def _focus_among(self, rows: list[Row]) -> Focus | None:
        arrived = max(row.fact.known_since for row in rows)
        for turn in reversed(self.turns):
            if turn.sequence < arrived or (turn.sequence == arrived and turn.speaker is Speaker.CUSTOMER):
                break
            named = self._named_in(turn, rows)
            if named:
                return Focus(turn.sequence, arrived, tuple(named))
        if arrived > 0:
            return Focus(arrived, arrived, tuple(row for row in rows if row.fact.known_since == arrived))
        return None

    def _named_in(self, turn: Turn, live: list[Row]) -> list[Row]:
        reading = read(turn.text, self.catalogue, None)
        named: list[Row] = []
        identifying = self.catalogue.vocabulary.identifying
        for span in reading.spans():
            if span.kind is SpanKind.NAME and not span.weak and span.values & identifying:
                named += [row for row in live if row not in named and span.values & identifying & row.value_ids.keys()]
        return _best(named, reading) if named else []


def _best(rows: list[Row], reading: Reading) -> list[Row]:
    scores = [(sum(_fits(row, span) for span in reading.spans()), row) for row in rows]
    best = max(score for score, _ in scores)
    return [row for score, row in scores if score == best]


def _fits(row: Row, span: Span) -> bool:
    if span.kind is SpanKind.NAME:
        return bool(span.values & row.value_ids.keys())
    if span.kind is SpanKind.MONEY:
        sums = {amount.value for amount in span.readings if isinstance(amount, Amount)}
        held = {amount.value for value in row.of_kind(span.kind) for amount in value.readings[span.kind] if isinstance(amount, Amount)}
        return bool(sums & held)
    return any(value.readings[span.kind] & span.readings for value in row.of_kind(span.kind))


def _said_in(turn: Turn, span: Span, today: date) -> bool:
    if span.kind is SpanKind.NAME:
        return f" {' '.join(span.words)} " in plain_words(turn.text)
    if span.kind in {SpanKind.MONEY, SpanKind.PERCENT, SpanKind.URL}:
        return False
    said = spans.typed(normalise.fold(turn.text).text, today)
    if span.kind is SpanKind.PHONE:
        return any(_same_phone(span, other) for other in said)
    return any(other.kind is span.kind and other.readings & span.readings for other in said)


def _same_phone(span: Span, other: Span) -> bool:
    return other.kind in {SpanKind.PHONE, SpanKind.CODE} and any(
        codes.same_phone(str(one), str(two)) for one in span.readings for two in other.readings
    )
