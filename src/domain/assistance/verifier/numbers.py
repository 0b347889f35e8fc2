"""Numbers in digits and in words, read as decimals."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.assistance.verifier.wordlists import listed

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}
_SHORT_SCALES: Final = {"k": 1_000, "grand": 1_000, "m": 1_000_000, "mn": 1_000_000, **_SCALES}
ORDINALS: Final = (
    {
        word: value
        for value, word in enumerate(
            listed(
                "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
                "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
            ),
            start=1,
        )
    }
    | {"thirtieth": 30, "thirty-first": 31}
    | {
        f"twenty-{word}": 20 + value
        for value, word in enumerate(listed("first second third fourth fifth sixth seventh eighth ninth"), start=1)
    }
)

ONE_WORD: Final = "|".join(sorted((*_UNITS, *_TENS, *_SCALES), key=len, reverse=True))
WORDS: Final = rf"(?:(?:{ONE_WORD})\b(?:(?:\s{{1,9}}and\s{{1,9}}|\s{{1,9}}|-)(?:{ONE_WORD})\b){{0,15}}+)"
"""Pattern of a number in words, lower case: twenty-seven, two hundred and five; not as long as a page."""
DIGITS: Final = r"\d++(?:[.,']\d++)*+"
"""Pattern of a number in digits, with separators of any country."""
ALONE: Final = r"(?<![\w.,])(?<!\d')"
"""Where a number may begin: never inside of one, so that a long one is read once."""
SCALE: Final = r"(?:\s?(?:k|grand|thousand|million|mn|m|hundred)\b)?"
ORDINAL: Final = "|".join(sorted(ORDINALS, key=len, reverse=True)).replace("-", "[- ]")

_PARTS: Final = re.compile(ONE_WORD)
_GROUPED: Final = re.compile(r"\d{1,3}(?:([,.'])\d{3})(?:\1\d{3})*")


@lru_cache(maxsize=8192)
def values(raw: str) -> frozenset[Decimal]:
    """What a number may mean: `1,250` is 1250; `27,50` is 27.5; `1.250` may be either. Empty when unreadable."""
    lowered = raw.lower().strip()
    match = re.match(rf"({DIGITS})\s?([a-z]*)$", lowered)
    if match is None:
        return frozenset({Decimal(in_words(lowered))} if _PARTS.match(lowered) else ())
    scale = _SHORT_SCALES.get(match.group(2), 1) if match.group(2) else 1
    return frozenset(value * scale for value in _digits(match.group(1)))


def _digits(raw: str) -> set[Decimal]:
    found: set[Decimal] = set()
    if _GROUPED.fullmatch(raw):
        found.add(Decimal(re.sub(r"\D", "", raw)))
    if re.fullmatch(r"\d+", raw) or re.fullmatch(r"\d+\.\d+", raw):
        found.add(Decimal(raw))
    else:
        found |= _with_decimals(raw)
    return found


def _with_decimals(raw: str) -> set[Decimal]:
    match = re.fullmatch(r"(\d{1,3}(?:([.,'])\d{3})*|\d+)([.,])(\d{1,2})", raw)
    if match is None or match.group(2) == match.group(3):
        return set()
    return {Decimal(re.sub(r"\D", "", match.group(1)) + "." + match.group(4))}


def in_words(text: str) -> int:
    """The value of a number in words, lower case."""
    total = group = 0
    for word in _PARTS.findall(text):
        if word in _UNITS:
            group += _UNITS[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word in {"hundred", "dozen"}:
            group = max(group, 1) * _SCALES[word]
        else:
            total += max(group, 1) * _SCALES[word]
            group = 0
    return total + group


def ordinal(text: str) -> int:
    """The place that an ordinal word names, lower case."""
    return ORDINALS[re.sub(r"\s+", "-", text)]
