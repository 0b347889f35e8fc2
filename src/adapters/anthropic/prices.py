"""What Anthropic's models cost: dated rows, never edited once used. A model that is not here cannot be called.

USD per million tokens times 1,000 is nano-dollars a token: 0.10 USD per million is 100. `cache_write` is the
price for five minutes, the only kind that is asked for. Source: Anthropic's pricing page, read 2026-11-20.
"""

from datetime import date
from typing import Final

from domain.assistance.costs import Price, PriceList

PROVIDER: Final = "anthropic"


def _row(model: str, valid_from: str, *costs: int, above: int = 0) -> Price:
    """`costs` are input, output, cache write and cache read."""
    tier = f"/above-{above}" if above else ""
    given, answered, written, read = costs
    return Price(
        id=f"{PROVIDER}/{model}/{valid_from}{tier}",
        provider=PROVIDER,
        model=model,
        valid_from=date.fromisoformat(valid_from),
        input=given,
        output=answered,
        cache_write=written,
        cache_read=read,
        above_prompt_tokens=above,
    )


PRICES: Final = PriceList(
    (
        _row("claude-haiku-5-5", "2026-10-07", 100, 500, 125, 10),
        _row("claude-haiku-5-5", "2026-10-07", 500, 2_500, 625, 50, above=100_000),
        _row("claude-sonnet-5-5", "2026-09-28", 2_000, 10_000, 2_500, 200),
        _row("claude-sonnet-5-5", "2026-10-07", 2_000, 10_000, 2_500, 100),
        _row("claude-opus-5-5", "2026-09-22", 4_000, 20_000, 5_000, 200),
        _row("claude-fable-5-1", "2026-09-01", 10_000, 50_000, 12_500, 250),
        _row("claude-opus-5", "2026-07-24", 5_000, 25_000, 6_250, 500),
        _row("claude-sonnet-5", "2026-06-30", 2_000, 10_000, 2_500, 200),
        _row("claude-haiku-4-5", "2025-10-01", 1_000, 5_000, 1_250, 100),
    )
)
"""The table."""
