"""Hears values in a message and decides which slot each one is for."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from domain.assistance.drafting.checklists import Slot, SlotType
from domain.assistance.drafting.moments import Found, dates_in, numbers_in, places_in, times_in
from domain.assistance.drafting.words import AFFIRM, NEGATE, fold

_ANY: Final = re.compile(
    r"\b(?:any|anything|whichever|whatever|no preference|(?:don'?t|do not) (?:care|mind)|(?:doesn'?t|not) matter)\b"
)
_AT_HOUR: Final = re.compile(r"\bat \d{1,2}\W*$")
_FEW_WORDS: Final = 6
_REACH_BEFORE: Final = 45
_REACH_AFTER: Final = 25


@dataclass(frozen=True, slots=True)
class Heard:
    """A value in the customer's own words. `sure` is 3 with a cue beside it, 2 after a question for it, else 1."""

    text: str
    sure: int


def hear(
    text: str, slots: Sequence[Slot], asked: Collection[str] = (), known: Collection[str] = ()
) -> dict[str, Heard]:
    """Values by slot name. `asked` are the slots that the message before asked for, `known` those told before."""
    folded = fold(text)
    heard: dict[str, Heard] = {}
    for kind in (SlotType.DATE, SlotType.TIME, SlotType.NUMBER, SlotType.PLACE):
        wanted = [slot for slot in slots if slot.type is kind]
        if wanted:
            heard |= _assign(_candidates(kind, text, folded, wanted, asked), wanted, folded, asked, known)
    heard |= dict(_chosen(text, folded, slots, asked))
    return heard


def _candidates(kind: SlotType, text: str, folded: str, slots: Sequence[Slot], asked: Collection[str]) -> list[Found]:
    pending = any(slot.name in asked for slot in slots)
    if kind is SlotType.DATE:
        return dates_in(text, folded)
    if kind is SlotType.TIME:
        return times_in(text, folded, loose=pending or _AT_HOUR.search(folded) is not None)
    if kind is SlotType.NUMBER:
        near = [n for n in numbers_in(text, folded) if pending or any(_closeness(s, n, folded) for s in slots)]
        return near[: len(slots)]
    return _places(text, folded, slots, pending=pending)


def _places(text: str, folded: str, slots: Sequence[Slot], *, pending: bool) -> list[Found]:
    found = [
        Found(match.start(), match.end(), text[match.start() : match.end()])
        for slot in slots
        for pattern in slot.choices.values()
        for match in pattern.finditer(folded)
    ]
    names = places_in(text, loose=pending)
    found += [n for n in names if not any(n.start < f.end and f.start < n.end for f in found)]
    if not found and pending and _is_bare(text, folded):
        found = [Found(0, len(text), text.strip(" .!"))]
    unique = {place.start: place for place in found}
    return [unique[start] for start in sorted(unique)]


def _is_bare(text: str, folded: str) -> bool:
    short = 0 < len(text.split()) <= 4
    return short and not (AFFIRM.match(folded) or NEGATE.match(folded) or dates_in(text, folded) or "?" in text)


def _assign(
    found: Sequence[Found], slots: Sequence[Slot], folded: str, asked: Collection[str], known: Collection[str]
) -> dict[str, Heard]:
    """Best pairs first: a cue beside the value decides, then what was asked, what is unknown, and the order."""
    pairs: list[tuple[int, str, Found]] = []
    for value in found:
        for place, slot in enumerate(slots):
            hint = 30 * (slot.name in asked) + 10 * (slot.name not in known) + 6 * slot.usual - min(place, 5)
            pairs.append((_closeness(slot, value, folded) + hint, slot.name, value))
    heard: dict[str, Heard] = {}
    taken: set[int] = set()
    for fit, name, value in sorted(pairs, key=lambda pair: (-pair[0], pair[2].start)):
        if name not in heard and value.start not in taken:
            taken.add(value.start)
            # With one slot of the type there is nothing to mistake it for.
            heard[name] = Heard(value.text, 3 if fit >= 100 else 2 if fit >= 20 or len(slots) == 1 else 1)
    return heard


def _closeness(slot: Slot, value: Found, folded: str) -> int:
    """How near a cue of the slot stands: 100 to 200 before the value, 50 to 75 after it, 0 for none."""
    if slot.cues is None:
        return 0
    start = max(0, value.start - _REACH_BEFORE)
    ends = [match.end() for match in slot.cues.finditer(folded, start, value.start)]
    if ends:
        return 200 - min(2 * (value.start - ends[-1]), 100)
    after = slot.cues.search(folded, value.end, value.end + _REACH_AFTER)
    return 75 - (after.start() - value.end) if after is not None else 0


def _chosen(text: str, folded: str, slots: Sequence[Slot], asked: Collection[str]) -> Iterator[tuple[str, Heard]]:
    for slot in slots:
        if slot.type in {SlotType.CHOICE, SlotType.TEXT}:
            match = next(filter(None, (pattern.search(folded) for pattern in slot.choices.values())), None)
            if match is not None:
                yield slot.name, Heard(text[match.start() : match.end()], 3)
            elif slot.name in asked and _answers(slot, folded):
                yield slot.name, Heard(text.strip(" .!"), 2)


def _answers(slot: Slot, folded: str) -> bool:
    """Whether free words answer the question: for a choice only "any", for a text a few words that ask nothing."""
    if _ANY.search(folded) is not None:
        return True
    few = len(folded.split()) <= _FEW_WORDS and "?" not in folded
    return slot.type is SlotType.TEXT and few and not (NEGATE.match(folded) or AFFIRM.match(folded))
