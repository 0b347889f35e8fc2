"""Does a sentence of a policy or an article state what a span says?"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final

from domain.assistance.verifier import codes, normalise, spans
from domain.assistance.verifier.judge import Setting
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS, same_stem

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_RANGE: Final = re.compile(r"\s*(?:to|through|thru|until|till|-)\s*")
_LOOSE: Final = frozenset({SpanKind.URL, SpanKind.EMAIL, SpanKind.PHONE, SpanKind.CODE, SpanKind.DATE, SpanKind.TIME})
"""One shared word is enough for these."""
_FEW_WORDS: Final = 4
"""A sentence this short may lean on the question it answers."""
_SHARED_WORDS: Final = 2
"""A sum or a number of a passage only speaks for a sentence that shares so many telling words with it."""

_REACH: Final = 60
"""Characters after a number in which its unit stands."""


@lru_cache(maxsize=4096)
def passages(text: str) -> tuple[str, ...]:
    """The sentences of a prose source, folded."""
    return tuple(part for part in _SENTENCE_END.split(normalise.fold(text).text) if part.strip())


def states(passage: str, setting: Setting, today: date) -> bool:
    """Whether the passage says the same of the same: the value, its unit, its day, and the words around it."""
    span = setting.span
    if span.kind is SpanKind.NAME:
        return f" {' '.join(span.words)} " in f" {' '.join(normalise.words(passage))} "
    held = spans.typed(passage, today)
    if span.kind is SpanKind.DATE:
        found = any(days & span.readings for days in _days(passage, held))
    else:
        found = any(_same(span, other, passage, setting) and _on_day(other, held, passage, setting) for other in held)
    topic = setting.topic if len(setting.sentence.split()) <= _FEW_WORDS else ""
    needed = 1 if span.kind in _LOOSE else _SHARED_WORDS
    return found and _shared(passage, f"{setting.sentence} {topic}") >= needed


@lru_cache(maxsize=4096)
def _shared(passage: str, sentence: str) -> int:
    said = _content(sentence)
    return sum(1 for word in _content(passage) if any(same_stem(word, one) for one in said))


@lru_cache(maxsize=8192)
def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in normalise.words(text) if word not in FUNCTION_WORDS and not word.isdigit())


def _same(span: Span, other: Span, passage: str, setting: Setting) -> bool:
    if other.kind is not span.kind:
        return False
    if span.kind is SpanKind.PHONE:
        return any(codes.same_phone(str(one), str(two)) for one in span.readings for two in other.readings)
    if not span.readings & other.readings:
        return False
    if span.kind is not SpanKind.NUMBER:
        return True
    here, there = setting.unit[:1], passage[other.end : other.end + _REACH].replace("-", " ").lower().split()[:1]
    return not here or not there or same_stem(here[0].strip(".,;:!?"), there[0].strip(".,;:!?"))


def _on_day(other: Span, held: Sequence[Span], passage: str, setting: Setting) -> bool:
    """An hour that the passage gives for certain days holds for these days only."""
    if other.kind is not SpanKind.TIME or not setting.day:
        return True
    before = [span for span in held if span.kind is SpanKind.DATE and span.end <= other.start]
    if not before:
        return True
    last = before[-1]
    run = [span for span in before if not _hour_between(span, last, held)]
    return any(days & setting.day for days in _days(passage, run))


def _hour_between(span: Span, last: Span, held: Sequence[Span]) -> bool:
    return any(one.kind is SpanKind.TIME and span.end <= one.start < last.start for one in held)


def _days(passage: str, held: Sequence[Span]) -> Iterator[frozenset[object]]:
    """The days named, and those between the two ends of "Monday to Friday"."""
    days = [span for span in held if span.kind is SpanKind.DATE]
    for span in days:
        yield frozenset(span.readings)
    for left, right in pairwise(days):
        if _RANGE.fullmatch(passage[left.end : right.start].lower()):
            yield _between(left, right)


def _between(left: Span, right: Span) -> frozenset[object]:
    starts = [day for day in left.readings if isinstance(day, date)]
    ends = [day for day in right.readings if isinstance(day, date)]
    if not starts or not ends:
        return frozenset()
    first, last = min(starts).weekday(), min(ends).weekday()
    wanted = {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    around = min(starts).toordinal()
    near = (date.fromordinal(around + step) for step in range(-14, 22))
    return frozenset(day for day in near if day.weekday() in wanted)
