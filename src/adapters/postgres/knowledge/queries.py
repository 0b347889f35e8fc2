"""Lists and single reads of sources."""

from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    select,
    union_all,
)

from adapters.postgres.database import PostgresDatabase
from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.knowledge import SourceRow, SourceVersionRow
from application.knowledge.queries import (
    SourceFilter,
    SourceLine,
    SourceMatch,
    SourceVersionView,
    SourceView,
)
from application.shared.excerpts import excerpt, words_of
from application.shared.pages import Key, Page
from domain.knowledge.source import SourceNotFound
from domain.shared.ids import SourceId, WorkspaceId

_SOURCES: Final = table_of(SourceRow)
_S: Final = _SOURCES.c
_V: Final = table_of(SourceVersionRow).c
_LINE: Final = tuple(name for name in SourceLine.__struct_fields__ if name != "match")
_SAID: Final = ("title", "entity", "fields", "text")


class Search(StrEnum):
    """Whether a search goes by the words themselves or by words like them; part of its cursor."""

    EXACT = "exact"
    SIMILAR = "similar"


class Shape(NamedTuple):
    """What a statement depends on; everything else are its parameters."""

    rows: int
    is_continued: bool
    kinds: int
    filters: frozenset[str]
    search: Search | None


_VIEW: Final = Statement(
    select(*(_S[name] for name in SourceView.__struct_fields__)).where(
        _S.workspace_id == bindparam("workspace_id"), _S.id == bindparam("id")
    )
)
_VERSIONS: Final = Statement(
    select(*(_V[name] for name in SourceVersionView.__struct_fields__))
    .where(
        _V.workspace_id == bindparam("workspace_id"),
        _V.source_id == bindparam("id"),
        _V.version < bindparam("below"),
    )
    .order_by(_V.version.desc())
    .limit(bindparam("limit"))
)
_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "service": _S.service == bindparam("service"),
    "conversation_id": _S.conversation_id == bindparam("conversation_id"),
    "is_archived": _S.is_archived,
    "is_not_archived": ~_S.is_archived,
}


@lru_cache(maxsize=512)
def page_statement(shape: Shape) -> Statement:
    """Columns of `SourceLine`, and for a search what the source says. One short read for each kind asked for."""
    if shape.kinds < 2:
        return Statement(_ordered(_selected(shape, shape.kinds - 1), shape))
    parts = [_ordered(_selected(shape, kind), shape) for kind in range(shape.kinds)]
    page = union_all(*parts).subquery("page")
    return Statement(select(page).order_by(page.c.id.desc()).limit(literal_column(str(shape.rows))))


def _selected(shape: Shape, kind: int) -> Select[Any]:
    columns = [_S[name] for name in _LINE]
    if shape.search is not None:
        columns += [_S[name].label(f"said_{name}") for name in _SAID]
    selected = select(*columns).where(_S.workspace_id == bindparam("workspace_id"))
    if kind >= 0:
        selected = selected.where(_S.kind == bindparam(f"kind_{kind}"))
    if shape.is_continued:
        selected = selected.where(_S.id < bindparam("after_id"))
    selected = selected.where(*(_FILTERS[name] for name in sorted(shape.filters)))
    if shape.search is None:
        return selected
    if shape.search is Search.EXACT:
        call = func.usher_find_sources(func.usher_query(bindparam("q", type_=Text())))
    else:
        call = func.usher_find_similar_sources(bindparam("words", type_=ARRAY(Text)))
    found = call.table_valued(column("source_id", Uuid)).alias(f"found_{kind + 1}")
    return selected.select_from(found.join(_SOURCES, _S.id == found.c.source_id))


def _ordered(selected: Select[Any], shape: Shape) -> Select[Any]:
    return selected.order_by(_S.id.desc()).limit(literal_column(str(shape.rows)))


class PostgresSourceQueries:
    """`SourceQueries` on PostgreSQL."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def page(
        self, tenant: WorkspaceId, wanted: SourceFilter, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceLine]:
        """See `application.knowledge.queries.SourceQueries.page`."""
        if wanted.q is None:
            return await self._page(tenant, wanted, None, after, limit)
        if after is not None:
            return await self._page(tenant, wanted, Search(str(after[0])), after, limit)
        exact = await self._page(tenant, wanted, Search.EXACT, None, limit)
        if exact.items or await self._has_words(tenant, wanted.q):
            return exact
        return await self._page(tenant, wanted, Search.SIMILAR, None, limit)

    async def one(self, tenant: WorkspaceId, source_id: SourceId) -> SourceView:
        """See `application.knowledge.queries.SourceQueries.one`."""
        row = await self._database.row(tenant, _VIEW, workspace_id=tenant, id=source_id)
        if row is None:
            raise SourceNotFound("nothing with this id")
        return SourceView(*row)

    async def versions(
        self, tenant: WorkspaceId, source_id: SourceId, *, after: Key | None = None, limit: int = 20
    ) -> Page[SourceVersionView]:
        """See `application.knowledge.queries.SourceQueries.versions`."""
        below = 2**31 - 1 if after is None else int(str(after[-1]))
        rows = await self._database.rows(
            tenant, _VERSIONS, workspace_id=tenant, id=source_id, below=below, limit=limit + 1
        )
        if not rows:
            await self.one(tenant, source_id)
        views = [SourceVersionView(*row) for row in rows[:limit]]
        return Page(items=views, after=(views[-1].version,) if len(rows) > limit else None)

    async def _has_words(self, tenant: WorkspaceId, q: str) -> bool:
        """Whether anything at all has the words, filtered out or not."""
        anything = SourceFilter(q=q)
        return bool((await self._page(tenant, anything, Search.EXACT, None, 1)).items)

    async def _page(
        self, tenant: WorkspaceId, wanted: SourceFilter, search: Search | None, after: Key | None, limit: int
    ) -> Page[SourceLine]:
        shape = Shape(
            rows=next(size for size in (21, 51, 101, limit + 1) if size > limit),
            is_continued=after is not None,
            kinds=len(wanted.kinds),
            filters=_filters(wanted),
            search=search,
        )
        values = _values(wanted)
        if after is not None:
            values["after_id"] = UUID(str(after[-1]))
        rows = await self._database.rows(tenant, page_statement(shape), workspace_id=tenant, **values)
        lines = [_line(row, wanted.q, search) for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(items=lines)
        key = (str(lines[-1].id),)
        return Page(items=lines, after=key if search is None else (search.value, *key))


def _filters(wanted: SourceFilter) -> frozenset[str]:
    names = {name for name in ("service", "conversation_id") if getattr(wanted, name) is not None}
    if wanted.is_archived is not None:
        names.add("is_archived" if wanted.is_archived else "is_not_archived")
    return frozenset(names)


def _values(wanted: SourceFilter) -> dict[str, object]:
    values: dict[str, object] = {f"kind_{number}": kind for number, kind in enumerate(wanted.kinds)}
    values |= {"service": wanted.service, "conversation_id": wanted.conversation_id}
    if wanted.q is not None:
        values |= {"q": wanted.q, "words": sorted(words_of(wanted.q), key=len, reverse=True)}
    return values


def _line(row: asyncpg.Record, q: str | None, search: Search | None) -> SourceLine:
    if q is None or search is None:
        return SourceLine(*row)
    title, entity, fields, text = (row[f"said_{name}"] for name in _SAID)
    cut = excerpt(" ".join([title, entity, *fields.values(), text]), q)
    match = SourceMatch(cut.text, cut.spans, search is Search.SIMILAR)
    return SourceLine(*tuple(row)[: len(_LINE)], match=match)
