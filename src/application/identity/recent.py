"""What was found out about callers a moment ago, in this process. See decision 14."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from application.identity.access import KeyAccess, SessionAccess
from domain.identity.sessions import AccessClaims
from domain.shared.access import Actor
from domain.shared.ids import ApiKeyId, SessionId, UserId, WorkspaceId

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

PROOF_LIFETIME: Final = timedelta(seconds=60)
"""How long a checked signature counts as checked. Signatures do not change, only tokens expire."""

FACTS_LIFETIME: Final = timedelta(seconds=0.9)
"""How long access facts count, from before they were read: with the request itself, under a second."""

_LARGEST: Final = 10_000


class Fleeting(Generic[K, V]):
    """A bounded dictionary whose entries count for a while. The oldest tenth goes when it is full."""

    def __init__(self, largest: int = _LARGEST) -> None:
        self._largest = largest
        self._entries: dict[K, tuple[V, datetime, datetime]] = {}

    def get(self, key: K, now: datetime) -> V | None:
        """The value, or None if there is none or its time is over. A clock set back ends it too."""
        entry = self._entries.get(key)
        return entry[0] if entry is not None and entry[1] <= now < entry[2] else None

    def put(self, key: K, value: V, now: datetime, until: datetime) -> None:
        """Keep the value from `now` to `until`."""
        entries = self._entries
        entries.pop(key, None)  # so that the order stays that of the last writing
        if len(entries) >= self._largest:
            for old in list(entries)[: max(1, self._largest // 10)]:
                del entries[old]
        entries[key] = (value, now, until)

    def forget(self, key: K) -> None:
        """Count on nothing that is kept for this key."""
        self._entries.pop(key, None)

    def items(self) -> list[tuple[K, V]]:
        """Every key with its value, fresh or not."""
        return [(key, entry[0]) for key, entry in self._entries.items()]

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(slots=True)
class Known:
    """Facts about one session or key, and the actors already made of them."""

    facts: SessionAccess | KeyAccess
    actors: dict[WorkspaceId | None, Actor] = field(default_factory=dict[WorkspaceId | None, Actor])


@dataclass(slots=True)
class RecentAccess:
    """One per process. What changes access in this process also tells it here, and counts at once.

    `proofs`: SHA-256 of a token whose form and signature are good -> what it says. `known`: the facts behind it.
    """

    proofs: Fleeting[bytes, AccessClaims | ApiKeyId] = field(default_factory=Fleeting[bytes, "AccessClaims | ApiKeyId"])
    known: Fleeting[SessionId | ApiKeyId, Known] = field(default_factory=Fleeting["SessionId | ApiKeyId", Known])

    def forget_user(self, user_id: UserId) -> None:
        """Look up afresh what this person may do, in every session and with every key they made."""
        for key, known in self.known.items():
            if known.facts.user_id == user_id:
                self.known.forget(key)

    def forget(self, id: SessionId | ApiKeyId) -> None:
        """Look up this session or key afresh."""
        self.known.forget(id)
