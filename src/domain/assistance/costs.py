"""What a model call uses and what that costs, in integers.

A token costs less than a millionth of a dollar, so money here is counted in nano-dollars (10^-9): cents would round
every call to nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class UnknownPrice(Exception):
    """No price is known for this model at this time. It must not be called: unknown is not free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call, or of several added up.

    `input_tokens` are the uncached ones only; `output_tokens` include `thinking_tokens`.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    thinking_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        """The whole prompt, cached or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            thinking_tokens=self.thinking_tokens + other.thinking_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`nanos` in 10^-9 of the currency; `price_ids` name the rows of the price table that it was worked out with."""

    nanos: int = 0
    currency: str = "USD"
    price_ids: tuple[str, ...] = ()

    def __add__(self, other: "Cost") -> "Cost":
        if other.currency != self.currency:
            raise ValueError("costs in two currencies have no sum")
        ids = dict.fromkeys((*self.price_ids, *other.price_ids))
        return Cost(nanos=self.nanos + other.nanos, currency=self.currency, price_ids=tuple(ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One dated row: nano-dollars a token, for prompts of more than `above_prompt_tokens` tokens in all."""

    id: str
    provider: str
    model: str
    valid_from: date
    input: int
    output: int
    cache_write: int
    cache_read: int
    above_prompt_tokens: int = 0

    def of(self, usage: Usage) -> Cost:
        """What this usage costs at this price."""
        nanos = (
            usage.input_tokens * self.input
            + usage.output_tokens * self.output
            + usage.cache_write_tokens * self.cache_write
            + usage.cache_read_tokens * self.cache_read
        )
        return Cost(nanos=nanos, price_ids=(self.id,))


class PriceList:
    """Dated prices. The newest row that was valid on the day counts, and of its tiers the one the prompt reaches."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self._prices = tuple(prices)

    def price(self, provider: str, model: str, *, on: date, prompt_tokens: int = 0) -> Price:
        """The row for a prompt of this length on this day.

        Raises:
            UnknownPrice: there is none.
        """
        known = [
            price
            for price in self._prices
            if (price.provider, price.model) == (provider, model)
            and price.valid_from <= on
            and (price.above_prompt_tokens == 0 or prompt_tokens > price.above_prompt_tokens)
        ]
        if not known:
            raise UnknownPrice(f"no price is known for {provider}/{model} on {on.isoformat()}")
        return max(known, key=lambda price: (price.above_prompt_tokens, price.valid_from))

    def cost(self, provider: str, model: str, usage: Usage, *, on: date) -> Cost:
        """What this usage of this model cost on this day.

        Raises:
            UnknownPrice: no price is known.
        """
        return self.price(provider, model, on=on, prompt_tokens=usage.prompt_tokens).of(usage)
