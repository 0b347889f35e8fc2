"""Money amounts as written in replies: `$27`, `27 dollars`, `USD 27.50`, `twenty-seven bucks`, `2.7k EUR`."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from domain.assistance.verifier import numbers

_SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₿": "BTC"}
_WORDS: Final = {
    "USD": "usd|us dollars?|dollars?|dollers?|bucks?",
    "EUR": "eur|euros?",
    "GBP": "gbp|pounds? sterling|pounds?|quid",
    "JPY": "jpy|yen",
    "INR": "inr|rupees?",
    "CAD": "cad|canadian dollars?",
    "AUD": "aud|australian dollars?",
    "CHF": "chf|swiss francs?|francs?",
    "SEK": "sek|kronor|krona",
    "MXN": "mxn|pesos?",
    "CNY": "cny|rmb|yuan",
    "BTC": "btc|bitcoins?",
}
_CENTS: Final = r"cents?|pence"
_SIGN: Final = "[" + "".join(_SYMBOLS) + "]"
_NAMED: Final = "|".join(_WORDS.values())
_AMOUNT: Final = rf"(?:{numbers.DIGITS}{numbers.SCALE}|{numbers.WORDS}|an?\s(?:hundred|thousand|million))"
_TAIL: Final = rf"(?:\s(?:and\s)?(?P<cents>\d{{1,2}}|{numbers.WORDS})\s(?:{_CENTS}))?"

PATTERN: Final = re.compile(
    rf"(?:(?P<before>\b(?:us|ca|au|c|a)?{_SIGN}|{_SIGN}|\b(?:{_NAMED})(?=\s?\d))\s?(?P<first>{_AMOUNT})"
    rf"|{numbers.ALONE}(?P<second>{_AMOUNT})\s?-?\s?(?P<after>{_SIGN}|(?:{_NAMED})\b){_TAIL}"
    rf"|{numbers.ALONE}(?P<small>{numbers.DIGITS}|{numbers.WORDS})\s?-?(?:{_CENTS}|¢)\b)",
)
"""To be searched in folded lower-case text."""


class Amount(NamedTuple):
    """A sum and its ISO 4217 currency, empty when not said."""

    value: Decimal
    currency: str


def amounts(match: re.Match[str]) -> frozenset[Amount]:
    """What a match of `PATTERN` may mean."""
    if match.group("small"):
        return frozenset(Amount(value / 100, "USD") for value in numbers.values(match.group("small")))
    raw = match.group("first") or match.group("second")
    currency = currency_of(match.group("before") or match.group("after"))
    cents = min(numbers.values(match.group("cents")), default=Decimal(0)) if match.group("cents") else Decimal(0)
    return frozenset(Amount(value + cents / 100, currency) for value in _values(raw))


def _values(raw: str) -> frozenset[Decimal]:
    return numbers.values(re.sub(r"^an?\s", "one ", raw))


def currency_of(mark: str) -> str:
    """The ISO code that a symbol or a word means: `$` and `bucks` are USD, `ca$` is CAD."""
    lowered = mark.strip().lower()
    if len(lowered) > 1 and lowered[-1] == "$":
        return {"u": "USD", "c": "CAD", "a": "AUD"}[lowered[0]]
    if lowered in _SYMBOLS:
        return _SYMBOLS[lowered]
    return next((code for code, forms in _WORDS.items() if re.fullmatch(forms, lowered)), "")
