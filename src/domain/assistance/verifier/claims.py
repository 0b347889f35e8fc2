"""The claims of a draft: each must be borne out by its own source row, and agree with what the sentence is about."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from domain.assistance.drafts import Claim
from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import codes, normalise, roles, spans
from domain.assistance.verifier.binding import Fit
from domain.assistance.verifier.catalogue import Catalogue, Row, value
from domain.assistance.verifier.judge import Answer, judge
from domain.assistance.verifier.money import Amount
from domain.assistance.verifier.reading import Reading, plain_words
from domain.assistance.verifier.verdict import Finding, FindingKind, SpanKind
from domain.shared.ids import SourceId

_DENIALS: Final = frozenset({"no", "not", "without"})


def check(
    text: str,
    claims: Sequence[Claim],
    facts: Sequence[Fact],
    reading: Reading,
    fits: Sequence[Fit],
    catalogue: Catalogue,
) -> Iterator[Finding]:
    """Every claim that does not hold: no such source, field or value, not in the text, or of another row."""
    sources = {fact.source_id: fact for fact in facts}
    for claim in claims:
        start = text.lower().find(claim.text.lower())
        reason = _fault(claim, start, sources, catalogue.today)
        if reason is None and _of_another_row(claim, start, reading, fits, catalogue):
            yield _finding(
                FindingKind.CROSS_ROW, claim, start, "The sentence is about another row than the claim names."
            )
        elif reason is not None:
            yield _finding(FindingKind.BAD_CLAIM, claim, start, reason)


def _finding(kind: FindingKind, claim: Claim, start: int, reason: str) -> Finding:
    place = max(start, 0)
    end = place + len(claim.text) if start >= 0 else 0
    return Finding(kind=kind, text=claim.text, start=place, end=end, reason=reason)


def _fault(claim: Claim, start: int, sources: Mapping[SourceId, Fact], today: date) -> str | None:
    fact = sources.get(claim.source_id)
    if fact is None:
        return "The claim names a source that was not given."
    if fact.kind is FactKind.CHECKLIST:
        return "A checklist states no facts."
    if start < 0 or not claim.text.strip():
        return "The claimed words are not in the reply."
    return _misread(claim, _held(fact, claim.field), today)


def _misread(claim: Claim, held: str | None, today: date) -> str | None:
    if held is None:
        return f"The source has no field {claim.field!r}."
    if claim.field == "text":
        said = all(_in_prose(part, held, today) for part in (claim.text, claim.value))
        return None if said else "The source's text does not say this."
    if not _same(claim.field, claim.value, held, today):
        return "The source's field has another value."
    says = _says(claim.text, claim.field, held, today) or _says_flag(claim.text, claim.field, held)
    return None if says else "The words do not say what the field holds."


def _held(fact: Fact, field: str) -> str | None:
    own = {"text": fact.text, "title": fact.title, "entity": fact.entity}
    return fact.fields.get(field) or own.get(field) or None


def _in_prose(part: str, held: str, today: date) -> bool:
    """Whether a source's text has these words, or states the same values in others ("seven days" for "7 days")."""
    if normalise.words(part) and plain_words(part) in plain_words(held):
        return True
    said, known = spans.typed(normalise.fold(part).text, today), spans.typed(normalise.fold(held).text, today)
    return bool(said) and all(
        any(
            _means(span.kind, span.readings, {span.kind: frozenset(other.readings)})
            for other in known
            if other.kind is span.kind
        )
        for span in said
    )


def _same(field: str, one: str, other: str, today: date) -> bool:
    if normalise.words(one) == normalise.words(other):
        return True
    left, right = value(field, one, today).readings, value(field, other, today).readings
    return any(_means(kind, readings, right) for kind, readings in left.items())


def _says(text: str, field: str, held: str, today: date) -> bool:
    """Whether the words, read by themselves, mean what the field holds."""
    said = plain_words(text)
    if len(said) > 2 and (said in plain_words(held) or plain_words(held) in said):
        return True
    known = value(field, held, today).readings
    return any(_means(span.kind, span.readings, known) for span in spans.typed(normalise.fold(text).text, today))


def _says_flag(text: str, field: str, held: str) -> bool:
    """Whether the words name a field that holds true or false, and deny it exactly when it is false."""
    truth = held.strip().lower()
    if truth not in {"true", "false"}:
        return False
    said = normalise.words(text)
    named = any(roles.names_field(word, one) for word in said for one in roles.telling_words(field))
    return named and bool(_DENIALS.intersection(said)) == (truth == "false")


def _means(kind: SpanKind, said: frozenset[object], known: Mapping[SpanKind, frozenset[object]]) -> bool:
    if kind is SpanKind.MONEY:
        sums = {amount.value for amount in known.get(kind, frozenset()) if isinstance(amount, Amount)}
        return any(isinstance(amount, Amount) and amount.value in sums for amount in said)
    if kind is SpanKind.PHONE:
        held = [str(one) for one in known.get(SpanKind.PHONE, frozenset())]
        return any(codes.same_phone(str(one), other) for one in said for other in held)
    same = known.get(kind, frozenset[object]())
    alike = same | (
        known.get(SpanKind.NUMBER, frozenset[object]()) if kind is SpanKind.PERCENT else frozenset[object]()
    )
    return bool(said & alike)


def _of_another_row(claim: Claim, start: int, reading: Reading, fits: Sequence[Fit], catalogue: Catalogue) -> bool:
    """Whether the claimed row cannot carry the part of the reply in which the claim stands."""
    row = next((row for row in catalogue.rows if row.fact.source_id == claim.source_id), None)
    if row is None:
        return False
    end = start + len(claim.text)
    for fit in fits:
        covers = any(_overlaps(reading, one.setting.span.start, one.setting.span.end, start, end) for one in fit.bound)
        if covers and fit.row is not None and fit.row is not row and not _carries(row, fit, catalogue):
            return not _is_beside(row, fit)
    return False


def _overlaps(reading: Reading, start: int, end: int, other_start: int, other_end: int) -> bool:
    one, two = reading.folded.original(start, end)
    return one < other_end and other_start < two


def _carries(row: Row, fit: Fit, catalogue: Catalogue) -> bool:
    own = fit.row.fact.source_id if fit.row else None
    return all(
        judge(row, one.setting, catalogue.vocabulary).answer is Answer.SUPPORTED
        for one in fit.bound
        if one.support is not None and one.support.source_id == own
    )


def _is_beside(row: Row, fit: Fit) -> bool:
    """A policy, a count or a record may stand in the same sentence as the row it is about."""
    used = {one.support.source_id for one in fit.bound if one.support is not None}
    return row.fact.source_id in used or row.fact.kind in {FactKind.POLICY, FactKind.ARTICLE, FactKind.COUNT}
