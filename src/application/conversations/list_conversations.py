"""List and search conversations."""

from dataclasses import dataclass

from application.conversations import permissions
from application.conversations.queries import (
    ConversationFilter,
    ConversationLine,
    ConversationOrder,
    ConversationQueries,
)
from application.shared.pages import Key, Page
from domain.shared.access import Actor


@dataclass(frozen=True, slots=True)
class ListConversations:
    """One page of the workspace's conversations."""

    queries: ConversationQueries

    async def __call__(
        self,
        *,
        actor: Actor,
        wanted: ConversationFilter,
        order: ConversationOrder = ConversationOrder.NEWEST,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[ConversationLine]:
        """Raises `Forbidden` without the permission."""
        actor.must(permissions.READ)
        return await self.queries.page(actor.tenant, wanted, order, after=after, limit=limit)
