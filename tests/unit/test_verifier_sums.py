"""Sums, units and flags: the small forms in which fields hold values."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.assistance.drafts import Claim, Decision, Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.verifier import verify, verify_text
from domain.shared.ids import SourceId

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ASKED = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="How much are the Piano and the Harp?")]


def _row(name: str, kind: FactKind = FactKind.INVENTORY, **fields: str) -> Fact:
    source_id = SourceId(uuid4())
    return Fact(source_id=source_id, version=1, kind=kind, title=name, entity=name, service="hall", fields=fields)


FACTS = [
    _row("Grand Piano", price="19700 EUR"),
    _row("Harp", price_eur="4300"),
    _row("Delivery", FactKind.POLICY, price_beyond="1.20 EUR per km"),
]


@pytest.mark.parametrize(
    ("reply", "passes"),
    [
        ("The Grand Piano costs 19,700 EUR.", True),
        ("The Grand Piano costs 19700 EUR.", True),
        ("The Grand Piano costs €19,700.", True),
        ("The Grand Piano costs 19.700 euros.", True),
        ("The Grand Piano costs 19,800 EUR.", False),
        ("The Grand Piano costs 19,700 USD.", False),
        ("The Harp costs 4,300 EUR.", True),
        ("The Harp costs 4,300 USD.", False),
        ("The Harp costs 19,700 EUR.", False),
    ],
)
def test_reads_a_currency_code_as_part_of_the_sum(reply: str, *, passes: bool) -> None:
    assert verify_text(reply, ASKED, FACTS, now=NOW).passed is passes


@pytest.mark.parametrize(
    ("reply", "passes"), [("The Van has done 51,200 km.", True), ("The Van has done 51,300 km.", False)]
)
def test_takes_short_units_for_what_their_field_counts(reply: str, *, passes: bool) -> None:
    asked = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="How many kilometres has the Van done?")]

    assert verify_text(reply, asked, [_row("Van", mileage_km="51200")], now=NOW).passed is passes


def test_lets_a_standing_row_have_another_number_than_the_customer_wished_for() -> None:
    asked = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="Which vans have less than 60,000 km?")]

    assert verify_text("The Van has done 51,200 km.", asked, [_row("Van", mileage_km="51200")], now=NOW).passed


@pytest.mark.parametrize(
    ("reply", "passes"),
    [
        ("A van is reserved for 3 days against a deposit of 250 EUR.", True),
        ("The Van is reserved for 3 days against a deposit of 250 EUR.", False),
        ("The Van is reserved.", False),
    ],
)
def test_takes_a_policy_word_for_word_whatever_row_is_spoken_of(reply: str, *, passes: bool) -> None:
    text = "A van is reserved for 3 days against a deposit of 250 EUR."
    policy = replace(_row("Reservation", FactKind.POLICY), text=text)
    asked = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="Can I reserve the Van?")]
    stock = [_row("Van", availability="in stock"), _row("Bus", availability="reserved")]

    assert verify_text(reply, asked, [*stock, policy], now=NOW).passed is passes


@pytest.mark.parametrize(
    ("reply", "claimed", "passes"),
    [
        ("Pets allowed: yes.", "Pets allowed: yes", True),
        ("Pets are allowed.", "Pets are allowed", True),
        ("Pets allowed: no.", "Pets allowed: no", False),
        ("Pets are not allowed.", "Pets are not allowed", False),
        ("There is no smoking.", "no smoking", True),
        ("There is smoking.", "smoking", False),
        ("Yes.", "yes", False),
    ],
)
def test_takes_a_claim_on_a_flag(reply: str, claimed: str, *, passes: bool) -> None:
    room = _row("Room", pets_allowed="True", smoking="False")
    field = "smoking" if "smoking" in claimed else "pets_allowed"
    claim = Claim(text=claimed, source_id=room.source_id, field=field, value=room.fields[field])
    draft = Draft(decision=Decision.ANSWER, text=reply, reason="", claims=(claim,))
    asked = [Turn(sequence=1, speaker=Speaker.CUSTOMER, text="Are pets or smoking allowed in the Room?")]

    assert verify(draft, asked, [room], now=NOW).passed is passes
