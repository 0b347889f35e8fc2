"""What was said before: which words and values may be echoed, and which rows are under discussion."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
import re

from domain.assistance.facts import FactKind, Speaker, Turn
from domain.assistance.verifier import codes, normalise, roles, spans
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.reading import Reading, plain_words, read
from domain.assistance.verifier.roles import Role
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS


_ANOTHER: Final = re.compile(
    r"\b(?:else|others?|another|different|more|alternatives?|alternatively|options?|something|instead|any|rather|choices?|cheaper|bigger|similar|too"
    r"|find|found|show|look|looking|search|what|which|compare|list|all|both|have|available|recommend|suggest)\b"
)
_YES: Final = re.compile(r"^\W*(?:yes|yeah|yep|yup|sure|ok|okay|right|correct|exactly|indeed|that|it|fine|perfect|great|absolutely)\b|\bcorrect\b|\bright\b")
_NO: Final = re.compile(r"\b(?:no|not|nope|don't|doesn't|instead|rather|change|wrong|but)\b")
_SORTS: Final = frozenset((word,) for word in "available more other double single standard separate".split())
_GENERIC: Final = frozenset("international airport station terminal hotel".split())
_VAGUE: Final = 8
"""More possible days than this is no date: "this month" cannot be repeated as "the 31st"."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Rows under discussion: last named in message `since`, known since message `arrived`."""

    since: int
    arrived: int
    rows: tuple[Row, ...]
    is_look_up: bool
    """Nothing was named since the look-up."""


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
            if self._is_theirs(turn) and _said_in(turn, span, self.catalogue.today):
                return turn
        return None

    def _is_theirs(self, turn: Turn) -> bool:
        """Whether the customer said it, or said yes to it right after."""
        if turn.speaker is Speaker.CUSTOMER:
            return True
        answer = next((one for one in self.turns if one.sequence == turn.sequence + 1), None)
        if answer is None or answer.speaker is not Speaker.CUSTOMER or "?" not in turn.text:
            return False
        return bool(_YES.search(answer.text.lower())) and not _NO.search(answer.text.lower())

    @property
    def last_look_up(self) -> int:
        """The message after which the latest facts arrived."""
        return max((row.fact.known_since for row in self.catalogue.rows), default=0)

    def echo_number(self, span: Span, unit: Sequence[str], before: str, *, after: int = -1) -> Turn | None:
        """The latest turn later than `after` in which the customer gave this number of these things."""
        asked = ""
        found: Turn | None = None
        for turn in self.turns:
            if turn.speaker is Speaker.CUSTOMER and turn.sequence > after:
                counted = unit and _counts(turn.text, asked, span, unit[0].strip(".,;:!?"), self.catalogue.today)
                if counted or _introduced(turn.text, span, before, self.catalogue.today):
                    found = turn
            asked = turn.text if turn.speaker is not Speaker.CUSTOMER else asked
        return found

    def asked(self, kind: SpanKind, role: Role, *, after: int) -> frozenset[Hashable]:
        """The days or hours that the customer named later than `after` for that role."""
        found: frozenset[Hashable] = frozenset()
        for turn in self.turns:
            if turn.sequence > after and turn.speaker is Speaker.CUSTOMER:
                text = normalise.fold(turn.text).text
                found = found.union(
                    *(
                        span.readings
                        for span in spans.typed(text, self.catalogue.today)
                        if span.kind is kind and roles.role_of(text.lower(), span.start, span.end) in {role, Role.EITHER}
                    )
                )
        return found

    def asked_other_number(self, span: Span, unit: Sequence[str], *, after: int) -> bool:
        """Whether the customer's last word later than `after` on the number of such things was another number."""
        last: frozenset[Hashable] = frozenset()
        for turn in self.turns:
            if turn.sequence > after and turn.speaker is Speaker.CUSTOMER and unit:
                text = normalise.fold(turn.text).text
                for other in spans.typed(text, self.catalogue.today):
                    counted = normalise.words(text[other.end : other.end + 20])[:1]
                    if other.kind is SpanKind.NUMBER and counted and roles.names_field(counted[0], unit[0].strip(".,;:!?")):
                        last = other.readings
        return bool(last) and not last & span.readings

    def words(self) -> frozenset[str]:
        """Every word that was said."""
        return frozenset(word for turn in self.turns for word in normalise.words(turn.text))

    @property
    def last_customer(self) -> str:
        """What the customer wrote last, in lower case."""
        return next((turn.text.lower() for turn in reversed(self.turns) if turn.speaker is Speaker.CUSTOMER), "")

    @property
    def last_customer_sequence(self) -> int:
        """Which message the customer's last one is, 0 when there is none."""
        return next((turn.sequence for turn in reversed(self.turns) if turn.speaker is Speaker.CUSTOMER), 0)

    def focuses(self) -> list[Focus]:
        """The rows under discussion in each service, latest first: named in a message or looked up last."""
        if self._focuses is None:
            self._focuses = sorted(self._find_focuses(), key=lambda focus: focus.since, reverse=True)
        return self._focuses

    def wants_another(self) -> bool:
        """Whether the customer's last message leaves room to offer another thing."""
        return bool(_ANOTHER.search(self.last_customer))

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
                return Focus(turn.sequence, arrived, tuple(named), is_look_up=False)
        if arrived > 0:
            newest = tuple(row for row in rows if row.fact.known_since == arrived)
            return Focus(arrived, arrived, newest, is_look_up=True)
        return None

    def _named_in(self, turn: Turn, live: list[Row]) -> list[Row]:
        reading = read(turn.text, self.catalogue, None)
        if turn.speaker is not Speaker.CUSTOMER and not any(_names_itself(row) for row in live):
            return _described(live, reading)
        named: list[Row] = []
        identifying = self.catalogue.vocabulary.identifying
        for span in reading.spans():
            if span.kind is SpanKind.NAME and not span.weak and span.values & identifying:
                named += [row for row in live if row not in named and span.values & identifying & row.value_ids.keys()]
        return _best(named, reading) if named else []


def _names_itself(row: Row) -> bool:
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
        held = {amount.value for value in row.of_kind(span.kind) for amount in value.readings[span.kind] if isinstance(amount, Amount)}
        return bool(sums & held)
    return any(value.readings[span.kind] & span.readings for value in row.of_kind(span.kind))


def _said_in(turn: Turn, span: Span, today: date) -> bool:
    if span.kind is SpanKind.NAME:
        said = plain_words(turn.text)
        return f" {' '.join(span.words)} " in said or _core_in(span.words, said)
    if span.kind in {SpanKind.MONEY, SpanKind.PERCENT, SpanKind.URL}:
        return False
    said = spans.typed(normalise.fold(turn.text).text, today)
    if span.kind is SpanKind.PHONE:
        return any(_same_phone(span, other) for other in said)
    same = (
        other
        for other in said
        if other.kind is span.kind and len(other.readings) <= _VAGUE and other.readings & span.readings
    )
    return next(same, None) is not None


def _counts(said: str, asked: str, span: Span, unit: str, today: date) -> bool:
    """Whether a message gives this number of `unit`, by its own words or in answer to what was asked."""
    text = normalise.fold(said).text
    for other in spans.typed(text, today):
        if other.kind is SpanKind.NUMBER and other.readings & span.readings:
            counted = normalise.words(text[other.end : other.end + 24])[:2]
            if any(roles.names_field(word, unit) for word in (counted[1:] if counted[:1] in _SORTS else counted[:1])):
                return True
            bare = not counted or counted[0] in FUNCTION_WORDS
            if bare and any(roles.names_field(word, unit) for word in normalise.words(asked)):
                return True
    return False


def _introduced(said: str, span: Span, before: str, today: date) -> bool:
    """Whether a message gives this number after the same words ("ending in 4411")."""
    text = normalise.fold(said).text
    lead = normalise.words(before)[-2:]
    return len(lead) == 2 and any(
        other.kind is SpanKind.NUMBER and other.readings & span.readings and normalise.words(text[: other.start])[-2:] == lead
        for other in spans.typed(text, today)
    )


def _core_in(words: tuple[str, ...], said: str) -> bool:
    """Whether the telling part of a place was said: "LAX" for "LAX International Airport"."""
    core = words
    while core and core[-1] in _GENERIC:
        core = core[:-1]
    return bool(core) and core != words and f" {' '.join(core)} " in said


def _same_phone(span: Span, other: Span) -> bool:
    return other.kind in {SpanKind.PHONE, SpanKind.CODE} and any(
        codes.same_phone(str(one), str(two)) for one in span.readings for two in other.readings
    )
