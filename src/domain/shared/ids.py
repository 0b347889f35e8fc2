"""Ids: native UUIDs inside, prefixed names outside (`usr_01jd3k...`).

The public form is the prefix, an underscore and the UUID as 26 characters of lower-case Crockford
base32 (the TypeID shape). Source: TypeID specification 0.3.
"""

import re
from typing import Final, NewType
from uuid import UUID

from domain.shared.errors import NotFound

WorkspaceId = NewType("WorkspaceId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)
ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
SourceId = NewType("SourceId", UUID)
SuggestionId = NewType("SuggestionId", UUID)
JobId = NewType("JobId", UUID)
EventId = NewType("EventId", UUID)

PLATFORM: Final = WorkspaceId(UUID(int=0))
"""The tenant of what belongs to no workspace: accounts, schedules."""

PREFIXES: Final = {
    "usr": "user",
    "wsp": "workspace",
    "crt": "creator",
    "tier": "tier",
    "cnt": "content",
    "tag": "tag",
    "sub": "subscription",
    "pay": "payment",
    "pm": "payment method",
    "inv": "invoice",
    "rfd": "refund",
    "pyo": "payout",
    "conv": "conversation",
    "msg": "message",
    "src": "source",
    "sug": "suggestion",
    "ntf": "notification",
    "file": "file",
    "exp": "export",
    "job": "job",
    "whe": "webhook endpoint",
    "evt": "event",
    "key": "API key",
    "ses": "session",
    "aud": "audit record",
    "mdl": "model",
    "wfl": "workflow",
    "frm": "form",
    "req": "request",
}
"""Every prefix in use, and what it names. New ones are registered here and nowhere else."""

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_PAIRS: Final = [high + low for high in _ALPHABET for low in _ALPHABET]
_SHAPE: Final = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")


def public_id(prefix: str, value: UUID) -> str:
    """The name of `value` outside: 26 base32 characters behind the prefix."""
    # Written out: lists of 20 show 60 ids, and a loop takes twice as long.
    p, number = _PAIRS, value.int
    high, low = number >> 60, number & 0xFFF_FFFF_FFFF_FFFF
    return (
        f"{prefix}_{p[high >> 60]}{p[high >> 50 & 1023]}{p[high >> 40 & 1023]}{p[high >> 30 & 1023]}"
        f"{p[high >> 20 & 1023]}{p[high >> 10 & 1023]}{p[high & 1023]}{p[low >> 50]}{p[low >> 40 & 1023]}"
        f"{p[low >> 30 & 1023]}{p[low >> 20 & 1023]}{p[low >> 10 & 1023]}{p[low & 1023]}"
    )


def private_id(prefix: str, text: str) -> UUID:
    """The UUID behind a public id.

    Raises:
        NotFound: another prefix or no id at all; nothing can be there.
    """
    head, _, tail = text.rpartition("_")
    if head != prefix or not _SHAPE.fullmatch(tail):
        raise NotFound("no such id")
    number = 0
    for letter in tail:
        number = number << 5 | _VALUES[letter]
    return UUID(int=number)


def id_pattern(prefix: str) -> str:
    """The regular expression that every public id of this kind matches."""
    return f"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"
