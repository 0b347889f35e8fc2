"""What part a value plays: the start or the end of something, and the words that name a field in a sentence."""

import re
from enum import Enum
from functools import lru_cache
from typing import Final

from domain.assistance.verifier.vocabulary import same_stem
from domain.assistance.verifier.wordlists import bag


class Role(Enum):
    """Which end of a stretch of time (or way) a value marks."""

    START = "start"
    END = "end"
    EITHER = "either"


_START_FIELDS: Final = bag("pickup pick start begin from checkin departure depart leaving origin outbound collection")
_END_FIELDS: Final = bag(
    "dropoff drop return end until to checkout arrival arrive inbound destination expires expiry expiration deadline"
)
_START_CUES: Final = re.compile(
    r"\b(?:pick(?:ing|ed|s)?|pickup|collect(?:ing|ed)?|from|start(?:s|ing)?|beginn?(?:s|ing)?"
    r"|check(?:ing)?[\s-]?in"
    r"|depart(?:s|ing|ure)?|leav(?:e|es|ing)(?!\s(?:the|it|your)\b)|outbound)\b"
)
_END_CUES: Final = re.compile(
    r"\b(?:drop(?:p?ing|p?ed|s)?|dropoff|return(?:ing|ed|s)?|until|till?|through|thru|end(?:s|ing)?"
    r"|check(?:ing)?[\s-]?out|arriv(?:e|es|ing|al)|leav(?:e|ing)\s(?:the|it|your)|back|bring|keep(?:ing)?"
    r"|land(?:s|ing)?|expir(?:es?|ing)|to(?=\s(?:the\s)?$))\b"
)
_NEXT: Final = (
    r"(?!\s(?:on|at|by|is|it|will|from|in|the|your|my|around|before|after|next|this|today|tomorrow|until|till|to"
    r"|between"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|\d|:)|\sdate\s(?:is|will|of"
    r"|for|being)|\s(?:time|location|place|spot|point)|:)"
)
_START_AFTER: Final = re.compile(
    rf"^\s*(?:for\s|is\s|being\s|as\s)?(?:the\s|a\s|your\s)?(?:pick[\s-]?up|check[\s-]?in|departure"
    rf"|start)\b{_NEXT}"
)
_END_AFTER: Final = re.compile(
    rf"^\s*(?:for\s|is\s|being\s|as\s)?(?:the\s|a\s|your\s)?(?:drop(?:ping)?[\s-]?off|return|check[\s-]?out"
    rf"|arrival|end)\b{_NEXT}"
)
_NOISE: Final = bag("number of count total num no the a is has how many value amount per in on at to for")
_SYNONYMS: Final = (
    bag("traveler traveller passenger guest people person adult pax group party seat ticket rider"),
    bag("odometer mileage mile kilometer km"),
    bag("stop transfer layover nonstop"),
    bag("bath bathroom"),
    bag("bed bedroom"),
    bag("quantity stock left available inventory unit copies"),
    bag("horsepower hp power"),
    bag("temperature temp degree fahrenheit celsius"),
    bag("wind mph kmh windspeed"),
    bag("precipitation rain rainfall chance shower raining"),
    bag("rating rated star score"),
    bag("bag baggage luggage suitcase"),
    bag("digital download mp3 file"),
)
_MONEY_FIELDS: Final = bag(
    "price prices fare rent cost costs total fee fees deposit msrp balance charge payment premium budget salary"
    " tariff "
    "amount rate surcharge fine refund subtotal invoice due"
)
_PERIODS: Final = {
    "day": bag("day daily"),
    "night": bag("night nightly"),
    "week": bag("week weekly"),
    "month": bag("month monthly"),
    "year": bag("year yearly annual annually annum"),
    "hour": bag("hour hourly"),
}


IN_TOTAL: Final = re.compile(r"\s*(?:in\stotal|total|altogether|all\sin|overall|for\s(?:the\s)?(?:whole|entire))\b")
"""Right after a sum: it is said for everything, not per day or night."""


@lru_cache(maxsize=2048)
def field_words(name: str) -> tuple[str, ...]:
    """The words of a field name: `pickup_date` -> pickup, date."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return tuple(re.sub(r"[^a-z0-9]+", " ", plain.lower().replace("check_", "check").replace("drop_", "drop")).split())


@lru_cache(maxsize=2048)
def field_role(name: str) -> Role:
    """Which end a field marks; EITHER when its name says none or both."""
    said = set(field_words(name))
    starts, ends = bool(said & _START_FIELDS), bool(said & _END_FIELDS)
    if starts == ends:
        return Role.EITHER
    return Role.START if starts else Role.END


@lru_cache(maxsize=2048)
def holds_money(name: str) -> bool:
    """Whether bare numbers in this field are sums."""
    return bool(set(field_words(name)) & _MONEY_FIELDS) and "number" not in field_words(name)


@lru_cache(maxsize=2048)
def telling_words(name: str) -> frozenset[str]:
    """The words of a field name that tell it from others."""
    return frozenset(field_words(name)) - _NOISE


def role_before(text: str) -> Role:
    """The role that the words before a value give it: the last cue counts."""
    starts = [match.start() for match in _START_CUES.finditer(text)]
    ends = [match.start() for match in _END_CUES.finditer(text)]
    if not starts and not ends:
        return Role.EITHER
    return Role.START if max(starts, default=-1) > max(ends, default=-1) else Role.END


def role_after(text: str) -> Role:
    """The role that the words right after a value give it ("a March 13th drop-off"), unless they open the next one."""
    if _START_AFTER.search(text):
        return Role.START
    return Role.END if _END_AFTER.search(text) else Role.EITHER


def role_between(before: str, after: str) -> Role:
    """The role by the words on both sides; those right after it weigh more."""
    role = role_after(after)
    return role_before(before) if role is Role.EITHER else role


def role_of(text: str, start: int, end: int) -> Role:
    """The role of a stretch of a text by the words around it."""
    return role_between(text[max(0, start - 40) : start], text[end : end + 25])


@lru_cache(maxsize=65_536)
def names_field(word: str, telling: str) -> bool:
    """Whether a word of a sentence points to a field by one word of its name."""
    return _alike(word, telling) or any(
        any(_alike(word, one) for one in group) and any(_alike(telling, one) for one in group) for group in _SYNONYMS
    )


def _alike(one: str, other: str) -> bool:
    """Whether two words are the same or share their stem, which words as short as "km" do not have."""
    return one == other or same_stem(one, other)


@lru_cache(maxsize=1024)
def period_in(text: str) -> str:
    """The period a sum is said for ("per night" -> night), empty when none."""
    match = re.match(r"\s*(?:/|per|each|every|an?|one)?\s*([a-z]+)", text)
    if match is None or not re.match(
        r"\s*(?:/|per|each|every|an?\s|daily|nightly|weekly|monthly|yearly|hourly|annually)", text
    ):
        return ""
    return next((period for period, forms in _PERIODS.items() if match.group(1) in forms), "")


def field_period(name: str) -> str:
    """The period that a field name fixes: `price_per_night` -> night, `total_price` -> total, else empty."""
    said = set(field_words(name))
    if "total" in said:
        return "total"
    return next((period for period, forms in _PERIODS.items() if said & forms), "")
