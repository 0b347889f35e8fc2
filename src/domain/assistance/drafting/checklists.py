"""What a business must know before it can answer, read from a CHECKLIST fact (format: the package docstring)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from domain.assistance.facts import Fact, FactKind


class SlotType(StrEnum):
    """How a value of the slot is recognised in a message."""

    PLACE = "place"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


class Purpose(StrEnum):
    """Whether the checklist leads to a look-up, or to something being booked."""

    FIND = "find"
    BOOK = "book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing to know. Patterns match folded text; `None` matches nothing."""

    name: str
    type: SlotType
    ask: str
    label: str
    fields: tuple[str, ...]
    """Fields of a row that hold the value: the slot's own name and its `also` names."""
    cues: re.Pattern[str] | None = None
    """Words beside a value that say it is meant for this slot (`until` -> the last day)."""
    asks: re.Pattern[str] | None = None
    """Words of a question by which staff ask for it."""
    choices: Mapping[str, re.Pattern[str]] = field(default_factory=dict[str, re.Pattern[str]])
    required: bool = True
    usual: bool = False
    """A value of the type that nothing marks is for this slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What must be known for one purpose of one group of services."""

    topic: str
    purpose: Purpose
    services: tuple[str, ...]
    slots: tuple[Slot, ...]
    about: re.Pattern[str] | None = None
    wants: re.Pattern[str] | None = None
    direct: bool = False
    """A booking may start without a row being chosen."""
    tell: tuple[str, ...] = ()
    names: Mapping[str, re.Pattern[str]] = field(default_factory=dict[str, re.Pattern[str]])

    @property
    def group(self) -> str:
        """Checklists of one group speak about the same rows: it is their first service."""
        return self.services[0]


def checklists_in(facts: Iterable[Fact]) -> tuple[Checklist, ...]:
    """Every readable checklist among the facts, in order. One that cannot be read is left out, never an error."""
    read = (read_checklist(fact.text) for fact in facts if fact.kind is FactKind.CHECKLIST)
    return tuple(checklist for checklist in read if checklist is not None)


@lru_cache(maxsize=256)
def read_checklist(text: str) -> Checklist | None:
    """Read the JSON text of a checklist, or answer `None` when it is not one."""
    try:
        document: Any = json.loads(text)
        return _checklist(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def phrases(words: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of whole words or phrases, longest first; a trailing `*` leaves the ending open."""
    parts = [_phrase(word) for word in sorted(words, key=len, reverse=True) if word.strip()]
    return re.compile(r"\b(?:" + "|".join(parts) + ")") if parts else None


def _phrase(word: str) -> str:
    folded = word.strip().lower()
    body = r"\s+".join(re.escape(piece) for piece in folded.rstrip("*").split())
    return body + (r"\w*" if folded.endswith("*") else r"(?!\w)")


def _checklist(document: Mapping[str, Any]) -> Checklist:
    services = _strings(document["services"])
    if not services:
        raise ValueError("a checklist serves at least one service")
    return Checklist(
        topic=str(document["topic"]),
        purpose=Purpose(document.get("purpose", "find")),
        services=services,
        slots=tuple(_slot(slot) for slot in cast("Sequence[Mapping[str, Any]]", document["slots"])),
        about=phrases(_strings(document.get("about", ()))),
        wants=phrases(_strings(document.get("wants", ()))),
        direct=bool(document.get("direct", False)),
        tell=_strings(document.get("tell", ())),
        names=_spellings(document.get("names", {})),
    )


def _slot(document: Mapping[str, Any]) -> Slot:
    name = str(document["name"])
    return Slot(
        name=name,
        type=SlotType(document["type"]),
        ask=str(document["ask"]),
        label=str(document.get("label", name.replace("_", " "))),
        fields=(name, *_strings(document.get("also", ()))),
        cues=phrases(_strings(document.get("cues", ()))),
        asks=phrases(_strings(document.get("asks", ()))),
        choices=_spellings(document.get("choices", {}), own=True),
        required=bool(document.get("required", True)),
        usual=bool(document.get("usual", False)),
    )


def _spellings(document: Mapping[str, Sequence[str]], *, own: bool = False) -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for value, spellings in document.items():
        pattern = phrases([value, *_strings(spellings)] if own else _strings(spellings))
        if pattern is not None:
            found[value] = pattern
    return found


def _strings(values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("a list of texts is expected")
    return tuple(str(value) for value in values)
