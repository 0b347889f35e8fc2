"""True replies made false: one price, name, place, number, date or time of a person's reply is changed.

What counts as a case, and why some changes do not, is told in `docs/verifier.md`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Final

from application.assistance.evaluation import renderings
from application.assistance.evaluation.renderings import ValueKind
from domain.assistance.facts import Fact, FactKind, Turn

_INVENTED_NAMES: Final = (
    "Zephyr", "Mustang", "Solara", "Belmont Royale", "Corvette", "Tavira", "Quillon", "Larkspur House", "Outback",
    "Meridian 400", "Cayenne", "Novaro", "Hotel Ostrava", "Wrangler", "Sable", "Ibiza", "Trident Lodge", "Passat",
)  # fmt: skip
_INVENTED_PLACES: Final = (
    "Maple Grove Terminal", "Harbor Point Station", "Northgate Plaza", "Oslo Central Station", "Brookfield Airport",
    "Quincy Street Garage", "Lisbon International Airport", "Westmoor Depot", "Elm Park", "Reykjavik",
    "Old Mill Square",
)  # fmt: skip
_PLACE_FIELDS: Final = frozenset(
    ["location", "city", "address", "area", "station", "airport", "place", "venue", "destination", "origin", "street"]
)
_NAME_FIELDS: Final = frozenset(["name", "airlines", "title", "model", "make"])
_MONEY_FIELDS: Final = frozenset(["price", "rent", "fare", "cost", "total"])


class Source(StrEnum):
    """Where the false value comes from."""

    SIBLING = "sibling"
    INVENTED = "invented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A value that a reply states, as its dialogue acts say. Used to build and score cases, never by the verifier."""

    act: str
    slot: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A person's reply with what came before it and what it states. `key` is stable and names it in reports."""

    key: str
    text: str
    turns: tuple[Turn, ...]
    facts: tuple[Fact, ...]
    stated: tuple[Stated, ...]
    scored: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reply with one value made false."""

    reply: Reply
    kind: ValueKind
    source: Source
    slot: str
    true_value: str
    false_value: str
    text: str


class Skip(StrEnum):
    """Why a change is no case."""

    TRUE_OF_ANOTHER = "the changed offer is true, word for word, of another row on offer"
    SAME_READING = "the false value may be read as the true one"
    NOT_FOUND = "the value is written in no manner known here, or more than once"
    NO_OTHER_VALUE = "no sibling row has another value"


def kind_of(slot: str, value: str) -> ValueKind | None:
    """Which of the six sorts a slot holds, or None for yes/no and classes such as a car type."""
    said = set(slot.split("_"))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return ValueKind.DATE
    if re.fullmatch(r"\d\d?:\d\d", value):
        return ValueKind.TIME
    if re.fullmatch(r"[\d.]+", value):
        return ValueKind.PRICE if said & _MONEY_FIELDS else ValueKind.NUMBER
    if said & _PLACE_FIELDS:
        return ValueKind.PLACE
    return ValueKind.NAME if said & _NAME_FIELDS else None


def row_meant(reply: Reply) -> Fact | None:
    """The newest row that has the most of what the reply states."""
    values = {(one.slot, one.value) for one in reply.stated}
    best: tuple[int, int, Fact | None] = (0, -1, None)
    for fact in reply.facts:
        if fact.kind is FactKind.COUNT:
            continue
        score = sum(1 for slot, value in values if fact.fields.get(slot) == value)
        if score and (score, fact.batch) > best[:2]:
            best = (score, fact.batch, fact)
    return best[2]


def changes(reply: Reply, source: Source, now: datetime, random: Random) -> Iterator[Case | tuple[Skip, Stated]]:
    """For each value that the reply states: one case, or why there is none."""
    meant = row_meant(reply)
    for stated in reply.stated:
        kind = kind_of(stated.slot, stated.value)
        if kind is None:
            continue
        place = renderings.find(kind, stated.value, reply.text, now.date())
        if place is None:
            yield Skip.NOT_FOUND, stated
            continue
        false = _false_value(reply, stated, kind, source, meant, now, random)
        if isinstance(false, Skip):
            yield false, stated
            continue
        text = renderings.write(kind, false, place, reply.text, now.date())
        if text is None or text == reply.text:
            yield Skip.NO_OTHER_VALUE, stated
            continue
        yield Case(
            reply=reply,
            kind=kind,
            source=source,
            slot=stated.slot,
            true_value=stated.value,
            false_value=false,
            text=text,
        )


def _false_value(
    reply: Reply, stated: Stated, kind: ValueKind, source: Source, meant: Fact | None, now: datetime, random: Random
) -> str | Skip:
    if source is Source.INVENTED:
        invented = _invented(kind, stated.value, now, random)
        return Skip.TRUE_OF_ANOTHER if _true_of_another(reply, stated, invented, meant) else invented
    values = _sibling_values(reply, stated, meant)
    different = [value for value in values if not _same_reading(value, stated.value)]
    if not different:
        return Skip.SAME_READING if values else Skip.NO_OTHER_VALUE
    false = [value for value in different if not _true_of_another(reply, stated, value, meant)]
    return random.choice(false) if false else Skip.TRUE_OF_ANOTHER


def _sibling_values(reply: Reply, stated: Stated, meant: Fact | None) -> list[str]:
    if stated.act == "INFORM_COUNT":
        service = reply.facts[-1].service if reply.facts else ""
        counts = [
            fact.fields["count"] for fact in reply.facts if fact.kind is FactKind.COUNT and fact.service == service
        ]
        return sorted({value for value in counts if value != stated.value})
    if meant is None:
        return []
    rows = [fact for fact in reply.facts if fact.service == meant.service and fact.kind is not FactKind.COUNT]
    return sorted(
        {row.fields[stated.slot] for row in rows if row.fields.get(stated.slot, stated.value) != stated.value}
    )


def _same_reading(one: str, other: str) -> bool:
    """Whether one name is a part of the other, or both are the same number."""
    left, right = (f" {' '.join(re.findall(r'[a-z0-9.]+', value.lower()))} " for value in (one, other))
    if left in right or right in left:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _true_of_another(reply: Reply, changed: Stated, value: str, meant: Fact | None) -> bool:
    """Whether the reply is an offer and, so changed, is true in full of a row of the newest look-up."""
    if meant is None or not any(one.act == "OFFER" for one in reply.stated):
        return False
    said = {one.slot: one.value for one in reply.stated if one.slot in meant.fields} | {changed.slot: value}
    newest = max(fact.batch for fact in reply.facts if fact.service == meant.service)
    return any(
        fact.batch == newest and all(fact.fields.get(slot) == told for slot, told in said.items())
        for fact in reply.facts
        if fact.service == meant.service and fact.kind is not FactKind.COUNT
    )


def _invented(kind: ValueKind, value: str, now: datetime, random: Random) -> str:
    if kind in {ValueKind.NAME, ValueKind.PLACE}:
        return random.choice(_INVENTED_NAMES if kind is ValueKind.NAME else _INVENTED_PLACES)
    if kind is ValueKind.DATE:
        return random.choice(
            [day for day in (renderings.days_from(now.date(), step) for step in range(45)) if day != value]
        )
    if kind is ValueKind.TIME:
        return random.choice(
            [
                time
                for time in (f"{hour:02d}:{minute:02d}" for hour in range(7, 22) for minute in (0, 15, 30))
                if time != value
            ]
        )
    number = float(value)
    if kind is ValueKind.PRICE:
        return f"{random.choice([step for step in (-9, -5, -1, 1, 3, 7, 10, 50, 100) if number + step > 0]) + number:g}"
    if not number.is_integer():
        return f"{number + random.choice([-0.7, -0.3, -0.1, 0.1, 0.2]):.1f}"
    return f"{random.choice([other for other in range(1, 13) if other != number])}"


def take(cases: Sequence[Case], wanted: int, random: Random) -> list[Case]:
    """A seeded choice of cases that takes from each kind in turn, so that rare kinds are not drowned."""
    by_kind: dict[ValueKind, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    for group in by_kind.values():
        random.shuffle(group)
    taken: list[Case] = []
    while len(taken) < wanted and any(by_kind.values()):
        for group in by_kind.values():
            if group and len(taken) < wanted:
                taken.append(group.pop())
    return taken
