"""How people write a known value in a reply: found in the text, and another value written in the same manner.

Kept apart from the verifier on purpose: what finds the places to alter must not share its blind spots.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NUMBER_WORDS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


class ValueKind(StrEnum):
    """The six sorts of values that are altered."""

    PRICE = "price"
    NAME = "name"
    PLACE = "place"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text that states a value, in the manner `style`."""

    start: int
    end: int
    style: str


def find(kind: ValueKind, value: str, text: str, today: date) -> Place | None:
    """Where the text states the value, or None when it does so in no manner known here, or more than once."""
    places = list(_FINDERS[kind](value, text, today))
    return places[0] if len(places) == 1 else None


def write(kind: ValueKind, value: str, place: Place, text: str, today: date) -> str | None:
    """The text with another value in the same place and manner, or None when the manner cannot say it."""
    written = _WRITERS[kind](value, place.style, text[place.start : place.end], today)
    return None if written is None else text[: place.start] + written + text[place.end :]


def _find_price(value: str, text: str, today: date) -> Iterator[Place]:
    whole = float(value)
    for match in re.finditer(
        r"\$\s?([\d,]+(?:\.\d+)?)|\b([\d,]+(?:\.\d+)?) ?(?:dollars|bucks|usd)\b", text, re.IGNORECASE
    ):
        group = 1 if match.group(1) else 2
        if float(match.group(group).replace(",", "")) == whole:
            yield Place(match.start(group), match.end(group), "comma" if "," in match.group(group) else "plain")
    _ = today


def _write_price(value: str, style: str, old: str, today: date) -> str:
    _ = old, today
    number = float(value)
    if style == "comma" or number >= 10_000:
        return f"{number:,.0f}"
    return f"{number:.0f}" if number.is_integer() else f"{number:.2f}"


def _find_words(value: str, text: str, today: date) -> Iterator[Place]:
    _ = today
    pattern = r"\s+".join(re.escape(part) for part in value.split())
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        style = (
            "lower" if match.group().islower() else "upper" if match.group().isupper() and len(value) > 4 else "as is"
        )
        yield Place(match.start(), match.end(), style)


def _write_words(value: str, style: str, old: str, today: date) -> str:
    _ = old, today
    return {"lower": value.lower(), "upper": value.upper()}.get(style, value)


def _find_number(value: str, text: str, today: date) -> Iterator[Place]:
    _ = today
    number = float(value)
    for match in re.finditer(
        r"(?<![\w$.,:/-])(\d+(?:\.\d+)?)(?=[\s%?!,-]|$|\.(?!\d))(?!\s?(?:[ap]\.?m\b|o'clock))", text, re.IGNORECASE
    ):
        if float(match.group(1)) == number:
            yield Place(match.start(), match.end(), "digits")
    if number.is_integer() and 2 <= number < len(_NUMBER_WORDS):
        for match in re.finditer(rf"\b{_NUMBER_WORDS[int(number)]}\b", text, re.IGNORECASE):
            yield Place(match.start(), match.end(), "words")


def _write_number(value: str, style: str, old: str, today: date) -> str | None:
    _ = old, today
    number = float(value)
    if style == "words":
        return _NUMBER_WORDS[int(number)] if number.is_integer() and 0 <= number < len(_NUMBER_WORDS) else None
    return f"{number:g}"


def _find_date(value: str, text: str, today: date) -> Iterator[Place]:
    day = date.fromisoformat(value)
    month = _MONTHS[day.month - 1]
    forms = {
        "month day": rf"\b{month} (?:the )?{day.day}(?:st|nd|rd|th)?\b(?!:)",
        "day month": rf"\b{day.day}(?:st|nd|rd|th)? (?:of )?{month}\b",
        "weekday": rf"\b(?:this coming |next |coming |this )?{_WEEKDAYS[day.weekday()]}\b",
    }
    relative = {0: r"\btoday\b", 1: r"\btomorrow\b(?<!after tomorrow)", 2: r"\b(?:the )?day after tomorrow\b"}
    if (day - today).days in relative:
        forms["relative"] = relative[(day - today).days]
    for style, pattern in forms.items():
        if style == "weekday" and not 0 < (day - today).days <= 9:
            continue
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield Place(match.start(), match.end(), style)


def _write_date(value: str, style: str, old: str, today: date) -> str:
    day = date.fromisoformat(value)
    ordinal = f"{day.day}{'th' if 11 <= day.day <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day.day % 10, 'th')}"
    if style == "weekday" and 0 < (day - today).days <= 7:
        return re.sub("|".join(_WEEKDAYS), _WEEKDAYS[day.weekday()], old, flags=re.IGNORECASE)
    if style == "relative" and (day - today).days in {0, 1, 2}:
        return ("today", "tomorrow", "the day after tomorrow")[(day - today).days]
    month = _MONTHS[day.month - 1]
    month = month.lower() if old.islower() else month
    return f"{ordinal} of {month}" if style == "day month" else f"{month} {ordinal}"


def _find_time(value: str, text: str, today: date) -> Iterator[Place]:
    _ = today
    hour, minute = (int(part) for part in value.split(":")[:2])
    twelve = hour % 12 or 12
    half = "a" if hour < 12 else "p"
    forms = {"24": rf"(?<![\d:]){hour:02d}:{minute:02d}(?!\s?[ap]\.?m)(?!:?\d)"}
    forms["12"] = rf"(?<![\d:])0?{twelve}:{minute:02d}\s?{half}\.?m\b\.?"
    if minute == 0:
        forms["12 short"] = rf"(?<![\d:])0?{twelve}\s?{half}\.?m\b\.?"
        forms["o'clock"] = rf"(?<![\d:])\b{twelve} o'?clock(?: in the (?:morning|afternoon|evening))?"
    if (hour, minute) == (12, 0):
        forms["noon"] = r"\bnoon\b"
    if minute == 30:
        forms["half past"] = (
            rf"\bhalf past (?:{twelve}|{_NUMBER_WORDS[twelve]})(?: in the (?:morning|afternoon|evening))?"
        )
    for style, pattern in forms.items():
        for match in re.finditer(pattern, text, re.IGNORECASE):
            yield Place(match.start(), match.end(), style)


def _write_time(value: str, style: str, old: str, today: date) -> str:
    _ = today
    hour, minute = (int(part) for part in value.split(":")[:2])
    if style == "24":
        return f"{hour:02d}:{minute:02d}"
    half = "am" if hour < 12 else "pm"
    half = half.upper() if old.rstrip(".").endswith("M") else half
    return f"{hour % 12 or 12} {half}" if minute == 0 and style != "12" else f"{hour % 12 or 12}:{minute:02d} {half}"


_FINDERS: Final = {
    ValueKind.PRICE: _find_price,
    ValueKind.NAME: _find_words,
    ValueKind.PLACE: _find_words,
    ValueKind.NUMBER: _find_number,
    ValueKind.DATE: _find_date,
    ValueKind.TIME: _find_time,
}
_WRITERS: Final = {
    ValueKind.PRICE: _write_price,
    ValueKind.NAME: _write_words,
    ValueKind.PLACE: _write_words,
    ValueKind.NUMBER: _write_number,
    ValueKind.DATE: _write_date,
    ValueKind.TIME: _write_time,
}


def days_from(today: date, step: int) -> str:
    """The day `step` days from today, as ISO text."""
    return (today + timedelta(days=step)).isoformat()
