"""Claims of a draft: right source, field, value and words, about the row the sentence is about."""

import pytest

from domain.assistance.drafts import Claim, Decision, Draft
from domain.assistance.verifier import FindingKind, Verdict, verify
from tests.support.verifier_worlds import CLUB, DEALERSHIP, NOW, World, a_source, talk

_REPLY = "The Corolla is $18,450."


def a_claim(text: str, source: int, field: str, value: str) -> Claim:
    return Claim(text=text, source_id=a_source(source), field=field, value=value)


def check(reply: str, *claims: Claim, world: World = DEALERSHIP, before: tuple[str, ...] = ()) -> Verdict:
    draft = Draft(decision=Decision.ANSWER, text=reply, reason="", claims=claims)
    return verify(draft, talk(*before), world.facts, now=NOW)


@pytest.mark.parametrize(
    "claim",
    [
        a_claim("$18,450", 1, "price", "$18,450"),
        a_claim("$18,450", 1, "price", "18450"),
        a_claim("Corolla", 1, "model", "Corolla"),
        a_claim("Corolla", 1, "entity", "Corolla"),
        a_claim("corolla", 1, "title", "Corolla"),
    ],
)
def test_accepts_a_claim_that_holds(claim: Claim) -> None:
    assert check(_REPLY, claim).passed


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        (a_claim("$18,450", 99, "price", "$18,450"), FindingKind.BAD_CLAIM),
        (a_claim("$18,450", 12, "text", "$15,000"), FindingKind.BAD_CLAIM),
        (a_claim("$18,451", 1, "price", "$18,450"), FindingKind.BAD_CLAIM),
        (a_claim("  ", 1, "price", "$18,450"), FindingKind.BAD_CLAIM),
        (a_claim("$18,450", 1, "cost", "$18,450"), FindingKind.BAD_CLAIM),
        (a_claim("$18,450", 1, "price", "$18,540"), FindingKind.BAD_CLAIM),
        (a_claim("$18,450", 1, "mileage", "31,200"), FindingKind.BAD_CLAIM),
        (a_claim("$18,450", 2, "price", "$19,900"), FindingKind.BAD_CLAIM),
        (a_claim("Corolla", 5, "car", "Corolla"), FindingKind.CROSS_ROW),
    ],
)
def test_refuses_a_claim_that_does_not_hold(claim: Claim, kind: FindingKind) -> None:
    verdict = check(_REPLY, claim)

    assert [finding.kind for finding in verdict.findings] == [kind]


def test_accepts_a_claim_on_prose() -> None:
    claim = a_claim("7 days", 7, "text", "7 days")

    assert check("You may return a car within 7 days.", claim).passed


def test_refuses_a_claim_that_the_prose_does_not_say() -> None:
    claim = a_claim("7 days", 10, "text", "7 days")

    assert not check("You may return a car within 7 days.", claim).passed


def test_accepts_claims_in_other_words() -> None:
    date = a_claim("the 28th", 64, "renewal_date", "2026-05-28")
    term = a_claim("seven days", 7, "text", "7 days")
    phone = a_claim("555-010-4477", 9, "text", "(555) 010-4477")

    assert check("Your membership renews on the 28th.", date, world=CLUB).passed
    assert check("You may return a car within seven days.", term).passed
    assert check("Call the showroom at 555-010-4477.", phone).passed


def test_still_judges_what_no_claim_covers() -> None:
    claim = a_claim("Corolla", 1, "model", "Corolla")

    assert not check("The Corolla is $19,900.", claim).passed


def test_takes_the_claimed_row_where_several_would_do() -> None:
    claim = a_claim("Northside Lot", 2, "location", "Northside Lot")

    verdict = check("We have one at the Northside Lot.", claim)

    assert verdict.passed


def test_passes_an_empty_draft() -> None:
    assert check("").passed
