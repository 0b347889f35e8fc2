"""Which rows of the standing inventory a question is about: those it names, those it describes, those spoken of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.assistance.drafting.case import Case
from domain.assistance.drafting.message import Limit, limit_in, number_in, without_own
from domain.assistance.drafting.phrasing import at_hand, gone, price_of
from domain.assistance.drafting.policies import words_in
from domain.assistance.drafting.rows import asked_fields, asking_for, is_row
from domain.assistance.drafting.wording import YES_NO, is_colour, is_distance, is_state
from domain.assistance.drafting.words import QUESTION, fold
from domain.assistance.facts import Fact, FactKind, Speaker, Turn

_LISTS: Final = re.compile(
    r"\b(?:do you (?:still |also |currently )?(?:have|sell|stock|offer)|have you got|got any|which|any|"
    r"is there an?|are there|anything|looking for|interested in an?|need an?|want an?|show me|what \w+ do you have)\b"
)
_SAME: Final = re.compile(r"\b(?:it|its|that one|this one|this|that)\b")
_WITH: Final = re.compile(r"\b(?:with|in)\b")
_CHEAPEST: Final = re.compile(r"\b(?:cheapest|most affordable|least expensive|lowest price)\b")


@dataclass(frozen=True, slots=True)
class Pick:
    """The rows that a question is about. `by_value` when it describes them rather than names them."""

    rows: tuple[Fact, ...]
    by_value: bool = False
    is_named: bool = False

    @property
    def best(self) -> list[Fact]:
        """Of rows that are named, those not gone; of those only described, those to be had. All where none is left."""
        ready = [row for row in self.rows if at_hand(row)] if self.by_value else []
        return ready or [row for row in self.rows if not gone(row)] or list(self.rows)


_CHEAPER: Final = re.compile(r"\b(?:cheaper|less expensive|more affordable)\b")
_LONGEST_NAME: Final = 5
_SMALL_WORDS: Final = words_in(
    "moment right now currently left still used new car cars model models vehicle sale offer sell got stock looking "
    "look interested buy options option show other another more else one ones next also too then ok okay please "
    "today currently cheap cheaper cheapest price actually just maybe perhaps well good fine great nice whats hello "
    "dear sir madam best kind regards online website saw seen advert listing "
    "asking exactly about roughly purchase take euro euros eur cash teh total all together question wondering come"
)
NOTHING: Final = Pick(())


def stock_of(case: Case) -> list[Fact]:
    """The rows that are always known."""
    return [fact for fact in case.facts if is_row(fact) and fact.known_since == 0]


def asks_of_all(part: str) -> bool:
    """Whether only who knows every row can answer: "the cheapest"."""
    return _CHEAPEST.search(part) is not None


def lists(part: str) -> bool:
    """Whether a question asks what there is."""
    return _LISTS.search(part) is not None


def pick(part: str, stock: Sequence[Fact], spoken: Sequence[Fact], limit: Limit | None = None) -> Pick:
    """The rows in question.

    `spoken` are those of the question before, or of the messages before; `limit` is what the rest of the message sets.
    """
    limit = limit_in(part) or limit
    said = without_own(part)
    named = _named(said, stock)
    if named:
        return Pick(tuple(_within(limit, named)), is_named=True)
    anew = lists(said) and not _SAME.search(said)
    if spoken and not anew:
        described = _described(said, spoken)
        narrower = len(spoken) > len(described) > 0
        pointed = [] if described else _pointed_at(said, stock)
        return Pick(tuple(pointed or (described if narrower else spoken)), by_value=narrower or bool(pointed))
    anew = anew or (QUESTION.search(said) is not None and _WITH.search(said) is not None)
    described = _described(said, stock) if anew else _pointed_at(said, stock)
    if not described and spoken and _CHEAPER.search(said):
        described = _cheaper(stock, spoken)
    if not described and (_CHEAPEST.search(said) or (limit and lists(said))):
        described = list(stock)
    found = _cheapest(said, _within(limit, described))
    return Pick(tuple(found), by_value=True) if found else NOTHING


def asked_of(part: str, picked: Pick, case: Case) -> list[str]:
    """The fields that the question asks for, without those that only serve to describe the rows."""
    fields = asked_at_all(part, picked, case)
    if picked.by_value or len(fields) > 1:
        rest = part
        for row in picked.rows:
            for name in fields:
                rest = re.sub(rf"\b{re.escape(fold(row.fields.get(name) or '-'))}\b", " ", rest)
        kept = asked_at_all(rest, picked, case)
        return kept if picked.by_value else kept or fields
    return fields


def asked_at_all(part: str, picked: Pick, case: Case) -> list[str]:
    """The fields that the question speaks of in any way."""
    found = (name for row in picked.rows for name in asked_fields(part, row, case.talk.checklists))
    return list(dict.fromkeys(found))


def _named(said: str, stock: Sequence[Fact]) -> list[Fact]:
    """Rows by the words of their names; "Ford" names no Focus where the Ford Kuga is spoken of."""
    mentions = [(frozenset(word for word in _name(row.entity) if _says(said, word)), row) for row in stock]
    held = [(words, row) for words, row in mentions if words and _may_name(row, words)]
    best = [(words, row) for words, row in held if not any(words < others for others, _ in held)]
    most: dict[frozenset[str], int] = {}
    for words, row in best:
        most[words] = max(most.get(words, 0), _told(said, row))
    return [row for words, row in best if _told(said, row) == most[words]]


def _may_name(row: Fact, words: frozenset[str]) -> bool:
    """A part of a name will do for things on offer, of not too long a name; what is on file must be named in full."""
    whole = words == frozenset(_name(row.entity))
    return whole or (row.kind is FactKind.INVENTORY and len(row.entity.split()) <= _LONGEST_NAME)


def _described(said: str, rows: Sequence[Fact]) -> list[Fact]:
    """The rows of whose values in words the message uses most; "hybrid" is not what "plug-in hybrid" says."""
    used = {value for row in rows for value in _values(row) if _says(said, value)}
    used -= {one for one in used if any(one != other and one in other for other in used)}
    scores = [len(used & _values(row)) for row in rows]
    best = max(scores, default=0)
    return [row for row, score in zip(rows, scores, strict=True) if score == best > 0]


def _pointed_at(said: str, rows: Sequence[Fact]) -> list[Fact]:
    """The rows that a value stands for: "the diesel", "the red one"."""
    return [
        r for r in rows if any(re.search(rf"\bthe {re.escape(v)}\b|\b{re.escape(v)} one", said) for v in _values(r))
    ]


def spoken_before(turns: Sequence[Turn], stock: Sequence[Fact]) -> list[Fact]:
    """The rows of the last message that names any, up to the last reply."""
    last = next((i for i in range(len(turns) - 1, -1, -1) if turns[i].speaker is not Speaker.CUSTOMER), -1)
    for turn in reversed(turns[: last + 1]):
        said = fold(turn.text)
        named = [row for row in stock if row.entity and _says(said, fold(row.title))] or _named(
            without_own(said), stock
        )
        if named:
            return named
    return []


def _told(said: str, row: Fact) -> int:
    title = (word for word in fold(row.title).split() if word not in fold(row.entity).split())
    return sum(1 for word in {*_values(row), *title} if _says(said, word))


def _values(row: Fact, *, only: str = "") -> set[str]:
    """Values that tell rows apart in the customer's words: without figures and states; of a colour, the last word."""
    found: set[str] = set()
    for name, value in row.fields.items():
        words = fold(value).split() if only in {"", name} else []
        if words and value != row.entity and not is_state(name) and not re.search(r"\d", value):
            found.add(words[-1] if is_colour(name) else " ".join(words))
    return {value for value in found if len(value) > 2 and value not in YES_NO}


def _within(limit: Limit | None, rows: Sequence[Fact]) -> list[Fact]:
    """The rows that keep to the limit that the customer sets on price or distance."""
    if limit is None or limit[1][:1] in {"%", "d", "w"}:
        return list(rows)
    most, unit = limit
    held = ((row, _distance_of(row) if unit else price_of(row)) for row in rows)
    return [row for row, name in held if name is not None and number_in(row.fields[name]) <= most]


def _cheapest(said: str, rows: Sequence[Fact]) -> list[Fact]:
    if not _CHEAPEST.search(said):
        return list(rows)
    priced = [(number_in(row.fields[name]), row) for row in rows if (name := price_of(row)) and at_hand(row)]
    least = min((price for price, _ in priced), default=0.0)
    return [row for price, row in priced if price == least]


def _cheaper(stock: Sequence[Fact], spoken: Sequence[Fact]) -> list[Fact]:
    """What costs less than all that was spoken of."""
    least = min((number_in(row.fields[name]) for row in spoken if (name := price_of(row))), default=0.0)
    return [row for row in stock if (name := price_of(row)) and number_in(row.fields[name]) < least]


def _distance_of(row: Fact) -> str | None:
    return next((name for name in row.fields if is_distance(name)), None)


@lru_cache(maxsize=4096)
def _name(entity: str) -> tuple[str, ...]:
    """The telling words of a name, also short ones with a digit in them: "ID.3"."""
    words = fold(entity).split()
    return tuple(word for word in words if len(word) > 2 or re.search(r"\d", word))


def _says(said: str, word: str) -> bool:
    return word in said and _whole_word(word).search(said) is not None


@lru_cache(maxsize=8192)
def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")


def names_in(stock: Sequence[Fact]) -> frozenset[str]:
    """Every word by which a row may be called."""
    return frozenset(word for row in stock for word in _name(row.entity))


def values_in(stock: Sequence[Fact]) -> frozenset[str]:
    """The words of all values and names of what is on offer: they say which thing is meant, not what about it."""
    return frozenset(word for row in stock for value in (row.entity, *_values(row)) for word in words_in(fold(value)))


def asks_about_more(part: str, picked: Pick, fields: Sequence[str], values: frozenset[str]) -> bool:
    """Whether a question holds words besides names, values, the asked fields and small talk: "the insurance"."""
    for name in fields:
        part = asking_for(name).sub(" ", part)
    named = {word for row in picked.rows for word in words_in(fold(f"{row.entity} {row.title}"))}
    return bool(words_in(without_own(part)) - named - values - _SMALL_WORDS)


def compared_by(part: str, picked: Pick, stock: Sequence[Fact]) -> list[str]:
    """The fields whose values the question tries on a row that is named: the colour for "Is the Mini green?"."""
    return [
        name
        for row in picked.rows[:1]
        for name, own in row.fields.items()
        if not words_in(fold(own)) <= words_in(fold(row.entity))
        and any(_says(part, value) for other in stock for value in _values(other, only=name))
    ]
