"""Judging drafts: the limits that always hold, then the verifier."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from domain.assistance.drafts import Draft
from domain.assistance.facts import Fact, Turn
from domain.assistance.limits import LONGEST_DRAFT, objections_to
from domain.assistance.results import Judgement, Objection

if TYPE_CHECKING:
    from domain.assistance.verifier import Verdict


def judge(draft: Draft, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Judgement:
    """Whether the draft may be shown, with the evidence for every fact it states. No model is asked."""
    from domain.assistance.verifier import verify  # noqa: PLC0415 -- 70 ms of patterns that an API process seldom needs

    limits = objections_to(draft, facts)
    if len(draft.text) > LONGEST_DRAFT:
        return Judgement(passed=False, objections=limits)
    verified = _judgement(verify(draft, turns, facts, now=now))
    objections = (*limits, *verified.objections)
    return Judgement(passed=verified.passed and not objections, objections=objections, evidence=verified.evidence)


def judge_edited(text: str, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Judgement:
    """The verifier's view of a text that a person wrote: kept for the record, never in the person's way."""
    from domain.assistance.verifier import verify_text  # noqa: PLC0415 -- as above

    return _judgement(verify_text(text, turns, facts, now=now))


def _judgement(verdict: "Verdict") -> Judgement:
    return Judgement(
        passed=verdict.passed,
        objections=tuple(
            Objection(kind=str(each.kind), text=each.text, reason=each.reason) for each in verdict.findings
        ),
        evidence=tuple(msgspec.to_builtins(each) for each in verdict.evidence),
    )
