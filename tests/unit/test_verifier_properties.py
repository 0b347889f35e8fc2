"""Properties: no change of a supported figure passes, whatever the figure; nothing crashes; no clock, no order."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.verifier import verify_text
from tests.support.verifier_worlds import DEALERSHIP, a_row, judge

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)


def a_boat(**fields: str) -> Fact:
    return a_row(1, "Skylark", "boats", FactKind.INVENTORY, boat_name="Skylark", **fields)


@given(
    price=st.integers(10, 999_999),
    other=st.integers(10, 999_999),
    style=st.sampled_from(["${:,}", "{} dollars", "USD {}"]),
)
def test_supports_the_price_and_no_other(price: int, other: int, style: str) -> None:
    facts = (a_boat(price=str(price)),)

    assert verify_text(f"The Skylark is {style.format(price)}.", (), facts, now=NOW).passed
    if other != price:
        assert not verify_text(f"The Skylark is {style.format(other)}.", (), facts, now=NOW).passed


@given(vin=st.from_regex(r"[A-HJ-NPR-Z]{3}[A-HJ-NPR-Z0-9]{8}[0-9]{6}", fullmatch=True), data=st.data())
def test_catches_any_changed_sign_of_an_identifier(vin: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(vin) - 1))
    sign = data.draw(st.sampled_from("0123456789ABCDEFGH").filter(lambda one: one != vin[place]))
    facts = (a_boat(vin=vin),)

    assert verify_text(f"The VIN of the Skylark is {vin}.", (), facts, now=NOW).passed
    changed = vin[:place] + sign + vin[place + 1 :]
    assert not verify_text(f"The VIN of the Skylark is {changed}.", (), facts, now=NOW).passed


@given(first=st.integers(0, 300), second=st.integers(0, 300))
def test_supports_the_day_and_no_other(first: int, second: int) -> None:
    day, other = date(2026, 1, 1) + timedelta(days=first), date(2026, 1, 1) + timedelta(days=second)
    facts = (a_boat(launch_date=day.isoformat()),)

    assert verify_text(f"The Skylark sails on {day:%B} {day.day}.", (), facts, now=NOW).passed
    if day != other:
        assert not verify_text(f"The Skylark sails on {other:%B} {other.day}.", (), facts, now=NOW).passed


@given(minutes=st.integers(0, 1439), other=st.integers(0, 1439))
def test_supports_the_hour_and_no_other(minutes: int, other: int) -> None:
    facts = (a_boat(start_time=f"{minutes // 60:02d}:{minutes % 60:02d}"),)

    def said(moment: int) -> str:
        return f"The Skylark leaves at {moment // 60 % 12 or 12}:{moment % 60:02d} {'am' if moment < 720 else 'pm'}."

    assert verify_text(said(minutes), (), facts, now=NOW).passed
    if minutes != other:
        assert not verify_text(said(other), (), facts, now=NOW).passed


@given(digits=st.from_regex(r"[2-9][0-9]{9}", fullmatch=True), place=st.integers(0, 9))
def test_catches_any_changed_digit_of_a_phone_number(digits: str, place: int) -> None:
    facts = (a_boat(phone_number=f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"),)
    changed = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]

    assert verify_text(f"Call {digits[:3]} {digits[3:6]} {digits[6:]}.", (), facts, now=NOW).passed
    assert not verify_text(f"Call {changed[:3]} {changed[3:6]} {changed[6:]}.", (), facts, now=NOW).passed


@settings(max_examples=150)
@given(text=st.text(max_size=200), said=st.text(max_size=80))
def test_never_crashes_and_never_points_outside(text: str, said: str) -> None:
    verdict = judge(DEALERSHIP, text, f"C: {said}")

    assert verdict.passed == (not verdict.findings)
    for one in (*verdict.findings, *verdict.evidence):
        assert text[one.start : one.end] == one.text


@settings(max_examples=60)
@given(order=st.permutations(DEALERSHIP.facts))
def test_does_not_depend_on_the_order_of_sources(order: list[Fact]) -> None:
    reply = "The Corolla is $18,450 and the Civic is $19,900; a documentation fee of $85 applies to every sale."

    assert verify_text(reply, (), order, now=NOW).passed


@settings(max_examples=60)
@given(text=st.text(max_size=120))
def test_gives_nothing_for_an_empty_house(text: str) -> None:
    turns = (Turn(sequence=1, speaker=Speaker.CUSTOMER, text=text),)
    checklist = Fact(
        source_id=DEALERSHIP.facts[0].source_id, version=1, kind=FactKind.CHECKLIST, title="Ask", text="It costs $5."
    )

    assert not verify_text("It costs $5.", turns, (checklist,), now=NOW).passed
