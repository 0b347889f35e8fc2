"""Times of day as written in replies, read as minutes after midnight."""

import re
from typing import Final

from domain.assistance.verifier import numbers
from domain.assistance.verifier.taken import Taken
from domain.assistance.verifier.wordlists import listed

Minutes = frozenset[int]
Found = tuple[int, int, Minutes]

_HOURS: Final = listed("one two three four five six seven eight nine ten eleven twelve")
_HOUR: Final = rf"(?:\d{{1,2}}|{'|'.join(_HOURS)})"
_HALF: Final = r"(?:a\.?\s?m\b\.?|p\.?\s?m\b\.?)"
_PART: Final = (
    rf"(?P<half>\s?-?{_HALF}|\s(?:o['\"]?\s?clock\s)?(?:in\sthe\s|this\s|that\s|tomorrow\s)(?:early\s|late\s)?"
    r"(?:morning|afternoon|evening)|\s(?:o['\"]?\s?clock\s)?at\snight)"
)
_CLOCK: Final = re.compile(rf"(?<![\d:.])(?P<hour>\d{{1,2}})[:h](?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d|:){_PART}?")
_DOTTED: Final = re.compile(rf"(?<![\d:.$])(?P<hour>\d{{1,2}})\.(?P<minute>[0-5]\d){_PART}")
_MILITARY: Final = re.compile(r"(?<![\d:])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s?(?:hours|hrs|h)\b")
_WITH_HALF: Final = re.compile(rf"(?<![\d:.$])\b(?P<hour>{_HOUR}){_PART}")
_SPOKEN: Final = re.compile(
    rf"\b(?P<hour>{'|'.join(_HOURS)})[\s-](?P<minute>thirty|fifteen|forty[\s-]five|ten|twenty){_PART}"
)
_OCLOCK: Final = re.compile(rf"\b(?P<hour>{_HOUR})\so['\"]?\s?clock\b{_PART}?")
_PAST: Final = re.compile(
    rf"(?<![:.\d])\b(?:(?P<step>half|(?:a\s)?quarter|\d{{1,2}}|five|ten|twenty[- ]five"
    rf"|twenty)(?:\s?min(?:ute)?s?)?\s)"
    rf"(?P<side>past|after|to|before|till)\s(?P<hour>{_HOUR}|noon|midnight)\b(?:\so['\"]?\s?clock)?{_PART}?"
)
_NAMED: Final = re.compile(r"\b(?:12\s)?(?:noon|midday|midnight)\b")
_PART_FIRST: Final = re.compile(
    rf"\b(?P<part>morning|afternoon|evening)\s(?:at\s"
    rf"|around\s)?(?P<hour>{_HOUR})(?::(?P<minute>[0-5]\d))?\b(?!\s?[ap]\.?m\b|:|\.\d)"
)
_AT: Final = re.compile(
    rf"\b(?:at|around|about|morning|afternoon|evening)\s(?P<hour>{_HOUR})(?=\s*[,;!?)]|\s*\.(?!\d)|\s*$|\s(?:on"
    rf"|and|tomorrow|today|until|till|to|from|next|then|for)\b)"
)


def find(text: str) -> list[Found]:
    """Every time of day in a folded lower-case text: start, end, the minutes of the day it may mean."""
    found: list[Found] = []
    taken = Taken(len(text))
    for pattern in (_PART_FIRST, _PAST, _CLOCK, _DOTTED, _SPOKEN, _OCLOCK, _WITH_HALF, _MILITARY, _NAMED, _AT):
        for match in pattern.finditer(text):
            start = match.start("hour") if pattern is _AT else match.start()
            minutes = _read(pattern, match)
            if minutes and taken.is_free(start, match.end()):
                taken.add(start, match.end())
                found.append((start, match.end(), minutes))
    return sorted(found, key=lambda one: one[0])


def _read(pattern: re.Pattern[str], match: re.Match[str]) -> Minutes:
    if pattern is _NAMED:
        return frozenset({0 if "midnight" in match.group() else 720})
    named = {"noon": 12, "midnight": 0}.get(match.group("hour"))
    hour = _number(match.group("hour")) if named is None else named
    half = (match.groupdict().get("half") or match.groupdict().get("part") or "").strip() or (
        "" if named is None else "exact"
    )
    padded = match.group("hour").startswith("0") and not half
    base = _hours(hour, half, exact=padded or pattern is _MILITARY)
    if pattern is _PAST:
        step = _step(match.group("step"))
        sign = 1 if match.group("side") in {"past", "after"} else -1
        return frozenset((minutes + sign * step) % 1440 for minutes in base)
    minute = match.groupdict().get("minute")
    return frozenset(minutes + (_number(minute) if minute else 0) for minutes in base)


def _number(raw: str) -> int:
    return int(raw) if raw.isdigit() else numbers.in_words(raw)


def _step(raw: str) -> int:
    if "half" in raw:
        return 30
    return 15 if "quarter" in raw else _number(raw)


def _hours(hour: int, half: str, *, exact: bool) -> Minutes:
    """Midnight-based minutes of an hour, by the half of the day that was said. Impossible hours mean nothing."""
    if hour > 24 or (hour > 12 and (re.match(r"-?a\.?\s?m", half) or "morning" in half)):
        return frozenset()
    if exact or half == "exact" or hour > 12 or hour == 0:
        return frozenset({hour % 24 * 60})
    morning, evening = hour % 12 * 60, (hour % 12 + 12) * 60
    if re.match(r"-?a\.?\s?m", half) or "morning" in half:
        return frozenset({morning})
    if half.startswith("p") or "afternoon" in half or "evening" in half:
        return frozenset({evening})
    if "night" in half:
        return frozenset({morning if hour == 12 else evening})
    return frozenset({morning, evening})
