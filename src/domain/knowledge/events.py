"""What happens to sources, in the past tense."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event
from domain.shared.ids import ConversationId, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEvent(Event):
    """Something happened to a source."""

    source_id: SourceId
    kind: str

    @property
    def subject(self) -> tuple[str, UUID]:
        return "src", self.source_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(SourceEvent):
    name: ClassVar[str] = "source.added"
    conversation_id: ConversationId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged(SourceEvent):
    name: ClassVar[str] = "source.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceArchived(SourceEvent):
    name: ClassVar[str] = "source.archived"
