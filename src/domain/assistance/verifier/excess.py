"""What nobody writes to a customer is refused rather than checked: the look for what bears it out has its price."""

from itertools import islice
from typing import Final

from domain.assistance.verifier.reading import Reading
from domain.assistance.verifier.verdict import Finding, FindingKind

MOST_SPANS: Final = 150
"""Facts that one reply may state."""
LONGEST_SENTENCE: Final = 2_000
"""Characters of a reply without the end of a sentence or of a line."""


def too_much(text: str, reading: Reading) -> Finding | None:
    """The part of a reply that is more than is checked, None when all of it is."""
    beyond = next(islice(reading.spans(), MOST_SPANS, None), None)
    if beyond is not None:
        start, _ = reading.folded.original(beyond.start, beyond.end)
        return _finding(text, start, len(text), f"The reply states more than {MOST_SPANS} facts: too much to check.")
    for sentence in reading.sentences:
        if sentence.end - sentence.start > LONGEST_SENTENCE:
            start, end = reading.folded.original(sentence.start, sentence.end)
            return _finding(text, start, end, f"A sentence of over {LONGEST_SENTENCE} characters: too much to check.")
    return None


def _finding(text: str, start: int, end: int, reason: str) -> Finding:
    return Finding(kind=FindingKind.UNSUPPORTED, text=text[start:end], start=start, end=end, reason=reason)
