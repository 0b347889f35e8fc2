"""Finds the row that people are talking about, and the fields they ask for."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from domain.assistance.drafting.checklists import Checklist, phrases
from domain.assistance.drafting.words import fold
from domain.assistance.facts import Fact, FactKind, Speaker, Turn

_ASKED_FOR: Final[Mapping[str, str]] = {
    "price": r"how much|(?<!one )(?<!full )(?<!single )charges?(?! points?| cable)|charged|"
    r"prices?|costs?|rates?|expensive|pay|set me back|run me|total|fees?|fare|rent",
    "phone": r"phone|telephone|call|contact|their number|the number|reach(?:ed)?|what number",
    "address": r"address|where|street|located|location|directions?",
    "rating": r"ratings?|rated|stars?|scores?|reviews?",
    "date": r"when|what day|which day|dates?",
    "time": r"when|what time|times?",
    "place": r"where|location|located|station|airport",
    "status": r"available|availability|still (?:have|there|for sale|in stock)|sold|in stock|reserved",
    "mileage": r"mileage|miles|kilomet\w+|km|driven",
    "year": r"year|how old|age|registered|model year",
    "color": r"colou?rs?",
    "gearbox": r"gearbox|transmission|automatic|manual|stick shift",
    "fuel": r"fuel|petrol|diesel|electric|hybrid|gasoline",
    "pets": r"pets?|dogs?|cats?|animals?",
    "furnished": r"furnish\w*|furniture",
    "wifi": r"wi-?fi|internet",
    "kids": r"kids?|child\w*|famil\w+",
    "entry": r"free|entry|entrance|admission|ticket",
    "vegetarian": r"vegetarian|veggie",
    "outdoor": r"outdoors?|outside|patio|terrace",
    "transfer": r"transfers?|changes?|direct",
    "stops": r"stops?|direct|non-?stop|layovers?",
    "warranty": r"warrant\w+|guarantee\w*",
    "engine": r"engine|horse ?power|hp|kw",
    "humidity": r"humid\w*",
    "wind": r"wind\w*",
    "temperature": r"temperature|hot|cold|warm|degrees",
    "precipitation": r"rain\w*|precipitation|wet",
    "bath": r"bath\w*",
    "bed": r"bed\w*",
    "name": r"names?|called|which (?:one|model)|what (?:car|model)|brand|make of",
    "class": r"class",
    "type": r"types?|kind|size",
}
_SAME_AS: Final[Mapping[str, str]] = {
    "cost": "price", "fare": "price", "rent": "price", "fee": "price", "amount": "price",
    "telephone": "phone", "street": "address", "venue": "address",
    "location": "place", "station": "place", "airport": "place", "city": "place",
    "star": "rating", "stars": "rating", "availability": "status", "available": "status", "stock": "status",
    "odometer": "mileage", "km": "mileage", "colour": "color", "transmission": "gearbox",
    "outdoors": "outdoor", "transfers": "transfer", "baths": "bath", "beds": "bed",
    "arrival": "time", "departure": "time",
}  # fmt: skip
_QUIET: Final = frozenset({"number", "of", "has", "is", "allowed", "total", "per", "options", "for", "good", "in"})


def is_row(fact: Fact) -> bool:
    return fact.kind in {FactKind.INVENTORY, FactKind.RECORD}


@lru_cache(maxsize=1024)
def asking_for(field: str) -> re.Pattern[str]:
    """How people ask for a field, told from its machine name. A name is not asked for by the words before it."""
    if field.endswith("_name"):
        return re.compile(rf"\b(?:{_ASKED_FOR['name']})(?!\w)")
    words = [word for word in field.lower().split("_") if word not in _QUIET]
    known = [_ASKED_FOR[key] for word in words if (key := _SAME_AS.get(word, word)) in _ASKED_FOR]
    own = [re.escape(word) + r"\w*" for word in words if len(word) > 2]
    return re.compile(r"\b(?:" + "|".join([*known, *own, r"(?!)"]) + r")(?!\w)")


def asked_fields(folded: str, row: Fact, checklists: Sequence[Checklist]) -> list[str]:
    """The fields of the row that a message asks for, in the row's order. A checklist's own wording wins."""
    worded = [
        field
        for checklist in checklists
        if row.service in checklist.services
        for field, pattern in checklist.names.items()
        if pattern.search(folded)
    ]
    chosen = [field for field in row.fields if field in worded]
    return chosen or [field for field in row.fields if asking_for(field).search(folded)]


def focus(rows: Sequence[Fact], turns: Sequence[Turn]) -> Fact | None:
    """The row spoken of last: one that was named, or the first of what had just been looked up for staff."""
    for place in range(len(turns) - 1, -1, -1):
        row = spoken_of(rows, turns[place])
        if row is None and turns[place].speaker is not Speaker.CUSTOMER:
            row = _just_returned(rows, turns, place)
        if row is not None:
            return row
    return None


def _just_returned(rows: Sequence[Fact], turns: Sequence[Turn], place: int) -> Fact | None:
    before = turns[place - 1].sequence if place else 0
    return next((row for row in rows if 0 < before <= row.known_since < turns[place].sequence), None)


def spoken_of(rows: Sequence[Fact], turn: Turn) -> Fact | None:
    """The row that one message names best, of those known by then; the newest batch breaks ties.

    Words that several names share ("hotel") name none of them, and of what was looked up a customer must say the
    full name: "book the hotel" is about the one that was offered.
    """
    folded = fold(turn.text)
    known = [row for row in rows if row.known_since <= turn.sequence]
    shared = _shared_words(tuple({row.entity for row in known}))
    best: tuple[int, int, int] = (2, 0, 0)
    found: Fact | None = None
    for place, row in enumerate(known):
        score = likeness(row, folded, shared)
        if turn.speaker is Speaker.CUSTOMER and row.known_since and _full_name(row.entity, folded) is None:
            continue
        if score > 2 and (score, row.batch, -place) > best:
            best, found = (score, row.batch, -place), row
    return found


def likeness(row: Fact, folded: str, shared: frozenset[str] = frozenset()) -> int:
    """How much of a row a text names: 4 for its full name, 3 for a part of it, 1 for each other telling value.

    A row without a name takes two telling values to be named at all.
    """
    named = 4 if _full_name(row.entity, folded) else 3 if _part_of_name(row.entity, folded, shared) else 0
    if row.entity and not named:
        return 0
    values = {value for value in row.fields.values() if value != row.entity}
    told = sum(1 for value in values if (form := _form(value)) is not None and form.search(folded))
    return named + told if row.entity else told + 1 if told > 1 else 0


def _full_name(entity: str, folded: str) -> re.Match[str] | None:
    pattern = _name_pattern(entity)
    return pattern.search(folded) if pattern is not None else None


def _part_of_name(entity: str, folded: str, shared: frozenset[str]) -> bool:
    words = name_words(entity)
    return 1 < len(entity.split()) <= 4 and any(
        word in folded and re.search(rf"\b{word}\b", folded) for word in words if word not in shared
    )


@lru_cache(maxsize=4096)
def _name_pattern(entity: str) -> re.Pattern[str] | None:
    return phrases([entity])


@lru_cache(maxsize=4096)
def name_words(entity: str) -> tuple[str, ...]:
    """The words of a name by which it may be called."""
    return tuple(word for word in fold(entity).split() if len(word) > 2 and word.isalnum())


@lru_cache(maxsize=1024)
def _shared_words(entities: tuple[str, ...]) -> frozenset[str]:
    counts = Counter(word for entity in entities for word in set(name_words(entity)))
    return frozenset(word for word, count in counts.items() if count > 1)


@lru_cache(maxsize=4096)
def _form(value: str) -> re.Pattern[str] | None:
    """How a value that tells rows apart is written. Days and yes or no tell little: the rows share them."""
    folded = fold(value)
    if len(folded) < 2 or folded in {"true", "false"} or re.fullmatch(r"\d{4}-\d\d-\d\d", folded):
        return None
    forms = [re.escape(folded)]
    if re.fullmatch(r"\d\d:\d\d", folded):
        hour, minute = int(folded[:2]), folded[3:]
        half, part = hour % 12 or 12, "a" if hour < 12 else "p"
        forms += [rf"{half}:{minute}", rf"{half} ?{part}\.?m" if minute == "00" else rf"{half}\.{minute}"]
    return re.compile(r"(?<![\w:])(?:" + "|".join(forms) + r")(?![\w:])")
