"""Which rows are under discussion: named last in a message, or just looked up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.assistance.facts import FactKind, Speaker, Turn
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.reading import Reading, read
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind


@dataclass(frozen=True, slots=True)
class Focus:
    """Rows under discussion: last named in message `since`, known since message `arrived`."""

    since: int
    arrived: int
    rows: tuple[Row, ...]
    is_look_up: bool
    """Nothing was named since the look-up."""


def find_focuses(turns: Sequence[Turn], catalogue: Catalogue) -> list[Focus]:
    """The rows under discussion in each service, latest first."""
    live: dict[str, list[Row]] = {}
    for row in catalogue.rows:
        if row.live and row.fact.kind in {FactKind.INVENTORY, FactKind.RECORD}:
            live.setdefault(row.fact.service, []).append(row)
    found = (_focus_among(rows, turns, catalogue) for rows in live.values())
    return sorted((focus for focus in found if focus), key=lambda focus: focus.since, reverse=True)


def _focus_among(rows: list[Row], turns: Sequence[Turn], catalogue: Catalogue) -> Focus | None:
    arrived = max(row.fact.known_since for row in rows)
    for turn in _since(arrived, turns):
        named = _named_in(turn, rows, catalogue)
        if named:
            return Focus(turn.sequence, arrived, tuple(named), is_look_up=False)
    if arrived > 0:
        newest = tuple(row for row in rows if row.fact.known_since == arrived)
        return Focus(arrived, arrived, newest, is_look_up=True)
    return None


def _since(arrived: int, turns: Sequence[Turn]) -> Iterator[Turn]:
    """The messages that came after a look-up, latest first; the one it answered came before it."""
    for turn in reversed(turns):
        if turn.sequence < arrived or (turn.sequence == arrived and turn.speaker is Speaker.CUSTOMER):
            return
        yield turn


def _named_in(turn: Turn, live: list[Row], catalogue: Catalogue) -> list[Row]:
    reading = read(turn.text, catalogue, None)
    if turn.speaker is not Speaker.CUSTOMER and not any(names_itself(row) for row in live):
        return _described(live, reading)
    named: list[Row] = []
    identifying = catalogue.vocabulary.identifying
    for span in reading.spans():
        if span.kind is SpanKind.NAME and not span.weak and span.values & identifying:
            named += [row for row in live if row not in named and span.values & identifying & row.value_ids.keys()]
    return _best(named, reading) if named else []


def names_itself(row: Row) -> bool:
    """Whether a row has a name to be called by; buses and flights have none."""
    return any(value.words and value.identifies for value in row.values if value.name != "title")


def _described(rows: list[Row], reading: Reading) -> list[Row]:
    """The nameless rows (buses, flights) that a message tells two details of."""
    best = _best(rows, reading)
    return best if sum(_fits(best[0], span) for span in reading.spans()) > 1 else []


def _best(rows: list[Row], reading: Reading) -> list[Row]:
    scores = [(sum(_fits(row, span) for span in reading.spans()), row) for row in rows]
    best = max(score for score, _ in scores)
    return [row for score, row in scores if score == best]


def _fits(row: Row, span: Span) -> bool:
    if span.kind is SpanKind.NAME:
        return bool(span.values & row.value_ids.keys())
    if span.kind is SpanKind.MONEY:
        sums = {amount.value for amount in span.readings if isinstance(amount, Amount)}
        held = {
            amount.value
            for value in row.of_kind(span.kind)
            for amount in value.readings[span.kind]
            if isinstance(amount, Amount)
        }
        return bool(sums & held)
    return any(value.readings[span.kind] & span.readings for value in row.of_kind(span.kind))
