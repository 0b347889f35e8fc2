"""Which passwords are refused. Any Unicode is welcome and nothing is cut, trimmed or folded.

Length is what counts (NIST SP 800-63B-4, 3.1.1.2); no classes of characters are asked for.
"""

from itertools import pairwise
from typing import Final

from domain.shared.errors import FieldProblem

SHORTEST: Final = 8
LONGEST: Final = 1_024
"""Characters; far above any passphrase, and a bound for the work of hashing."""

_PRODUCT: Final = "usher"
_FEWEST_DIFFERENT: Final = 4
_SHORTEST_CONTEXT_WORD: Final = 4
"""A shorter local part ("al") stands in too many good passwords; it is only refused as the whole of one."""


def problems_of_password(password: str, *, email: str, pointer: str = "/password") -> list[FieldProblem]:
    """What is wrong with a new password: its length, or that it is guessed at once for this person."""
    if len(password) < SHORTEST:
        message = f"must have at least {SHORTEST} characters"
        return [FieldProblem(pointer=pointer, code="too_short", message=message, meta={"min": SHORTEST})]
    if len(password) > LONGEST:
        message = f"must have at most {LONGEST} characters"
        return [FieldProblem(pointer=pointer, code="too_long", message=message, meta={"max": LONGEST})]
    if any("\ud800" <= letter <= "\udfff" for letter in password):
        return [FieldProblem(pointer=pointer, code="invalid", message="must be valid Unicode text")]
    if _is_guessed(password.casefold(), email.casefold()):
        message = "is too easy to guess: avoid your address, the product's name, repetitions and rows"
        return [FieldProblem(pointer=pointer, code="too_common", message=message)]
    return []


def _is_guessed(password: str, email: str) -> bool:
    if len(set(password)) < _FEWEST_DIFFERENT or _is_row(password):
        return True
    context = {email, email.partition("@")[0], _PRODUCT}
    return any(word in password for word in context if len(word) >= _SHORTEST_CONTEXT_WORD)


def _is_row(password: str) -> bool:
    """Whether each character follows the one before it: 12345678, hgfedcba."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return steps in ({1}, {-1})
