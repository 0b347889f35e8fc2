"""Reading the change feed."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.operations.queries import EventView, FeedQueries
from application.shared.pages import Page
from domain.shared.access import Actor
from domain.shared.ids import EventId


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """What happened in the caller's workspace after an event, oldest first."""

    queries: FeedQueries

    async def __call__(
        self, *, actor: Actor, after: EventId | None, names: Sequence[str] = (), limit: int
    ) -> Page[EventView]:
        """Raises EventUnknown: no such event is kept."""
        actor.must("events:read")
        return await self.queries.page(actor.tenant, after=after, names=names, limit=limit)
