"""What lists and screens show of sources: Structs, selected as columns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

import msgspec

from application.shared.excerpts import Span
from application.shared.pages import Key, Page
from domain.knowledge.source import Source
from domain.shared.ids import ConversationId, SourceId, WorkspaceId


class SourceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which sources; several kinds mean any of them. `q` searches everything a source says."""

    kinds: tuple[str, ...] = ()
    service: str | None = None
    conversation_id: ConversationId | None = None
    is_archived: bool | None = None
    q: str | None = None


class SourceMatch(msgspec.Struct, frozen=True):
    """What a search found. `is_similar` tells that no source has the words, only ones like them."""

    text: str
    spans: list[Span]
    is_similar: bool


class SourceLine(msgspec.Struct, frozen=True):
    """One row of the list; the long prose is left out."""

    id: UUID
    version: int
    kind: str
    title: str
    entity: str
    service: str
    conversation_id: UUID | None
    is_archived: bool
    created_at: datetime
    updated_at: datetime
    match: SourceMatch | None = None


class SourceView(msgspec.Struct, frozen=True):
    """One source in its present version."""

    id: UUID
    version: int
    kind: str
    title: str
    entity: str
    service: str
    fields: Mapping[str, str]
    text: str
    conversation_id: UUID | None
    known_since: int
    batch: int
    external_id: str | None
    is_archived: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, source: Source) -> Self:
        """What the aggregate looks like now."""
        return cls(
            id=source.id,
            version=source.version,
            kind=source.kind.value,
            title=source.content.title,
            entity=source.content.entity,
            service=source.content.service,
            fields=source.content.fields,
            text=source.content.text,
            conversation_id=source.scope.conversation_id,
            known_since=source.scope.known_since,
            batch=source.scope.batch,
            external_id=source.external_id,
            is_archived=source.is_archived,
            created_at=source.created_at,
            updated_at=source.updated_at,
        )


class SourceVersionView(msgspec.Struct, frozen=True):
    """What a source said in one version, and who had it say so (`recorded_by`, a caller's stable name)."""

    version: int
    title: str
    entity: str
    service: str
    fields: Mapping[str, str]
    text: str
    is_archived: bool
    recorded_by: str
    created_at: datetime


class SourceQueries(Protocol):
    """Reading, without locks."""

    async def page(
        self, tenant: WorkspaceId, wanted: SourceFilter, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceLine]:
        """Sources, newest first, from behind the key `after`."""
        ...

    async def one(self, tenant: WorkspaceId, source_id: SourceId) -> SourceView:
        """One source.

        Raises:
            SourceNotFound: none with this id in this tenant.
        """
        ...

    async def versions(
        self, tenant: WorkspaceId, source_id: SourceId, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceVersionView]:
        """All that it ever said, newest first.

        Raises:
            SourceNotFound: none with this id in this tenant.
        """
        ...
