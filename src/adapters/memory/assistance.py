"""Suggestions and provider calls in memory."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from adapters.bridges.assistance import thread_of
from adapters.memory.repository import MemoryRepository
from application.assistance.queries import SuggestionView
from domain.assistance.calls import ModelCall
from domain.assistance.suggestion import OPEN, Suggestion, SuggestionNotFound
from domain.conversations.conversation import Conversation
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, JobId, MessageId, SuggestionId, WorkspaceId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase, MemoryJob


class MemorySuggestions(MemoryRepository[Suggestion]):
    """`Suggestions` over dictionaries."""

    table = "suggestions"
    missing = SuggestionNotFound

    async def of_message(self, message_id: MessageId, /) -> Suggestion:
        """See `domain.assistance.ports.Suggestions.of_message`."""
        for suggestion in self.all():
            if suggestion.message_id == message_id:
                return suggestion
        raise SuggestionNotFound("no suggestion has this message")

    async def open_for(self, conversation_id: ConversationId, /) -> Sequence[Suggestion]:
        """See `domain.assistance.ports.Suggestions.open_for`."""
        mine = (each for each in self.all() if each.conversation_id == conversation_id)
        return [await self.get(id) for id in sorted(each.id for each in mine if each.status in OPEN)]

    async def is_abandoned(self, suggestion: Suggestion, /) -> bool:
        """See `domain.assistance.ports.Suggestions.is_abandoned`."""
        return _is_over(self._tx.read("jobs"), suggestion)

    @override
    def check_unique(self, entity: Suggestion, /) -> None:
        for other in self.all():
            if other.id != entity.id and {other.status, entity.status} <= set(OPEN) and _bound(other) == _bound(entity):
                raise AlreadyExists("another suggestion is open for this message")


class MemoryModelCalls(MemoryRepository[ModelCall]):
    """`ModelCalls` over dictionaries."""

    table = "model_calls"

    async def of_suggestion(self, suggestion_id: SuggestionId, /) -> Sequence[ModelCall]:
        """See `domain.assistance.ports.ModelCalls.of_suggestion`."""
        found = sorted(each.id for each in self.all() if each.suggestion_id == suggestion_id)
        return [await self.get(id) for id in found]


class MemorySuggestionQueries:
    """`SuggestionQueries` over what is committed."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

    async def of_message(self, tenant: WorkspaceId, message_id: MessageId, /) -> SuggestionView:
        """See `application.assistance.queries.SuggestionQueries.of_message`."""
        for suggestion in self._database.rows("suggestions", tenant):
            if suggestion.message_id == message_id:
                return self._view(suggestion)
        raise SuggestionNotFound("no suggestion has this message")

    def _view(self, suggestion: Suggestion) -> SuggestionView:
        conversation: Conversation = self._database.tables["conversations"][suggestion.conversation_id]
        is_over = _is_over(self._database.tables["jobs"], suggestion)
        return SuggestionView.of(suggestion, thread_of(conversation), is_abandoned=is_over)


def _is_over(jobs: "Mapping[JobId, MemoryJob]", suggestion: Suggestion) -> bool:
    job = jobs.get(suggestion.job_id) if suggestion.job_id else None
    return job is None or job.state in {"failed", "cancelled"}


def _bound(suggestion: Suggestion) -> tuple[ConversationId, int, int]:
    return suggestion.conversation_id, suggestion.saw_sequence, suggestion.episode
