"""Excerpts: the part of a text that a search found, with the words it found in it."""

import re
from difflib import SequenceMatcher
from typing import Final

import msgspec

_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 2_000
"""Words that are compared one by one where nothing matches exactly; longer texts are cut there."""

ALIKE: Final = 0.6
"""How alike (0 to 1) a word must be to stand for a mistyped one."""


class Span(msgspec.Struct, frozen=True):
    """Characters `start` (inclusive) to `end` (exclusive) of an excerpt, counted in Unicode code points."""

    start: int
    end: int


class Excerpt(msgspec.Struct, frozen=True):
    """A piece of a text and where the searched words stand in it, in order."""

    text: str
    spans: list[Span]


def words_of(query: str) -> tuple[str, ...]:
    """The words of a search, in lower case."""
    return tuple(_WORD.findall(query.lower()))


def excerpt(text: str, query: str, *, width: int = 200) -> Excerpt:
    """The piece of about `width` characters around the first word that the search found.

    A word is found by its beginning; if none is, by the words most like the searched ones.
    """
    tokens = list(_WORD.finditer(text))
    words = words_of(query)
    hits = [token for token in tokens if token.group().lower().startswith(words)] if words else []
    hits = hits or [token for token in tokens[:_MOST_WORDS] if _is_like(token.group().lower(), words)]
    begin, end = _window(text, hits[0].start() if hits else 0, width)
    spans = [Span(hit.start() - begin, hit.end() - begin) for hit in hits if begin <= hit.start() and hit.end() <= end]
    return Excerpt(text[begin:end], spans)


def _is_like(token: str, words: tuple[str, ...]) -> bool:
    return any(SequenceMatcher(None, token, word).ratio() >= ALIKE for word in words)


def _window(text: str, first: int, width: int) -> tuple[int, int]:
    """Where to cut: a third of the width before the first hit, at blanks where there are any near."""
    if len(text) <= width:
        return 0, len(text)
    begin = max(0, min(first - width // 3, len(text) - width))
    if begin:
        blank = text.find(" ", begin, min(first, begin + width // 5))
        begin = blank + 1 if blank >= 0 else begin
    end = min(len(text), begin + width)
    if end < len(text):
        blank = text.rfind(" ", max(first, end - width // 5), end)
        end = blank if blank > first else end
    return begin, end
