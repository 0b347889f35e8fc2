"""Things said to be on offer that only the customer spoke of."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from domain.assistance.verifier.binding import Bound, Fit
from domain.assistance.verifier.promises import Commitment
from domain.assistance.verifier.verdict import FindingKind, SpanKind

_OFFERED: Final = re.compile(
    r"\b(?:available|in\sstock|on\soffer|for\ssale|ready|on\sthe\slot|on\sour\slot|we\s(?:do\s|also\s"
    r"|still\s)?(?:have|stock|carry|sell|offer)|we've\sgot|there\sis|there's|there\sare"
    r"|i\s(?:do\s)?have|i've\sgot|comes\sin|comes\swith|is\sin|yes)\b"
)
_OPEN: Final = re.compile(
    r"\?\s*$|\b(?:not|no|isn't|aren't|don't|doesn't|couldn't|can't|cannot|unable|unfortunately|sorry|if|whether"
    r"|confirm|you(?:'d|\swould|\swant|'re|\sare|\swill))\b"
)


def only_wished_for(fits: Sequence[Fit]) -> Iterator[Commitment]:
    """Names that rest on the customer's word alone, in a sentence that says they are to be had."""
    for fit in fits:
        for bound in fit.bound:
            sentence = bound.setting.sentence
            if _is_echoed_name(bound) and _OFFERED.search(sentence) and not _OPEN.search(sentence):
                span = bound.setting.span
                yield Commitment(
                    FindingKind.STOCK, span.start, span.end, "Only the customer spoke of it; no source lists it."
                )


def _is_echoed_name(bound: Bound) -> bool:
    return bound.setting.span.kind is SpanKind.NAME and bound.support is not None and bound.support.turn is not None
