"""The verifier: every fact a reply states must rest on an allowed source."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.assistance.drafts import Claim, Draft
from domain.assistance.facts import Fact, FactKind, Turn
from domain.assistance.verifier import claims as claims_module
from domain.assistance.verifier import normalise, roles
from domain.assistance.verifier.binding import Binder, Bound, Fit
from domain.assistance.verifier.catalogue import Catalogue, catalogue
from domain.assistance.verifier.elsewhere import Elsewhere
from domain.assistance.verifier.excess import too_much
from domain.assistance.verifier.grouping import names_thing
from domain.assistance.verifier.promises import Commitment, commitments
from domain.assistance.verifier.reading import Reading, read
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.stock import only_wished_for
from domain.assistance.verifier.talk import Talk
from domain.assistance.verifier.verdict import Evidence, Finding, FindingKind, Verdict


def verify(draft: Draft, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Verdict:
    """Check a draft and its claims.

    Args:
        turns: the conversation before the draft, oldest first.
        facts: what the assistant was given; kinds as `FactKind` says.
        now: the moment of the conversation; relative dates ("tomorrow") count from its day.
    """
    return _verify(draft.text, draft.claims, turns, facts, now)


def verify_text(text: str, turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Verdict:
    """Check a reply that comes without claims, as people write them."""
    return _verify(text, (), turns, facts, now)


def _verify(text: str, claims: Sequence[Claim], turns: Sequence[Turn], facts: Sequence[Fact], now: datetime) -> Verdict:
    known = catalogue(facts, now.date())
    talk = Talk(turns, known)
    reading = read(text, known, _familiar(talk, facts))
    excess = too_much(text, reading)
    if excess:
        return Verdict(passed=False, findings=(excess,))
    preferred = frozenset(claim.source_id for claim in claims)
    fits = Binder(
        reading, known, talk, Elsewhere(known, talk, reading.lower, _things(reading, known)), preferred
    ).bind()
    findings = [
        *_disguised(text),
        *(_commitment(text, reading, one) for one in (*commitments(reading, known, talk), *only_wished_for(fits))),
        *claims_module.check(text, claims, facts, reading, fits, known),
        *(_finding(text, reading, one) for fit in fits for one in fit.bound if one.support is None),
    ]
    findings.sort(key=lambda finding: (finding.start, finding.end))
    return Verdict(passed=not findings, findings=tuple(findings), evidence=tuple(_evidence(text, reading, fits)))


def _things(reading: Reading, known: Catalogue) -> tuple[int, int]:
    named = [span for span in reading.spans() if names_thing(span, known)]
    return len({span.words for span in named}), named[0].start if named else 0


def _familiar(talk: Talk, facts: Sequence[Fact]) -> frozenset[str]:
    prose = (
        word
        for fact in facts
        if fact.text and fact.kind is not FactKind.CHECKLIST
        for word in normalise.words(fact.text)
    )
    fields = (word for row in talk.catalogue.rows for value in row.values for word in roles.field_words(value.name))
    return talk.words() | frozenset(prose) | frozenset(fields) | talk.catalogue.vocabulary.places.keys()


def _disguised(text: str) -> Iterator[Finding]:
    for start, end, reason in normalise.disguises(text):
        yield Finding(
            kind=FindingKind.DISGUISE, text=text[start:end], start=start, end=end, reason=f"The reply holds {reason}."
        )


def _commitment(text: str, reading: Reading, one: Commitment) -> Finding:
    start, end = reading.folded.original(one.start, one.end)
    return Finding(kind=one.kind, text=text[start:end], start=start, end=end, reason=one.reason)


def _finding(text: str, reading: Reading, bound: Bound) -> Finding:
    span = bound.setting.span
    start, end = reading.folded.original(span.start, span.end)
    said = text[start:end]
    if bound.foreign:
        where = f" in the field {bound.contradicted_by}" if bound.contradicted_by else ""
        reason = f"{said!r} is not what the source says of the thing the sentence is about{where}."
        return Finding(kind=FindingKind.CROSS_ROW, text=said, start=start, end=end, reason=reason, about=span.kind)
    reason = f"No source states the {span.kind} {said!r}."
    return Finding(kind=FindingKind.UNSUPPORTED, text=said, start=start, end=end, reason=reason, about=span.kind)


def _evidence(text: str, reading: Reading, fits: Sequence[Fit]) -> Iterator[Evidence]:
    for one in sorted((one for fit in fits for one in fit.bound), key=lambda one: one.setting.span.start):
        support = one.support
        if support is None or (support.source_id is None and support.turn is None):
            continue
        span: Span = one.setting.span
        start, end = reading.folded.original(span.start, span.end)
        yield Evidence(
            text=text[start:end], start=start, end=end, kind=span.kind,
            source_id=support.source_id, field=support.field, turn=support.turn,
        )  # fmt: skip
