"""Which sources a reply may use: one statement."""

from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    union_all,
)

from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.knowledge import SourceRow
from domain.knowledge.source import SourceKind

_SOURCES: Final = table_of(SourceRow)
_S: Final = _SOURCES.c
STORED: Final = [each for each in _SOURCES.columns if each.computed is None]
"""The columns of a source that somebody writes."""

_MOST_STANDING: Final = 100
"""Checklists and policies that every draft gets."""
_STANDING: Final = (SourceKind.CHECKLIST, SourceKind.POLICY)
_LIVE: Final = (_S.workspace_id == bindparam("workspace_id"), ~_S.is_archived)
_SHARED: Final = (*_LIVE, _S.conversation_id.is_(None))
_MOST: Final = bindparam("most", type_=Integer())


def _facts() -> Statement:
    """Attached ones, standing ones, the best matches, and what makes up their number, in this order."""
    best = func.usher_find_facts(bindparam("said", type_=Text()), _MOST).table_valued(
        column("source_id", _S.id.type), column("place", Integer())
    )
    found = select(best.c.source_id, best.c.place).cte("found")
    matching = (
        select(*STORED, _number(3), found.c.place)
        .join_from(found, _SOURCES, _S.id == found.c.source_id)
        .where(*_SHARED)
    )
    every = union_all(_attached(), _standing(), matching, _others(found)).subquery("every")
    return Statement(select(every).order_by(every.c.part, every.c.place, every.c.batch.desc(), every.c.id))


def _attached() -> Select[Any]:
    return (
        select(*STORED, _number(1).label("part"), _number(0).label("place"))
        .where(*_LIVE, _S.conversation_id == bindparam("conversation_id"))
        .order_by(_S.batch.desc(), _S.id)
        .limit(_MOST)
    )


def _standing() -> Select[Any]:
    return (
        select(*STORED, _number(2), _number(0))
        .where(*_SHARED, _S.kind.in_([_text(kind) for kind in _STANDING]))
        .order_by(_S.id)
        .limit(literal_column(str(_MOST_STANDING)))
    )


def _others(found: CTE) -> Select[Any]:
    """What nobody named, as many as `found` leaves room for: inventory first, and the newest first.

    The newest of each kind come off `ix_sources_shared`, so the number of the workspace's sources does not matter.
    """
    newest = union_all(*(_newest(kind) for kind in SourceKind if kind not in _STANDING)).subquery("newest")
    order = (newest.c.turn, newest.c.id.desc())
    return (
        select(*STORED, _number(4), func.row_number().over(order_by=order))
        .join_from(newest, _SOURCES, _S.id == newest.c.id)
        .where(*_SHARED, newest.c.id.not_in(select(found.c.source_id)))
        .order_by(*order)
        .limit(_MOST - select(func.count()).select_from(found).scalar_subquery())
    )


def _newest(kind: SourceKind) -> Select[Any, int]:
    turn = _number(0 if kind is SourceKind.INVENTORY else 1).label("turn")
    return select(_S.id, turn).where(*_SHARED, _S.kind == _text(kind)).order_by(_S.id.desc()).limit(_MOST)


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), Integer())


def _text(kind: SourceKind) -> ColumnElement[str]:
    return literal_column(f"'{kind.value}'", Text())


FACTS: Final = _facts()
"""All of `STORED`, for `workspace_id`, `conversation_id`, `said` and `most`. See `domain.knowledge.ports.Sources`."""
