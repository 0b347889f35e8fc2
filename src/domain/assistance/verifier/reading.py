"""A reply (or an earlier message) read into its spans, sentence by sentence."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.assistance.verifier import names, normalise, spans
from domain.assistance.verifier.catalogue import Catalogue
from domain.assistance.verifier.normalise import Folded, Token
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.taken import Taken
from domain.assistance.verifier.verdict import SpanKind

_BREAK: Final = re.compile(r"[.!?]+[\"')\]*]*(?:\s+|$)|\n+|(?<=[a-z])[.!?](?=[A-Z])|[.!?]{2,}")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:a\.m|p\.m|mr|mrs|ms|dr|st|ave|blvd|rd|inc|ltd|co|no|ctr|vs|approx|e\.g|i\.e|jr|sr|[a-z]))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a reading: where it stands and what it states, in order."""

    start: int
    end: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with everything it states."""

    folded: Folded
    lower: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]

    def spans(self) -> Iterator[Span]:
        """All spans in order."""
        for sentence in self.sentences:
            yield from sentence.spans


def read(text: str, catalogue: Catalogue, familiar: frozenset[str] | None) -> Reading:
    """Find all spans of a text. `familiar` are words that are no news; None skips the search for unknown names."""
    folded = normalise.fold(text)
    tokens = normalise.tokens(folded.text)
    found = spans.addresses(folded.text)
    named = names.known(tokens, catalogue.vocabulary, Taken.by(found, len(folded.text)))
    found += _but_currencies(named, folded.text, catalogue)
    found += spans.typed_outside(folded.text, catalogue.today, Taken.by(found, len(folded.text)))
    if familiar is not None:
        taken = Taken.by(found, len(folded.text))
        found += names.unknown(folded.text, tokens, catalogue.vocabulary, familiar, taken)
    found.sort(key=lambda span: span.start)
    return Reading(folded, folded.text.lower(), tokens, tuple(_sentences(folded.text, found)))


def _but_currencies(named: list[Span], text: str, catalogue: Catalogue) -> Iterator[Span]:
    sums = [one for one in spans.typed(text, catalogue.today) if one.kind is SpanKind.MONEY] if named else []
    ends = [one.end for one in sums]
    for name in named:
        first, last = bisect_right(ends, name.start), bisect_right(ends, name.end) + 1
        if not any(_is_of_sum(name, one, catalogue) for one in sums[first:last]):
            yield name


def _is_of_sum(name: Span, one: Span, catalogue: Catalogue) -> bool:
    """Whether a mention is but the currency of a sum ("EUR", where some field says "1.20 EUR per km")."""
    inside = one.start <= name.start and name.end <= one.end
    overlaps = name.start < one.end and one.start < name.end
    return inside or (overlaps and name.words not in catalogue.vocabulary.ids)


def _sentences(text: str, found: list[Span]) -> Iterator[Sentence]:
    starts = [span.start for span in found]
    start = 0
    for end in [*_breaks(text, found), len(text)]:
        if end > start:
            inside = found[bisect_left(starts, start) : bisect_left(starts, end)]
            yield Sentence(start, end, tuple(inside))
            start = end


def _breaks(text: str, found: list[Span]) -> Iterator[int]:
    taken, ends = Taken.by(found, len(text)), {span.end for span in found}
    for match in _BREAK.finditer(text):
        inside = not taken.is_free(match.start(), match.start() + 1) and match.start() + 1 not in ends
        short = match.group().startswith(".") and _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()])
        if not inside and not (short and not text[match.end() : match.end() + 1].isupper()):
            yield match.end()


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """The comparable words of a text, each with a blank on both sides, to look for runs of words."""
    return f" {' '.join(normalise.words(text))} "
