"""Ordinary English: the words a reply may use without a source.

A word outside this list (and outside the facts and the conversation) is treated as a name, so an invented
"zephyr" is caught even in lower case. Inflections are derived, not listed.
"""

from functools import lru_cache
from typing import Final

from domain.assistance.verifier.english import FUNCTION_WORDS, GENERAL, IRREGULAR

PLAIN: Final = frozenset(GENERAL)
WORDS: Final = FUNCTION_WORDS | PLAIN | frozenset(IRREGULAR)

__all__ = ["FUNCTION_WORDS", "PLAIN", "WORDS", "is_misspelt", "is_ordinary", "same_stem"]

_SUFFIXES: Final = ("s", "es", "ed", "d", "ing", "er", "r", "ers", "est", "ly", "ness", "ful", "less", "able", "al")
_COMMON_SUFFIXES: Final = ("s", "ed", "d", "ing", "ly")
_PREFIXES: Final = ("un", "re", "pre", "non", "over", "mis")
_LONG_ENOUGH: Final = 3
_LONG_ENOUGH_TO_SLIP: Final = 6
_TOO_LONG: Final = 2 + max(len(word) for word in WORDS) + max(len(suffix) for suffix in _SUFFIXES)
"""No slip of the hand makes a plain word of one longer than this."""


@lru_cache(maxsize=16_384)
def is_ordinary(word: str) -> bool:
    """Whether a lower-case word is plain English, inflected or not."""
    return word in WORDS or any(stem in WORDS for stem in _stems(word)) or _prefixed(word)


def _stems(word: str, suffixes: tuple[str, ...] = _SUFFIXES) -> list[str]:
    found: list[str] = []
    for suffix in suffixes:
        stem = word.removesuffix(suffix)
        if stem == word or len(stem) < _LONG_ENOUGH - (suffix == "s"):
            continue
        found += [stem, stem + "e"]
        if stem[-1] == "i":
            found.append(stem[:-1] + "y")
        if stem[-1] == stem[-2]:
            found.append(stem[:-1])
    return found


def _prefixed(word: str) -> bool:
    return any(
        word.startswith(prefix) and len(word) > len(prefix) + _LONG_ENOUGH and word[len(prefix) :] in WORDS
        for prefix in _PREFIXES
    )


@lru_cache(maxsize=16_384)
def is_misspelt(word: str) -> bool:
    """Whether a lower-case word is one slip of the hand away from plain English ("avilable")."""
    if len(word) < _LONG_ENOUGH:
        return True
    if len(word) > _TOO_LONG:
        return False
    slips = _slips(word) if len(word) >= _LONG_ENOUGH_TO_SLIP else _swaps(word)
    return any(slip in WORDS or any(stem in PLAIN for stem in _stems(slip, _COMMON_SUFFIXES)) for slip in slips)


def _swaps(word: str) -> set[str]:
    return {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}


def _slips(word: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    dropped = {a + b[1:] for a, b in cuts if b}
    added = {a + letter + b for a, b in cuts for letter in letters}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    return dropped | _swaps(word) | added | changed


def same_stem(one: str, other: str) -> bool:
    """Whether two lower-case words share their beginning: bed, beds, bedrooms; mile, mileage."""
    shorter = min(len(one), len(other))
    shared = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    return shared >= _LONG_ENOUGH and shared >= shorter - (shorter > _LONG_ENOUGH + 1)
