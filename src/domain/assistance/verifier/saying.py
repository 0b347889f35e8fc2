"""What one message says: a name, a value, a number of things."""

from datetime import date
from typing import Final

from domain.assistance.facts import Turn
from domain.assistance.verifier import codes, normalise, roles, spans
from domain.assistance.verifier.reading import plain_words
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS
from domain.assistance.verifier.wordlists import bag, listed

_SORTS: Final = frozenset((word,) for word in listed("available more other double single standard separate"))
_GENERIC: Final = bag("international airport station terminal hotel")
_VAGUE: Final = 8
"""More possible days than this is no date: "this month" cannot be repeated as "the 31st"."""


def said_in(turn: Turn, span: Span, today: date) -> bool:
    """Whether a message says the same as the span."""
    if span.kind is SpanKind.NAME:
        said = plain_words(turn.text)
        return f" {' '.join(span.words)} " in said or _core_in(span.words, said)
    said = spans.typed(normalise.fold(turn.text).text, today)
    if span.kind is SpanKind.PHONE:
        return any(_same_phone(span, other) for other in said)
    same = (
        other
        for other in said
        if other.kind is span.kind and len(other.readings) <= _VAGUE and other.readings & span.readings
    )
    return next(same, None) is not None


def counts(said: str, asked: str, span: Span, unit: str, today: date) -> bool:
    """Whether a message gives this number of `unit`, by its own words or in answer to what was asked."""
    text = normalise.fold(said).text
    for other in spans.typed(text, today):
        if other.kind is SpanKind.NUMBER and other.readings & span.readings:
            counted = normalise.words(text[other.end : other.end + 24])[:2]
            if any(roles.names_field(word, unit) for word in (counted[1:] if counted[:1] in _SORTS else counted[:1])):
                return True
            bare = not counted or counted[0] in FUNCTION_WORDS
            if bare and any(roles.names_field(word, unit) for word in normalise.words(asked)):
                return True
    return False


def introduces(said: str, span: Span, before: str, today: date) -> bool:
    """Whether a message gives this number after the same words ("ending in 4411")."""
    text = normalise.fold(said).text
    lead = normalise.words(before)[-2:]
    return len(lead) == 2 and any(
        other.kind is SpanKind.NUMBER
        and other.readings & span.readings
        and normalise.words(text[: other.start])[-2:] == lead
        for other in spans.typed(text, today)
    )


def _core_in(words: tuple[str, ...], said: str) -> bool:
    """Whether the telling part of a place was said: "LAX" for "LAX International Airport"."""
    core = words
    while core and core[-1] in _GENERIC:
        core = core[:-1]
    return bool(core) and core != words and f" {' '.join(core)} " in said


def _same_phone(span: Span, other: Span) -> bool:
    return other.kind in {SpanKind.PHONE, SpanKind.CODE} and any(
        codes.same_phone(str(one), str(two)) for one in span.readings for two in other.readings
    )
