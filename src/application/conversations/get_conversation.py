"""Look at one conversation, in full or in short."""

from dataclasses import dataclass

from application.conversations import permissions
from application.conversations.queries import ConversationQueries, ConversationStatus, ConversationView
from domain.shared.access import Actor
from domain.shared.ids import ConversationId


@dataclass(frozen=True, slots=True)
class GetConversation:
    """One conversation, without its messages."""

    queries: ConversationQueries

    async def __call__(self, *, actor: Actor, conversation_id: ConversationId) -> ConversationView:
        """Raises `ConversationNotFound`, `Forbidden`."""
        actor.must(permissions.READ)
        return await self.queries.one(actor.tenant, conversation_id)


@dataclass(frozen=True, slots=True)
class GetConversationStatus:
    """The little that a poll needs."""

    queries: ConversationQueries

    async def __call__(self, *, actor: Actor, conversation_id: ConversationId) -> ConversationStatus:
        """Raises `ConversationNotFound`, `Forbidden`."""
        actor.must(permissions.READ)
        return await self.queries.status(actor.tenant, conversation_id)
