"""A message taken apart: its questions one by one, slips of the hand mended, and the limits that it sets."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

_CUT: Final = re.compile(
    r"[.?!;\n]+(?=\s|$)|[,:]?\s+(?:and|also|plus|or)(?:\s+also)?\s+"
    r"(?=(?:how|what|which|when|where|who|is|are|do|does|did|can|could|will|would|has|have|was)\b)"
    r"|[,:]\s+(?=(?:how|what|which|when|where|who|is it|do you|does|can|could)\b)"
)
_MINE: Final = re.compile(r"\bmy (?!budget)(?:(?:old|own|current|present|\d{4}) )*[\w-]+(?: [\w-]+)?")
_ASKING_WORDS: Final = frozenset(
    {
        "available", "automatic", "colour", "delivery", "deliver", "diesel", "discount", "electric", "finance",
        "financing", "gearbox", "hybrid", "kilometres", "manual", "mileage", "opening", "petrol", "saturday", "sunday",
        "monday", "tuesday", "wednesday", "thursday", "friday", "warranty", "transmission", "reserve", "address",
        "price",
    }
)  # fmt: skip
"""Words that questions are made of, mended when one letter is wrong."""
_CORRECT: Final = frozenset({"manually", "color", "delivers", "delivered", "kilometers", "prices", "priced", "pride"})
Limit = tuple[float, str]
"""The most that the customer wants, and the unit named."""
_MENDED_FROM: Final = 5
_NUMBER: Final = r"[€$£]?\s?(?P<number>\d[\d.,']*)\s?(?P<scale>k\b|thousand\b)?"
_AT_MOST: Final = re.compile(
    r"\b(?:under|below|less than|up to|max(?:imum)?(?: of)?|at most|(?:not?|no) more than|cheaper than|within|"
    rf"budget (?:is|of)|fewer than)\s(?:about |around )?{_NUMBER}\s?"
    r"(?P<unit>km\b|kilomet\w+|miles\b|%|days?\b|weeks?\b)?"
)


def parts_of(folded: str, names: Collection[str]) -> list[str]:
    """The questions and statements of a folded message in order, with slips in names and asking words mended."""
    pieces = (mend(piece.strip(" ,"), frozenset(names)) for piece in _split(folded))
    return [piece for piece in pieces if any(map(str.isalnum, piece))]


def _split(folded: str) -> Iterable[str]:
    start = 0
    for match in _CUT.finditer(folded):
        # The mark stays, so that a question can be told.
        yield folded[start : match.end() if match.group()[0] in ".?!;\n" else match.start()]
        start = match.end()
    yield folded[start:]


def without_own(part: str) -> str:
    """Leave out the customer's own things: "my old Polo" is none of the stock."""
    return _MINE.sub(" ", part)


def mend(part: str, names: frozenset[str]) -> str:
    """Write names and asking words as they are spelt: one wrong letter, two swapped, or a plural."""
    return re.sub(r"(?<!many )[^\W\d_]{4,}", lambda match: _mended(match.group(), names), part)


@lru_cache(maxsize=8192)
def _mended(word: str, names: frozenset[str]) -> str:
    if word in names or word in _ASKING_WORDS or word in _CORRECT:
        return word
    if word.removesuffix("s") in names:
        return word.removesuffix("s")
    if len(word) < _MENDED_FROM:
        return word
    near = [name for name in sorted({*names, *_ASKING_WORDS}) if len(name) >= _MENDED_FROM and _is_slip(word, name)]
    return near[0] if len(near) == 1 else word


def _is_slip(word: str, name: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with the next."""
    if abs(len(word) - len(name)) > 1 or word[0] != name[0]:
        return False
    start = next((i for i, (one, two) in enumerate(zip(word, name, strict=False)) if one != two), None)
    if start is None:
        return True
    here, there = word[start:], name[start:]
    swapped = here[:2] == there[1::-1] and here[2:] == there[2:]
    return swapped or here[1:] == there[1:] or here[1:] == there or here == there[1:]


def limit_in(part: str) -> Limit | None:
    """The most that the customer wants, with the unit named: `(20000.0, "")` for "under 20.000 euros"."""
    match = _AT_MOST.search(part)
    if match is None:
        return None
    number = number_in(match["number"]) * (1000 if match["scale"] else 1)
    return number, match["unit"] or ""


def number_in(text: str) -> float:
    """The first number of a text, with separators of any country: `20.000`, `20,000` and `20000` are the same."""
    match = re.search(r"\d[\d.,']*", text)
    raw = match.group().rstrip(".,'") if match else "0"
    if re.fullmatch(r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?", raw):
        whole = re.sub(r"[.,]\d{1,2}$", "", raw)
        return float(re.sub(r"\D", "", whole))
    return float(re.sub(r"[^\d.]", "", raw.replace(",", ".", 1)) if raw.count(".") + raw.count(",") < 2 else "0")
