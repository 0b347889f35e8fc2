"""The statements behind the list of conversations: one for each shape of question, compiled once.

Every shape reads the rows of its page along an index and little more, however many there are: a filter by several
statuses is one short read for each of them, merged. Searches differ in how they find; see `Search`.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.conversations import ConversationHeadingRow, ConversationRow, MessageRow
from application.conversations.queries import ConversationLine, ConversationOrder

_C: Final = table_of(ConversationRow).c
_H: Final = table_of(ConversationHeadingRow).c
_M: Final = table_of(MessageRow).c
_SIMPLE: Final[ColumnElement[str]] = literal_column("'simple'::regconfig", Text())  # as the indexes have it
_LINE: Final = tuple(name for name in ConversationLine.__struct_fields__ if name != "match")


class Search(StrEnum):
    """How a search goes about it; part of its cursor, so that all pages go the same way."""

    RARE = "rare"
    """Few places have the words: find them all in the index, then put them in order."""
    COMMON = "common"
    """Many have: go along the order, and look whether each has."""
    SIMILAR = "similar"
    """None has: find words like them by their trigrams."""


class Shape(NamedTuple):
    """What a statement depends on; everything else are its parameters. `rows` is its limit."""

    order: ConversationOrder
    rows: int
    is_continued: bool
    statuses: int
    filters: frozenset[str]
    search: Search | None


@lru_cache(maxsize=1024)
def page_statement(shape: Shape) -> Statement:
    """Columns of `ConversationLine`, and for a search: message id, its text, the heading.

    Parameters: `workspace_id`; `after_at` and `after_id` when continued; `status_0`… ; the filters by their names;
    `q` or, for similar words, `words`.
    """
    if shape.search is not None:
        return Statement(_found(shape))
    if shape.statuses > 1:
        parts = [_ordered(_selected(shape).where(_status(n)), shape) for n in range(shape.statuses)]
        return Statement(_reordered(union_all(*parts).subquery(), shape))
    return Statement(_ordered(_selected(shape), shape))


def _own(columns: ReadOnlyColumnCollection[str, Column[Any]]) -> ColumnElement[bool]:
    """The workspace's own rows: the first net, besides the policy."""
    return columns.workspace_id == bindparam("workspace_id")


def _status(number: int) -> ColumnElement[bool]:
    return _C.status == bindparam(f"status_{number}")


def _selected(shape: Shape) -> Select[Any]:
    """The page's rows, yet without order."""
    selected = select(*(_C[name] for name in _LINE)).where(_own(_C))
    if shape.is_continued:
        here, there = (
            tuple_(_time(shape), _C.id),
            tuple_(bindparam("after_at", type_=_time(shape).type), bindparam("after_id", type_=Uuid())),
        )
        selected = selected.where(here > there if shape.order is ConversationOrder.OLDEST else here < there)
    if shape.statuses == 1:
        selected = selected.where(_status(0))
    return selected.where(*(_FILTERS[name] for name in sorted(shape.filters)))


_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "priorities": _C.priority == any_(bindparam("priorities", type_=ARRAY(Text))),
    "channels": _C.channel == any_(bindparam("channels", type_=ARRAY(Text))),
    "assignee_ids": _C.assignee_id == any_(bindparam("assignee_ids", type_=ARRAY(Uuid))),
    "is_assigned": _C.assignee_id.is_not(None),
    "is_not_assigned": _C.assignee_id.is_(None),
    "created_after": _C.created_at >= bindparam("created_after"),
    "created_before": _C.created_at < bindparam("created_before"),
}


def _time(shape: Shape) -> ColumnElement[Any]:
    return _C[_time_name(shape)]


def _time_name(shape: Shape) -> str:
    return "last_message_at" if shape.order is ConversationOrder.LATEST_MESSAGE else "created_at"


def _ordered(selected: Select[Any], shape: Shape) -> Select[Any]:
    if shape.order is ConversationOrder.OLDEST:
        return selected.order_by(_time(shape), _C.id).limit(_limit(shape))
    return selected.order_by(_time(shape).desc(), _C.id.desc()).limit(_limit(shape))


def _reordered(page: FromClause, shape: Shape, *more: ColumnElement[Any]) -> Select[Any]:
    """The rows of a subquery, in the order again."""
    time, id = page.c[_time_name(shape)], page.c.id
    selected = select(*(page.c[name] for name in _LINE), *more)
    if shape.order is ConversationOrder.OLDEST:
        return selected.order_by(time, id).limit(_limit(shape))
    return selected.order_by(time.desc(), id.desc()).limit(_limit(shape))


def _limit(shape: Shape) -> ColumnElement[int]:
    # Spelled out: with a parameter PostgreSQL would plan for a tenth of the table.
    return literal_column(str(shape.rows))


def _found(shape: Shape) -> Select[Any]:
    single = shape._replace(statuses=min(shape.statuses, 1))
    selected = _selected(single)
    if shape.statuses > 1:
        statuses = [_status(number) for number in range(shape.statuses)]
        selected = _selected(shape).where(or_(*statuses))
    return _walked(selected, shape) if shape.search is Search.COMMON else _looked_up(selected, shape)


def _looked_up(selected: Select[Any], shape: Shape) -> Select[Any]:
    """The index says where; texts are fetched for the page only."""
    if shape.search is Search.RARE:
        call = func.usher_find_conversations(func.usher_query(bindparam("q", type_=Text())))
    else:
        call = func.usher_find_similar_conversations(bindparam("words", type_=ARRAY(Text)))
    found = call.table_valued(column("conversation_id", Uuid), column("message_id", Uuid)).alias("found")
    places = selected.add_columns(found.c.message_id).select_from(
        found.join(_C.id.table, _C.id == found.c.conversation_id)
    )
    page = _ordered(places, shape).subquery("page")
    return _reordered(page, shape, _M.id.label("message_id"), _M.text, _H.heading).select_from(
        page.outerjoin(_M.id.table, and_(_M.id == page.c.message_id, _own(_M))).outerjoin(
            _H.heading.table, and_(_H.conversation_id == page.c.id, _own(_H))
        )
    )


def _walked(selected: Select[Any], shape: Shape) -> Select[Any]:
    """Each conversation in its order is asked for its latest matching message."""
    words = func.usher_query(bindparam("q", type_=Text()))
    latest = (
        select(_M.id, _M.text)
        .where(
            _own(_M),
            _M.conversation_id == _C.id,
            _M.sequence.is_not(None),
            func.to_tsvector(_SIMPLE, _M.text).op("@@")(words),
        )
        .order_by(_M.sequence.desc())
        .limit(literal_column("1"))
        .lateral("latest")
    )
    headings = and_(_H.conversation_id == _C.id, _own(_H))
    places = (
        selected.add_columns(latest.c.id.label("message_id"), latest.c.text, _H.heading)
        .select_from(_C.id.table.outerjoin(latest, true()).outerjoin(_H.heading.table, headings))
        .where(
            or_(
                latest.c.id.is_not(None),
                func.to_tsvector(_SIMPLE, _H.heading).op("@@")(words),
            )
        )
    )
    return _ordered(places, shape)
