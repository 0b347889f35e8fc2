"""Loading and saving sources."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Text, any_, bindparam, insert, select
from typing_extensions import override

from adapters.postgres.knowledge.facts import FACTS, STORED
from adapters.postgres.repository import Repository, table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.knowledge import SourceRow, SourceVersionRow
from domain.knowledge.source import Content, Scope, Source, SourceKind, SourceNotFound
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, SourceId, WorkspaceId

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_SOURCES: Final = table_of(SourceRow)
_VERSIONS: Final = table_of(SourceVersionRow)

_BY_EXTERNAL_IDS: Final = Statement(
    select(_SOURCES.c.external_id, _SOURCES.c.id).where(
        _SOURCES.c.workspace_id == bindparam("workspace_id"),
        _SOURCES.c.external_id == any_(bindparam("external_ids", type_=ARRAY(Text))),
    )
)
_ADD: Final = Statement(insert(_SOURCES).values({each.name: bindparam(each.name) for each in STORED}))
_KEEP_VERSION: Final = Statement(
    insert(_VERSIONS).values({each.name: bindparam(each.name) for each in _VERSIONS.columns})
)

_LOCK_IMPORTS: Final = "SELECT pg_advisory_xact_lock(hashtextextended('usher.sources ' || $1::text, 0))"


class PostgresSources(Repository[Source]):
    """`Sources` on PostgreSQL. Each save also keeps the version for good."""

    row_type = SourceRow
    missing = SourceNotFound

    @override
    def to_entity(self, row: asyncpg.Record, /) -> Source:
        return Source(
            id=SourceId(row["id"]),
            workspace_id=WorkspaceId(row["workspace_id"]),
            version=row["version"],
            kind=SourceKind(row["kind"]),
            content=Content(
                title=row["title"],
                entity=row["entity"],
                service=row["service"],
                fields=row["fields"],
                text=row["text"],
            ),
            scope=Scope(
                conversation_id=row["conversation_id"],
                known_since=row["known_since"],
                batch=row["batch"],
            ),
            external_id=row["external_id"],
            recorded_by=row["recorded_by"],
            is_archived=row["is_archived"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        )

    @override
    def values(self, entity: Source, /) -> Mapping[str, object]:
        return {
            **_content(entity),
            "kind": entity.kind.value,
            "conversation_id": entity.scope.conversation_id,
            "known_since": entity.scope.known_since,
            "batch": entity.scope.batch,
            "external_id": entity.external_id,
            "recorded_by": entity.recorded_by,
            "is_archived": entity.is_archived,
            "created_at": entity.created_at,
            "updated_at": entity.updated_at,
        }

    @override
    async def save(self, entity: Source, /) -> None:
        """See `domain.knowledge.ports.Sources.save`."""
        await super().save(entity)
        await _KEEP_VERSION.run(self._tx.connection, **self._version(entity))

    @override
    def taken(self, error: asyncpg.UniqueViolationError, /) -> AlreadyExists:
        return AlreadyExists("a source with this external_id exists already")

    async def add_all(self, sources: Sequence[Source], /) -> None:
        """See `domain.knowledge.ports.Sources.add_all`."""
        connection = self._tx.connection
        try:
            await _ADD.run_many(
                connection,
                [{"id": s.id, "workspace_id": self._tx.tenant, "version": 1, **self.values(s)} for s in sources],
            )
        except asyncpg.UniqueViolationError as error:
            raise self.taken(error) from error
        for source in sources:
            source.version = 1
        await _KEEP_VERSION.run_many(connection, [self._version(source) for source in sources])
        for source in sources:
            self._tx.record(source.events)
            source.events.clear()

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, SourceId]:
        """See `domain.knowledge.ports.Sources.by_external_ids`."""
        await self._tx.connection.execute(_LOCK_IMPORTS, str(self._tx.tenant))
        rows = await _BY_EXTERNAL_IDS.rows(
            self._tx.connection, workspace_id=self._tx.tenant, external_ids=list(external_ids)
        )
        return {row["external_id"]: SourceId(row["id"]) for row in rows}

    async def facts_for(self, conversation_id: ConversationId, text: str, limit: int, /) -> Sequence[Source]:
        """See `domain.knowledge.ports.Sources.facts_for`."""
        rows = await FACTS.rows(
            self._tx.connection,
            workspace_id=self._tx.tenant,
            conversation_id=conversation_id,
            said=text,
            most=limit,
        )
        return [self.to_entity(row) for row in rows]

    def _version(self, source: Source) -> dict[str, object]:
        return {
            **_content(source),
            "workspace_id": self._tx.tenant,
            "source_id": source.id,
            "version": source.version,
            "is_archived": source.is_archived,
            "recorded_by": source.recorded_by,
            "created_at": source.updated_at,
        }


class PostgresThreads:
    """`Threads` from the conversations context's table."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def exists(self, conversation_id: UUID, /) -> bool:
        """See `domain.knowledge.ports.Threads.exists`."""
        return bool(
            await self._tx.connection.fetchval(
                "SELECT EXISTS (SELECT FROM conversations WHERE workspace_id = $1 AND id = $2)",
                self._tx.tenant,
                conversation_id,
            )
        )


def _content(source: Source) -> dict[str, object]:
    content = source.content
    return {
        "title": content.title,
        "entity": content.entity,
        "service": content.service,
        "fields": dict(content.fields),
        "text": content.text,
    }
