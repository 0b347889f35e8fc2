"""Dates as written in replies, read as the set of days they may mean from the day of the conversation."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from domain.assistance.verifier import numbers
from domain.assistance.verifier.taken import Taken

Days = frozenset[date]

_FURTHEST: Final = 5_000
"""Nobody means a day so many days or weeks ahead."""

_MONTHS: Final = {
    name: place
    for place, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS: Final = {
    name: place
    for place, names in enumerate(
        (
            "monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri",
            "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip

_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY: Final = "(?:" + "|".join(name for name in _WEEKDAYS if name.endswith("day")) + ")"
_ABBREVIATED: Final = "(?:" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?\b"
_DAY_WORD: Final = rf"(?:{numbers.ORDINAL})\b"
_YEAR: Final = r"(?:,?\s(?:of\s)?(?P<year>\d{4})\b)?"
_ON: Final = rf"(?:(?P<weekday>{_ABBREVIATED}),?\s(?:the\s)?)?"

_ISO: Final = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_SLASHED: Final = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[.-]\d)")
_SHORT: Final = re.compile(r"(?<![\d/.$])(\d{1,2})/(\d{1,2})(?![\d/])")
_MONTH_DAY: Final = re.compile(
    rf"\b{_ON}(?P<month>{_MONTH})\s?(?:the\s)?(?P<day>{_DAY}|{_DAY_WORD})(?!:\d|\s?[ap]\.?m\b){_YEAR}"
)
_DAY_MONTH: Final = re.compile(
    rf"\b{_ON}(?P<day>{_DAY}|{_DAY_WORD})\s?(?:of\s)?(?P<month>{_MONTH})(?!\s?\d{{1,2}}\b){_YEAR}"
)
_DAY_ONLY: Final = re.compile(
    rf"\b(?:(?:the|on)\s(?P<word>{_DAY_WORD})(?=[.,;!?]|$|\s(?:at|until|till|to|and|through)\b)|"
    rf"{_ON}(?P<day>\d{{1,2}}\s?(?:st|nd|rd|th))\b(?!\s(?:street|avenue|floor|st\b|ave\b|road|option|time"
    rf"|place))(?:\sof\s(?:this|the|next|that)\smonth\b)?)"
)
_RELATIVE: Final = re.compile(
    rf"\b(?P<base>(?:the\s)?day\safter\stomorrow|(?:the\s)?day\sbefore\syesterday|today|tonight|tomorrow|tmrw?"
    rf"|yesterday)\b"
    rf"|\bin\s(?P<count>an?|\d{{1,3}}|{numbers.WORDS})\s(?P<unit>days?|weeks?)(?:'?\stime)?\b"
    rf"|\b(?:a|one)\sweek\sfrom\s(?P<from>today|tomorrow|now|{_WEEKDAY})\b"
)
_NAMED_DAY: Final = re.compile(
    rf"\b(?:(?P<which>this|next|coming|following|last|past|upcoming)\s+(?:coming\s)?)?(?P<weekday>{_WEEKDAY})s?\b"
    rf"(?:,?\s(?:of\s)?(?P<week>(?:next|this)\sweek))?"
)
_SPAN: Final = re.compile(r"\b(?P<which>this|next|coming|last)\s(?P<unit>weekend|week|month)\b|\bend\sof\sthe\smonth\b")
_BARE_MONTH: Final = re.compile(
    rf"\b(?:in|of|during|early|late|mid|mid-|until|till|through|by|since"
    rf"|from)\s(?P<month>{_MONTH})(?P<year>\s\d{{4}}\b)?"
)

Found = tuple[int, int, Days]


def find(text: str, today: date) -> list[Found]:
    """Every date in a folded lower-case text: start, end, the days it may mean. None overlap."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = (
        (_ISO, _iso), (_SLASHED, _slashed), (_MONTH_DAY, _month_day), (_DAY_MONTH, _month_day), (_SHORT, _short),
        (_RELATIVE, _relative), (_NAMED_DAY, _named_day), (_DAY_ONLY, _day_only), (_SPAN, _stretch),
        (_BARE_MONTH, _bare_month),
    )  # fmt: skip
    found: list[Found] = []
    taken = Taken(len(text))
    for pattern, read in readers:
        for match in pattern.finditer(text):
            if taken.is_free(*match.span()):
                taken.add(*match.span())
                found.append((*match.span(), read(match, today)))
    return sorted(found, key=lambda one: one[0])


def _days(parts: Iterable[tuple[int, int, int]]) -> Days:
    found: set[date] = set()
    for year, month, day in parts:
        try:
            found.add(date(year, month, day))
        except ValueError:
            continue
    return frozenset(found)


def _iso(match: re.Match[str], _today: date) -> Days:
    return _days([(int(match.group(1)), int(match.group(2)), int(match.group(3)))])


def _slashed(match: re.Match[str], _today: date) -> Days:
    one, other, year = int(match.group(1)), int(match.group(3)), int(match.group(4))
    full = year if year > 99 else 2000 + year
    return _days([(full, one, other), (full, other, one)])


def _short(match: re.Match[str], today: date) -> Days:
    return _either_way(int(match.group(1)), int(match.group(2)), today)


@lru_cache(maxsize=1024)
def _either_way(one: int, other: int, today: date) -> Days:
    return _days((year, *pair) for year in _years(today) for pair in ((one, other), (other, one)))


def _years(today: date) -> tuple[int, ...]:
    return today.year - 1, today.year, today.year + 1


def _number(raw: str) -> int:
    digits = re.match(r"\d+", raw)
    return int(digits.group()) if digits else numbers.ordinal(raw)


def _month_day(match: re.Match[str], today: date) -> Days:
    month = _MONTHS[match.group("month").rstrip(".")]
    years = (int(match.group("year")),) if match.group("year") else _years(today)
    return _on_weekday(match, _days((year, month, _number(match.group("day"))) for year in years))


def _on_weekday(match: re.Match[str], days: Days) -> Days:
    name = match.group("weekday")
    if not name:
        return days
    return frozenset(day for day in days if day.weekday() == _WEEKDAYS[name.rstrip(".")])


def _day_only(match: re.Match[str], today: date) -> Days:
    day = _number(match.group("word") or match.group("day"))
    this, following = today.replace(day=1), (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = (this,) if day >= today.day else (this, following)
    return _on_weekday(match, _days((month.year, month.month, day) for month in months))


def _relative(match: re.Match[str], today: date) -> Days:
    if match.group("base"):
        return frozenset({today + timedelta(days=_offset(match.group("base")))})
    if match.group("from"):
        name = match.group("from")
        offset = {"today": 0, "now": 0, "tomorrow": 1}.get(name)
        start = _coming(today, _WEEKDAYS[name]) if offset is None else today + timedelta(days=offset)
        return frozenset({start + timedelta(days=7)})
    raw = match.group("count")
    count = 1 if raw in {"a", "an"} else int(min([*numbers.values(raw), _FURTHEST]))
    return frozenset({today + timedelta(days=count * (7 if match.group("unit").startswith("week") else 1))})


def _offset(base: str) -> int:
    if "after" in base:
        return 2
    if "before" in base:
        return -2
    return {"today": 0, "tonight": 0, "yesterday": -1}.get(base, 1)


def _coming(today: date, weekday: int) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _named_day(match: re.Match[str], today: date) -> Days:
    weekday = _WEEKDAYS[match.group("weekday")]
    coming = _coming(today, weekday)
    of_next_week = today + timedelta(days=7 - today.weekday() + weekday)
    which, week = match.group("which") or "", match.group("week") or ""
    if which in {"last", "past"}:
        return frozenset({coming - timedelta(days=7)})
    if "next" in week:
        return frozenset({of_next_week})
    if which == "next":
        return frozenset({coming, of_next_week})
    return frozenset({coming, today} if today.weekday() == weekday else {coming})


def _stretch(match: re.Match[str], today: date) -> Days:
    unit = match.group("unit") or "end"
    if unit == "end":
        return _days((today.year, today.month, day) for day in range(25, 32))
    step = {"next": 1, "last": -1}.get(match.group("which"), 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * step)
    if unit == "month":
        return _month(today.replace(day=15) + timedelta(days=30 * step))
    return frozenset(monday + timedelta(days=day) for day in range(5 if unit == "weekend" else 0, 7))


def _month(inside: date) -> Days:
    return _days((inside.year, inside.month, day) for day in range(1, 32))


def _bare_month(match: re.Match[str], today: date) -> Days:
    month = _MONTHS[match.group("month").rstrip(".")]
    years = (int(match.group("year")),) if match.group("year") else _years(today)
    return _days((year, month, day) for year in years for day in range(1, 32))
