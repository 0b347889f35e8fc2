"""Which spans of a reply speak of one thing: the offers in it, each to be borne out by one row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from domain.assistance.verifier.catalogue import Catalogue
from domain.assistance.verifier.reading import Reading, Sentence
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import is_ordinary

_SEAM: Final = re.compile(r"[,;:\n•|]|\b(?:and|or|but|while|whereas|versus|vs)\b|&")
_MOST_CUTS: Final = 64


@dataclass(frozen=True, slots=True)
class Group:
    """Spans about one thing. `named` when one of them names it."""

    spans: tuple[Span, ...]
    named: bool


def names_thing(span: Span, catalogue: Catalogue) -> bool:
    """Whether a span names a row: its car, its hotel, its plate."""
    if span.kind is not SpanKind.NAME or span.weak or not span.values & catalogue.vocabulary.identifying:
        return False
    if catalogue.vocabulary.ids.get(span.words) in catalogue.vocabulary.identifying:
        return True
    return len(span.words) > 1 or not all(is_ordinary(word) for word in span.words)


def groups(reading: Reading, catalogue: Catalogue) -> list[Group]:
    """Offers in order. A sentence that names nothing belongs to the thing named before it, else to the first one."""
    found: list[Group] = []
    waiting: list[Span] = []
    for sentence in reading.sentences:
        things = [span for span in sentence.spans if names_thing(span, catalogue)]
        if not things and not found:
            waiting += sentence.spans
        elif not things or (found and _same_thing(_thing_of(found[-1], catalogue), things, catalogue)):
            found[-1] = Group((*found[-1].spans, *sentence.spans), named=True)
        else:
            found.append(Group((*waiting, *sentence.spans), named=True))
            waiting = []
    return found or ([Group(tuple(waiting), named=False)] if waiting else [])


def _thing_of(group: Group, catalogue: Catalogue) -> list[Span]:
    return [span for span in group.spans if names_thing(span, catalogue)]


def _same_thing(known: Sequence[Span], new: Sequence[Span], catalogue: Catalogue) -> bool:
    return _one_row_holds([*known, *new], catalogue)


def _one_row_holds(things: Sequence[Span], catalogue: Catalogue) -> bool:
    identifying = catalogue.vocabulary.identifying
    return any(all(thing.values & identifying & row.value_ids.keys() for thing in things) for row in catalogue.rows)


def splits(group: Group, reading: Reading, catalogue: Catalogue) -> Iterator[list[Group]]:
    """Ways to cut a group that names several things into one part for each, at commas and joining words."""
    things = [place for place, span in enumerate(group.spans) if names_thing(span, catalogue)]
    clusters = _clusters(group.spans, things, catalogue)
    choices = [_seams(group.spans, left, right, reading) for left, right in pairwise(clusters)]
    if not choices or not all(choices):
        return
    for number, cuts in enumerate(product(*choices)):
        if number >= _MOST_CUTS:
            return
        edges = [0, *cuts, len(group.spans)]
        yield [Group(group.spans[start:end], named=True) for start, end in pairwise(edges)]


def _clusters(spans: Sequence[Span], things: list[int], catalogue: Catalogue) -> list[tuple[int, int]]:
    """First and last place of each thing named: "Honda" and "Accord" side by side are one thing."""
    found: list[tuple[int, int]] = []
    for place in things:
        if found and place == found[-1][1] + 1 and _names_on(spans[found[-1][1]], spans[place], catalogue):
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _names_on(left: Span, right: Span, catalogue: Catalogue) -> bool:
    return left.words != right.words and _one_row_holds([left, right], catalogue)


def _seams(spans: Sequence[Span], left: tuple[int, int], right: tuple[int, int], reading: Reading) -> list[int]:
    """Places between two things where a new part may begin."""
    return [
        place
        for place in range(left[1] + 1, right[0] + 1)
        if _SEAM.search(reading.lower[spans[place - 1].end : spans[place].start])
        or _crosses_sentence(reading.sentences, spans[place - 1], spans[place])
    ]


def _crosses_sentence(sentences: Sequence[Sentence], left: Span, right: Span) -> bool:
    return any(left.start < sentence.start <= right.start for sentence in sentences)
