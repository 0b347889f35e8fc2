"""What happens to suggestions."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionEvent(Event):
    """Base: which suggestion, for which conversation, and the message that it is or would be."""

    suggestion_id: UUID
    conversation_id: UUID
    message_id: UUID

    @property
    def subject(self) -> tuple[str, UUID]:
        """The suggestion."""
        return "sug", self.suggestion_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRequested(SuggestionEvent):
    """Somebody asked for a reply to what was said up to `saw_sequence`."""

    name: ClassVar[str] = "suggestion.requested"
    saw_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReady(SuggestionEvent):
    """A draft waits for a person."""

    name: ClassVar[str] = "suggestion.ready"
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionAbstained(SuggestionEvent):
    """There is nothing to send: a person must answer."""

    name: ClassVar[str] = "suggestion.abstained"
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionDiscarded(SuggestionEvent):
    """A newer message made it stale; it was never shown after that, and is not charged."""

    name: ClassVar[str] = "suggestion.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionFailed(SuggestionEvent):
    """No drafter could be reached, or the job died too often."""

    name: ClassVar[str] = "suggestion.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionAccepted(SuggestionEvent):
    """A person sent it, as message `sequence`, `edit_distance` characters away from the draft."""

    name: ClassVar[str] = "suggestion.accepted"
    sequence: int
    edit_distance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRejected(SuggestionEvent):
    """A person did not want it."""

    name: ClassVar[str] = "suggestion.rejected"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRated(SuggestionEvent):
    """A person gave an opinion."""

    name: ClassVar[str] = "suggestion.rated"
    score: int
