"""Whether a text states a value, however it is written: `2019-03-06` as "March 6th", `16:30` as "4:30 pm"."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def mentions(text: str, values: Sequence[str]) -> bool:
    """Whether `text` states any of the spellings of one fact, as whole words."""
    lowered = text.lower()
    return any(pattern.search(lowered) for value in values for pattern in (_pattern(value),) if pattern is not None)


@lru_cache(maxsize=8192)
def _pattern(value: str) -> re.Pattern[str] | None:
    forms = [form for form in spellings(value) if form]
    if not forms:
        return None
    return re.compile(r"(?<![\w.])(?:" + "|".join(forms) + r")(?!\w)")


def spellings(value: str) -> list[str]:
    """Patterns, in lower case, of the ways to write a value. `True` and `False` have none: no words are theirs."""
    lowered = value.strip().lower()
    if lowered in {"true", "false", "dontcare"}:
        return []
    if re.fullmatch(r"\d{4}-\d\d-\d\d", lowered):
        return _day(lowered)
    if re.fullmatch(r"\d\d:\d\d", lowered):
        return _time(lowered)
    if re.fullmatch(r"\d+(?:\.\d+)?", lowered):
        return _number(lowered)
    return [r"\s+".join(re.escape(word) for word in lowered.split())]


def _day(iso: str) -> list[str]:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return [re.escape(iso)]
    month = f"{_MONTHS[day.month - 1][:3]}(?:{_MONTHS[day.month - 1][3:]})?"
    number = rf"{day.day}(?:st|nd|rd|th)?"
    return [re.escape(iso), rf"{month} (?:the )?{number}", rf"{number} (?:of )?{month}", rf"the {number} of this month"]


def _time(clock: str) -> list[str]:
    hour, minute = int(clock[:2]), clock[3:]
    half, part = hour % 12 or 12, "a" if hour < 12 else "p"
    short = [rf"{half} ?{part}\.?m"] if minute == "00" else []
    return [re.escape(clock), rf"{half}:{minute}(?: ?{part}\.?m)?", *short]


def _number(digits: str) -> list[str]:
    whole, _, rest = digits.partition(".")
    grouped = f"{int(whole):,}"
    tail = rf"(?:\.{rest.rstrip('0')}0*)" if rest.strip("0") else r"(?:\.0+)?"
    return [whole + tail, re.escape(grouped) + tail]
