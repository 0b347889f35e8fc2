from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assistance.costs import Cost, Price, PriceList, UnknownPrice, Usage

SMALL = Price(
    id="m-1",
    provider="acme",
    model="m",
    valid_from=date(2026, 1, 1),
    input=100,
    output=500,
    cache_write=125,
    cache_read=10,
)
LONG = Price(
    id="m-1-long",
    provider="acme",
    model="m",
    valid_from=date(2026, 1, 1),
    above_prompt_tokens=1000,
    input=500,
    output=2500,
    cache_write=625,
    cache_read=50,
)
LATER = Price(
    id="m-2",
    provider="acme",
    model="m",
    valid_from=date(2026, 6, 1),
    input=50,
    output=250,
    cache_write=60,
    cache_read=5,
)
PRICES = PriceList((SMALL, LONG, LATER))
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)


def test_counts_every_kind_of_token_at_its_price():
    usage = Usage(input_tokens=100, output_tokens=10, cache_read_tokens=50, cache_write_tokens=4)

    cost = PRICES.cost("acme", "m", usage, on=MAY)

    assert cost == Cost(nanos=100 * 100 + 10 * 500 + 50 * 10 + 4 * 125, currency="USD", price_ids=("m-1",))


def test_takes_the_price_that_was_valid_on_the_day():
    assert PRICES.price("acme", "m", on=MAY).id == "m-1"
    assert PRICES.price("acme", "m", on=JUNE).id == "m-2"


@pytest.mark.parametrize(("prompt", "id"), [(1000, "m-1"), (1001, "m-1-long")])
def test_takes_the_tier_that_the_whole_prompt_reaches(prompt, id):
    usage = Usage(input_tokens=prompt - 600, cache_read_tokens=500, cache_write_tokens=100)

    assert PRICES.cost("acme", "m", usage, on=MAY).price_ids == (id,)


@pytest.mark.parametrize(("model", "day"), [("other", MAY), ("m", date(2025, 12, 31))])
def test_never_takes_an_unknown_price_for_free(model, day):
    with pytest.raises(UnknownPrice, match="no price is known"):
        PRICES.price("acme", model, on=day)


def test_adds_costs_and_keeps_each_price_once():
    total = Cost(nanos=1, price_ids=("a",)) + Cost(nanos=2, price_ids=("b", "a"))

    assert total == Cost(nanos=3, price_ids=("a", "b"))


def test_refuses_to_add_two_currencies():
    with pytest.raises(ValueError, match="two currencies"):
        _ = Cost(nanos=1) + Cost(nanos=1, currency="EUR")


def test_adds_usage():
    one = Usage(input_tokens=1, output_tokens=2, cache_read_tokens=3, cache_write_tokens=4, thinking_tokens=5)

    assert (one + one).prompt_tokens == 16
    assert (one + one).thinking_tokens == 10


TOKENS = st.integers(0, 10**9)
USAGES = st.builds(
    Usage,
    input_tokens=TOKENS,
    output_tokens=TOKENS,
    cache_read_tokens=TOKENS,
    cache_write_tokens=TOKENS,
    thinking_tokens=TOKENS,
)


@given(USAGES, USAGES)
def test_costs_as_much_together_as_one_by_one(one, other):
    assert SMALL.of(one) + SMALL.of(other) == SMALL.of(one + other)


@given(USAGES)
def test_is_never_free_when_something_was_used(usage):
    assert (SMALL.of(usage).nanos > 0) == (usage.prompt_tokens + usage.output_tokens > 0)
