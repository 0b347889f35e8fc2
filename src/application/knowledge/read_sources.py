"""Read sources and what they said before."""

from dataclasses import dataclass

from application.knowledge import permissions
from application.knowledge.queries import SourceFilter, SourceLine, SourceQueries, SourceVersionView, SourceView
from application.shared.pages import Key, Page
from domain.shared.access import Actor
from domain.shared.ids import SourceId


@dataclass(frozen=True, slots=True)
class ListSources:
    """One page of the workspace's sources, newest first."""

    queries: SourceQueries

    async def __call__(
        self, *, actor: Actor, wanted: SourceFilter, after: Key | None = None, limit: int = 20
    ) -> Page[SourceLine]:
        """Raises `Forbidden` without the permission."""
        actor.must(permissions.READ)
        return await self.queries.page(actor.tenant, wanted, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class GetSource:
    """One source in its present version."""

    queries: SourceQueries

    async def __call__(self, *, actor: Actor, source_id: SourceId) -> SourceView:
        """Raises `SourceNotFound`, `Forbidden`."""
        actor.must(permissions.READ)
        return await self.queries.one(actor.tenant, source_id)


@dataclass(frozen=True, slots=True)
class ListSourceVersions:
    """What a source ever said, newest first."""

    queries: SourceQueries

    async def __call__(
        self, *, actor: Actor, source_id: SourceId, after: Key | None = None, limit: int = 20
    ) -> Page[SourceVersionView]:
        """Raises `SourceNotFound`, `Forbidden`."""
        actor.must(permissions.READ)
        return await self.queries.versions(actor.tenant, source_id, after=after, limit=limit)
