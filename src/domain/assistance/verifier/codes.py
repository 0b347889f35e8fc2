"""Addresses and identifiers: URLs, e-mails, phone numbers, plates, VINs, stock numbers."""

import re
from functools import lru_cache
from typing import Final

from domain.assistance.verifier.taken import Taken
from domain.assistance.verifier.verdict import SpanKind

Found = tuple[int, int, SpanKind, str]

_TOP_LEVEL: Final = (
    "com|org|net|io|co|ai|app|dev|info|biz|shop|store|online|site|xyz|me|tv|us|uk|de|fr|nl|es|it|eu|ca|au|ch|at"
    "|be|pl"
    "|se|no|dk|ru|cn|in|jp|br|link|click|live|cars|auto|example|test|gov|edu|ly|gl|to|gg|fm"
)
_DOT: Final = r"(?:\.|\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|\sdot\s)"
_LOCAL: Final = r"(?<![\w.+%'-])(?:(?![a-z0-9])[\w.+%'-])*+(?P<local>[a-z0-9][\w.+%'-]*+)"
"""Entered only where a run of such letters begins, and never given back."""
_HOST: Final = rf"[a-z0-9](?:[\w-]{{0,63}}+{_DOT}){{1,127}}(?:{_TOP_LEVEL})\b"
"""As long as the names of hosts may be."""
_EMAIL: Final = re.compile(
    rf"{_LOCAL}(?:@|\s?[\[({{]\s?at\s?[\])}}]\s?"
    rf"|\sat\s(?=[\w-]+\sdot\s))(?P<host>[\w-]+(?:{_DOT}[\w-]+)+)"
)
_URL: Final = re.compile(
    rf"(?:(?:https?|hxxps?|ftp|javascript|data|tel|mailto):/{{0,2}}\S+|www\.\S+|(?<![\w@.])(?<!\w-){_HOST}(?:[:/?#]\S*)?)"
)
_PHONE: Final = re.compile(
    r"(?<![\w$€£,:/-])(?<!\d\.)(?:\+\s?|00)?\(?\d{1,5}\)?(?:[\s().\u2011/-]{1,2}\(?\d{1,7}\)?){1,6}(?![\w%]"
    r"|[:.,]\d|\s?(?:[ap]m\b|dollars|usd))"
)
_MIXED: Final = re.compile(r"(?<![\w$€£'-])(?=[a-z'-]*\d)(?=[\d'-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*(?!\w)")
_QUANTITY: Final = re.compile(
    r"\d++(?:st|nd|rd|th|am|pm|a|p|k|m|x|km|kms|mi|miles|mph|kmh|hp|bhp|gb|mb|tb|lb|lbs|kg|cm|mm|in|ft|sq|sqft|hr"
    r"|hrs|h|min|mins"
    r"|sec|s|pc|pcs|br|bd|bed|beds|ba|bath|baths|cc|kw|kwh|l|w|v|pax|ppl|star|stars|f|c|usd|eur)"
    r"|\d++(?:-[a-z]++)++"
)
_LONG_DIGITS: Final = re.compile(r"(?<![\w$€£.,-])\d{7,}(?![\w%]|[.,]\d)")
_ENOUGH_DIGITS: Final = 7
_COUNTRY_DIGITS: Final = 3
_FULL_PHONE: Final = 10
_LONGEST_NATIONAL: Final = 11
_TRAILING: Final = ".,;:!?)]}'\"*_"


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Found, ...]:
    """Every address and identifier in a folded lower-case text: start, end, kind, comparable form."""
    found: list[Found] = []
    taken = Taken(len(text))

    def add(start: int, end: int, kind: SpanKind) -> None:
        kept = text[start:end].rstrip(_TRAILING)
        if taken.is_free(start, start + len(kept)):
            taken.add(start, start + len(kept))
            found.append((start, start + len(kept), kind, canonical(kind, kept)))

    for match in _EMAIL.finditer(text):
        add(match.start("local"), match.end(), SpanKind.EMAIL)
    for match in _URL.finditer(text):
        add(*match.span(), SpanKind.URL)
    for match in _PHONE.finditer(text):
        if sum(character.isdigit() for character in match.group()) >= _ENOUGH_DIGITS:
            add(*match.span(), SpanKind.PHONE)
    for match in _LONG_DIGITS.finditer(text):
        kind = SpanKind.PHONE if len(match.group()) >= _FULL_PHONE else SpanKind.CODE
        add(*match.span(), kind)
    for match in _MIXED.finditer(text):
        if not _QUANTITY.fullmatch(match.group()):
            add(*match.span(), SpanKind.CODE)
    return tuple(found)


def canonical(kind: SpanKind, raw: str) -> str:
    """The form in which two spellings of one address or identifier are equal."""
    lowered = raw.lower().strip()
    if kind is SpanKind.PHONE:
        return re.sub(r"\D", "", lowered)
    if kind is SpanKind.CODE:
        return re.sub(r"[^a-z0-9]", "", lowered)
    plain = re.sub(r"\s?[\[({]\s?at\s?[\])}]\s?", "@", lowered)
    plain = re.sub(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|\sdot\s", ".", plain).replace(" at ", "@")
    if kind is SpanKind.URL:
        return re.sub(r"^(?:https?|hxxps?)://(?:www\.)?|^www\.", "", plain).rstrip("/")
    return plain


def _international(digits: str) -> str:
    return digits[2:] if digits.startswith("00") and len(digits) > _LONGEST_NATIONAL else digits


def same_phone(one: str, other: str) -> bool:
    """Whether two digit strings are one number, with or without the country code (and then the leading zero)."""
    short, long = sorted((_international(one), _international(other)), key=len)
    if len(short) == len(long):
        return short == long
    core = short.removeprefix("0")
    return len(core) > _ENOUGH_DIGITS and long.endswith(core) and len(long) - len(core) <= _COUNTRY_DIGITS
