"""Finds dates, times, numbers and places in a message, as spans of what was written. Nothing is resolved."""

import re
from dataclasses import dataclass
from typing import Final

_MONTH: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)"
)
_WEEKDAY: Final = r"(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)"
_ORDINAL: Final = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    r"fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY: Final = r"\d{1,2}\s?(?:st|nd|rd|th)\b"
_HOUR_WORD: Final = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PAST: Final = rf"(?:half past|quarter (?:past|to)) (?:\d{{1,2}}|{_HOUR_WORD})"
_HOUR: Final = rf"(?:\d{{1,2}}(?:[:.]\d\d)?|{_PAST}|{_HOUR_WORD}(?: (?:thirty|fifteen|forty[- ]five))?)"
_PART: Final = r"(?:morning|afternoon|evening|night)"

DATE: Final = re.compile(
    r"\b(?:"
    rf"\d{{4}}-\d\d-\d\d|"
    rf"(?:the )?(?:{_DAY}|\d{{1,2}}|{_ORDINAL}) (?:of )?{_MONTH}\b|"
    rf"{_MONTH}\.? (?:the )?(?:{_DAY}|\d{{1,2}}\b(?!:)|{_ORDINAL})|"
    rf"(?:the )?{_DAY}(?: of (?:this|the|next) month)?(?! (?:street|avenue|st\b|ave|floor))|"
    rf"the {_ORDINAL} of (?:this|the|next) month|"
    rf"(?:(?:this|next|coming) )?{_WEEKDAY}\b(?: (?:this|next) week)?|"
    r"(?:the )?day after tomorrow|tomorrow|later today|today|tonight|"
    r"\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
    r")"
)
TIME: Final = re.compile(
    r"\b(?:"
    rf"{_HOUR}\s?(?:[ap]\.m\.|[ap]\.?m\b|o['\" ]?\s?[\"']?clock)(?: in the {_PART})?|"
    rf"(?:{_HOUR}) (?:in the|at) {_PART}|"
    rf"{_PART} (?:at |around )?{_HOUR}\b|"
    r"\d{1,2}[:.]\d\d\b|"
    rf"{_PAST}|"
    r"noon|midday|midnight"
    r")"
)
NUMBER: Final = re.compile(rf"\b(?:\d+|{_HOUR_WORD}|a single|single|a couple of|a pair of)\b")
_LOOSE_HOUR: Final = re.compile(rf"\b(?:(?:at|around|by|about|near|for) )?({_HOUR})\b")

_NAME: Final = r"(?:[A-Z][\w'.&-]*|\d+(?:st|nd|rd|th)(?= [A-Z]))(?:,? (?:(?:de|of|la|le|du|the) )?[A-Z][\w'.&-]*)*"
_PLACE: Final = re.compile(
    r"\b(?:[Ff]rom|[Ii]n|[Aa]t|[Nn]ear|[Aa]round|[Tt]o|[Oo]ut of|[Bb]y|[Ii]nto|[Ll]eaving|[Dd]eparting)\s+"
    rf"(?:the |downtown |around )?({_NAME})"
)
_CAPITAL: Final = re.compile(rf"(?<![.?!]\s)(?<!^)\b({_NAME})")
_NOT_A_PLACE: Final = re.compile(
    rf"^(?:{_MONTH}|{_WEEKDAY}|i|i'[a-z]+|ok|okay|yes|no|today|tomorrow|{_PART}|am|pm|the|what|can|could|thanks?)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the message, `text` as written."""

    start: int
    end: int
    text: str


def dates_in(text: str, folded: str) -> list[Found]:
    """Days, in the order written. `folded` is `fold(text)`."""
    return [_found(text, match) for match in DATE.finditer(folded)]


def times_in(text: str, folded: str, *, loose: bool = False) -> list[Found]:
    """Times of day. `loose` takes a bare hour too: after a question for a time it is one."""
    found = [_found(text, match) for match in TIME.finditer(folded)]
    if loose and not found:
        days = dates_in(text, folded)
        for match in _LOOSE_HOUR.finditer(folded):
            if not any(day.start <= match.start(1) < day.end for day in days):
                return [_found(text, match)]
    return found


def numbers_in(text: str, folded: str) -> list[Found]:
    """Counts, without those that are part of a date or a time."""
    taken = dates_in(text, folded) + times_in(text, folded)
    found = [_found(text, match) for match in NUMBER.finditer(folded)]
    return [n for n in found if not any(t.start <= n.start < t.end for t in taken)]


def places_in(text: str, *, loose: bool = False) -> list[Found]:
    """Names after a preposition of place. `loose` takes any capitalised name inside a sentence."""
    matches = list(_PLACE.finditer(text)) + (list(_CAPITAL.finditer(text)) if loose else [])
    found: list[Found] = []
    for match in matches:
        if not _NOT_A_PLACE.match(match.group(1).lower()) and not any(f.start == match.start(1) for f in found):
            found.append(Found(match.start(1), match.end(1), match.group(1)))
    return found


def _found(text: str, match: re.Match[str]) -> Found:
    return Found(match.start(), match.end(), text[match.start() : match.end()])
