"""Sources in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from adapters.memory.repository import MemoryRepository
from adapters.memory.searching import has_words, is_similar
from application.knowledge.queries import SourceFilter, SourceLine, SourceMatch, SourceVersionView, SourceView
from application.shared.excerpts import excerpt, words_of
from application.shared.pages import Key, Page
from domain.knowledge.source import Source, SourceKind, SourceNotFound
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, SourceId, WorkspaceId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase, MemoryTransaction

_ALWAYS = frozenset({SourceKind.CHECKLIST, SourceKind.POLICY})


class MemorySources(MemoryRepository[Source]):
    """`Sources` over dictionaries."""

    table = "sources"
    missing = SourceNotFound

    @override
    async def save(self, entity: Source, /) -> None:
        """See `domain.knowledge.ports.Sources.save`."""
        await super().save(entity)
        self._tx.write("source_versions", (entity.id, entity.version), entity)

    @override
    def check_unique(self, entity: Source, /) -> None:
        taken = {each.external_id: each.id for each in self.all() if each.external_id is not None}
        if entity.external_id is not None and taken.get(entity.external_id, entity.id) != entity.id:
            raise AlreadyExists("a source with this external_id exists already")

    async def add_all(self, sources: Sequence[Source], /) -> None:
        """See `domain.knowledge.ports.Sources.add_all`."""
        for source in sources:
            await self.save(source)

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, SourceId]:
        """See `domain.knowledge.ports.Sources.by_external_ids`."""
        await self._tx.lock("source_imports", self._tx.tenant)
        wanted = set(external_ids)
        return {each.external_id: each.id for each in self.all() if each.external_id in wanted}

    async def facts_for(self, conversation_id: ConversationId, text: str, limit: int, /) -> Sequence[Source]:
        """See `domain.knowledge.ports.Sources.facts_for`."""
        live = [each for each in self.all() if not each.is_archived]
        attached = [each for each in live if each.scope.conversation_id == conversation_id]
        attached.sort(key=lambda each: (-each.scope.batch, each.id))
        shared = [each for each in live if each.scope.conversation_id is None]
        always = [each for each in shared if each.kind in _ALWAYS]
        others = _best_first((each for each in shared if each.kind not in _ALWAYS), set(words_of(text)))
        return [*attached[:limit], *always[:100], *others[:limit]]


class MemoryThreads:
    """`Threads` from the conversations context's table."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def exists(self, conversation_id: ConversationId, /) -> bool:
        """See `domain.knowledge.ports.Threads.exists`."""
        found = self._tx.read("conversations").get(conversation_id)
        return found is not None and found.workspace_id == self._tx.tenant


class MemorySourceQueries:
    """`SourceQueries` over what is committed."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

    async def page(
        self, tenant: WorkspaceId, wanted: SourceFilter, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceLine]:
        """See `application.knowledge.queries.SourceQueries.page`."""
        found = [each for each in self._sources(tenant) if _fits(each, wanted)]
        matches = _matches(self._sources(tenant), wanted.q) if wanted.q is not None else None
        if matches is not None:
            found = [each for each in found if each.id in matches]
        found.sort(key=lambda each: each.id, reverse=True)
        if after is not None:
            found = [each for each in found if str(each.id) < str(after[-1])]
        lines = [_line(each, matches[each.id] if matches else None) for each in found[:limit]]
        return Page(items=lines, after=(str(lines[-1].id),) if len(found) > limit else None)

    async def one(self, tenant: WorkspaceId, source_id: SourceId) -> SourceView:
        """See `application.knowledge.queries.SourceQueries.one`."""
        return SourceView.of(self._source(tenant, source_id))

    async def versions(
        self, tenant: WorkspaceId, source_id: SourceId, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceVersionView]:
        """See `application.knowledge.queries.SourceQueries.versions`."""
        self._source(tenant, source_id)
        kept = [each for each in self._database.rows("source_versions", tenant) if each.id == source_id]
        kept.sort(key=lambda each: each.version, reverse=True)
        if after is not None:
            kept = [each for each in kept if each.version < int(str(after[-1]))]
        views = [_version(each) for each in kept[:limit]]
        return Page(items=views, after=(views[-1].version,) if len(kept) > limit else None)

    def _sources(self, tenant: WorkspaceId) -> list[Source]:
        return self._database.rows("sources", tenant)

    def _source(self, tenant: WorkspaceId, source_id: SourceId) -> Source:
        found = self._database.tables["sources"].get(source_id)
        if found is None or found.workspace_id != tenant:
            raise SourceNotFound("nothing with this id")
        return found


def said(source: Source) -> str:
    """Everything that a search looks at."""
    content = source.content
    return " ".join([content.title, content.entity, *content.fields.values(), content.text])


def _best_first(sources: Iterable[Source], words: set[str]) -> list[Source]:
    """Those that have most of the words; then those that have none, inventory before other kinds, the newest first."""

    def place(source: Source) -> tuple[int, bool, int]:
        score = len(words & set(words_of(said(source))))
        return (-score, False, source.id.int) if score else (0, source.kind is not SourceKind.INVENTORY, -source.id.int)

    return sorted(sources, key=place)


def _matches(sources: Iterable[Source], q: str) -> dict[SourceId, SourceMatch]:
    kept = list(sources)
    for finds, similar in ((has_words, False), (is_similar, True)):
        found = {
            each.id: SourceMatch(cut.text, cut.spans, similar)
            for each in kept
            if finds(said(each), q)
            for cut in (excerpt(said(each), q),)
        }
        if found:
            return found
    return {}


def _fits(source: Source, wanted: SourceFilter) -> bool:
    return (
        (not wanted.kinds or source.kind in wanted.kinds)
        and (wanted.service is None or source.content.service == wanted.service)
        and (wanted.conversation_id is None or source.scope.conversation_id == wanted.conversation_id)
        and (wanted.is_archived is None or source.is_archived is wanted.is_archived)
    )


def _line(source: Source, match: SourceMatch | None) -> SourceLine:
    return SourceLine(
        source.id,
        source.version,
        source.kind.value,
        source.content.title,
        source.content.entity,
        source.content.service,
        source.scope.conversation_id,
        source.is_archived,
        source.created_at,
        source.updated_at,
        match,
    )


def _version(source: Source) -> SourceVersionView:
    return SourceVersionView(
        version=source.version,
        title=source.content.title,
        entity=source.content.entity,
        service=source.content.service,
        fields=source.content.fields,
        text=source.content.text,
        is_archived=source.is_archived,
        recorded_by=source.recorded_by,
        created_at=source.updated_at,
    )
