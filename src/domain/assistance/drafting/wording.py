"""Puts fields into words by generic rules: a `price` is what something costs, `mileage_km` what it has done."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

YES_NO: Final = {"true": "yes", "false": "no"}
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS: Final = {
    "km": "km", "mi": "miles", "miles": "miles", "kg": "kg", "kw": "kW", "kwh": "kWh", "hp": "hp", "cm": "cm",
    "mm": "mm", "sqm": "sqm", "litres": "litres", "liters": "liters", "minutes": "minutes", "hours": "hours",
    "days": "days", "weeks": "weeks", "months": "months", "percent": "percent", "eur": "EUR", "usd": "USD",
    "gbp": "GBP", "chf": "CHF",
}  # fmt: skip
"""Endings of field names that say what their numbers count."""
_SHORT: Final = {"vin": "VIN", "id": "ID", "sku": "SKU", "url": "URL"}
_PRICES: Final = frozenset({"price", "prices", "cost", "costs", "fare", "rent"})
_QUIET: Final = frozenset({"total", "asking", "list", "sale", "sales", "retail"})
_STATES: Final = frozenset({"status", "availability", "available"})
_PERIODS: Final = frozenset({"day", "night", "week", "month", "year", "hour", "person"})
_MONEY: Final = _PRICES | {"fee", "deposit", "amount", "charge", "total", "rate"}
_DISTANCES: Final = frozenset({"mileage", "odometer", "kilometres", "kilometers"})
_FUELS: Final = frozenset({"petrol", "diesel", "gasoline", "gas", "lpg", "hydrogen"})
_LONG_NUMBER: Final = re.compile(r"(?<![\d.,'])\d{4,9}(?![\d,']|\.\d{3})")
_GONE: Final = re.compile(r"\b(?:sold|unavailable|not available|out of stock|gone|taken|discontinued)\b|^(?:false|no)$")
_AT_HAND: Final = re.compile(r"^(?:available|in stock|on stock|true|yes|ready|open|\d.*)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """What a thing does or is: the verb for one thing, the words up to the value, the words after it.

    `whole` stands in place of a value that says nothing without the field's name: true, false, or a number of seats.
    """

    verb: str
    before: str = ""
    after: str = ""
    whole: str = ""


@lru_cache(maxsize=1024)
def words_of(field: str) -> tuple[str, ...]:
    """The words of a machine name: `price_per_night` -> price, per, night."""
    return tuple(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower().replace("-", "_").split("_"))


def unit_of(field: str) -> str:
    """The unit that the name of a field ends in, empty when it has none or is nothing but one."""
    words = words_of(field)
    return _UNITS.get(words[-1], "") if len(words) > 1 else ""


def label(field: str) -> str:
    """A field's machine name in words: `mileage_km` is "mileage", `has_garage` "garage"."""
    words = words_of(field)
    if len(words) > 1 and words[0] in {"has", "is"}:
        words = words[1:]
    if len(words) > 1 and words[0] == "number" and words[1] != "of":
        words = ("number", "of", *words[1:])
    return " ".join(_SHORT.get(word, word) for word in (words[:-1] if unit_of(field) else words))


def is_price(field: str) -> bool:
    """Whether the field says what the whole thing costs: `price`, `total_price`, `price_eur`."""
    core = set(label(field).split())
    return bool(core & _PRICES) and not core - _PRICES - _QUIET


def is_state(field: str) -> bool:
    """Whether the field says whether the thing is to be had."""
    return words_of(field)[-1] in _STATES


def is_distance(field: str) -> bool:
    return bool(_DISTANCES & set(words_of(field)))


def is_colour(field: str) -> bool:
    return bool({"colour", "color"} & set(words_of(field)))


def is_gone(value: str) -> bool:
    """Whether a state says that the thing is no longer to be had."""
    return _GONE.search(value.lower()) is not None


def is_at_hand(value: str) -> bool:
    """Whether a state says nothing against having the thing."""
    return _AT_HAND.match(value.lower()) is not None


def written(field: str, value: str, now: datetime) -> str:
    """A value as people write it: days by name (with the year when it is not this one), sums and amounts grouped."""
    if _DATE.fullmatch(value):
        return _day(value, now)
    unit = unit_of(field)
    if unit or _MONEY & set(words_of(field)) or is_distance(field):
        value = _LONG_NUMBER.sub(lambda match: f"{int(match.group()):,}", value)
    bare = re.fullmatch(r"\d[\d.,]*", value) is not None
    return f"{value} {unit}" if unit and bare else value


def _day(value: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    named = f"{_MONTHS[day.month - 1]} {day.day}"
    return named if day.year == now.year else f"{named}, {day.year}"


def clause(field: str, value: str) -> Clause | None:
    """The clause for one field of a thing; None where only "its label is value" will do."""
    words = label(field).split()
    lowered = value.lower()
    number = re.search(r"\d", value) is not None
    if number and (is_price(field) or words[0] in _PRICES):
        return _costs(field, words)
    if is_state(field):
        return None if number else _state(lowered)
    if number and is_distance(field):
        return Clause("has", "done ") if unit_of(field) or re.search(r"[a-z]", lowered) else None
    if words == ["year"] and number:
        return Clause("is", "from ")
    if is_colour(field) and len(words) == 1:
        return Clause("comes", "in ")
    return _made(words[-1], lowered) or _counted(words[-1], value)


def _counted(noun: str, value: str) -> Clause | None:
    """How many of its parts it has: "2 beds"."""
    if not value.isdecimal() or re.search(r"(?<!s)(?<!u)s$", noun) is None or noun == "series":
        return None
    return Clause("has", whole=f"{value} {noun.removesuffix('s') if value == '1' else noun}")


def _costs(field: str, words: list[str]) -> Clause | None:
    if is_price(field):
        return Clause("costs")
    per = words[-1] if words[1:-1] == ["per"] and words[-1] in _PERIODS else ""
    return Clause("costs", after=f" per {per}") if per else None


def _state(value: str) -> Clause:
    """What the thing is; a flag has no other words than its name: "not available"."""
    return Clause("is", whole={"true": "available", "false": "not available"}.get(value, ""))


def _made(noun: str, value: str) -> Clause | None:
    """How it is driven: "an automatic gearbox", "on diesel", "electric"."""
    if noun in {"gearbox", "transmission"} and value.isalpha():
        return Clause("has", f"{_article(value)} ", f" {noun}")
    if noun != "fuel":
        return None
    if value in _FUELS:
        return Clause("runs", "on ")
    return Clause("is", f"{_article(value)} " if value.endswith("hybrid") else "")


def is_common(field: str, value: str) -> bool:
    """Whether the value is a common word, which has no capital inside a sentence."""
    common = {"fuel", "gearbox", "transmission", "body", "condition", "type"} & set(words_of(field)) or is_state(field)
    return bool(common) and value[1:] == value[1:].lower()


def _article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def plural(verb: str) -> str:
    """The verb for several things."""
    return {"is": "are", "has": "have"}.get(verb, verb.removesuffix("s"))
