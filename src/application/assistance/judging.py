"""Judging drafts: the limits that always hold, then the verifier."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, Turn
from domain.assistance.limits import objections_to
from domain.assistance.results import Judgement, Objection
from domain.assistance.verifier import verify


def judge(draft: Draft, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Judgement:
    """Whether the draft may be shown, with the evidence for every fact it states. No model is asked."""
    verified = _verified(draft, turns, facts, now)
    objections = (*objections_to(draft, facts), *verified.objections)
    return Judgement(passed=verified.passed and not objections, objections=objections, evidence=verified.evidence)


def judge_edited(text: str, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Judgement:
    """The verifier's view of a text that a person wrote: kept for the record, never in the person's way."""
    return _verified(Draft(decision=Decision.ANSWER, text=text, reason="edited by a person"), turns, facts, now)


def _verified(draft: Draft, turns: Sequence[Turn], facts: Sequence[Fact], now: datetime) -> Judgement:
    verdict = verify(draft, turns, facts, now=now)
    return Judgement(
        passed=verdict.passed,
        objections=tuple(
            Objection(kind=str(each.kind), text=each.text, reason=each.reason) for each in verdict.findings
        ),
        evidence=tuple(msgspec.to_builtins(each) for each in verdict.evidence),
    )
