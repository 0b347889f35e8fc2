"""How far an edited text is from its draft."""

import unicodedata
from typing import Final

_LONGEST: Final = 10_000
"""Characters compared; what is longer counts as changed one for one. Bounds the work to about 50 ms."""


def edit_distance(draft: str, sent: str) -> int:
    """Levenshtein distance in characters, after NFC and with runs of white space taken as one blank.

    Bit-parallel: one pass over `sent`, with a column of the matrix in two integers of len(draft) bits.
    Source: Myers, "A fast bit-vector algorithm for approximate string matching" (1999), in Hyyrö's form (2001).
    """
    left, right = _normal(draft), _normal(sent)
    longer = max(len(left) - _LONGEST, 0) + max(len(right) - _LONGEST, 0)
    left, right = left[:_LONGEST], right[:_LONGEST]
    if not left or not right:
        return len(left) + len(right) + longer
    return _myers(left, right) + longer


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _myers(pattern: str, text: str) -> int:
    places: dict[str, int] = {}
    for index, letter in enumerate(pattern):
        places[letter] = places.get(letter, 0) | 1 << index
    full, last = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    up, down, distance = full, 0, len(pattern)
    for letter in text:
        match = places.get(letter, 0)
        across = match | down
        diagonal = (((match & up) + up) ^ up) | match
        plus, minus = down | (full & ~(diagonal | up)), up & diagonal
        distance += bool(plus & last) - bool(minus & last)
        plus, minus = (plus << 1 | 1) & full, minus << 1 & full
        up, down = minus | (full & ~(across | plus)), plus & across
    return distance
