"""Money: integers in the minor unit of an ISO 4217 currency."""

from dataclasses import dataclass
from typing import Final

_LARGEST: Final = 2**53
"""Amounts stay exact in every JSON reader. Source: RFC 8259, section 6."""

_EXPONENTS: Final = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Minor-unit digits where they are not 2. Source: ISO 4217, list one."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units: `Money(1999, "EUR")` is 19.99 euros, `Money(1999, "JPY")` 1,999 yen."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if abs(self.amount) >= _LARGEST:
            raise ValueError("an amount must stay below 2^53 minor units")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError("a currency is three capital letters (ISO 4217)")

    @property
    def exponent(self) -> int:
        """Digits behind the decimal point."""
        return _EXPONENTS.get(self.currency, 2)
