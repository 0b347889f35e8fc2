"""Lists and single reads of conversations and messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from msgspec.structs import replace
from sqlalchemy import BigInteger, Text, bindparam, func, select

from adapters.postgres.conversations.listing import Search, Shape, page_statement
from adapters.postgres.database import PostgresDatabase
from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.conversations import ConversationRow, MessageRow
from application.conversations.queries import (
    ConversationFilter,
    ConversationLine,
    ConversationOrder,
    ConversationStatus,
    ConversationView,
    Match,
    MessageView,
    Since,
    unknown_since,
)
from application.shared.excerpts import excerpt, words_of
from application.shared.pages import Key, Page
from domain.conversations.conversation import ConversationNotFound
from domain.conversations.message import MessageNotFound
from domain.conversations.statuses import Status, allowed_moves
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, MessageId, WorkspaceId

_C: Final = table_of(ConversationRow).c
_M: Final = table_of(MessageRow).c
_BEYOND: Final = 2**31 - 1
"""A sequence that no message reaches."""
_LINE: Final = len(ConversationLine.__struct_fields__) - 1
_STATUS: Final = tuple(name for name in ConversationStatus.__struct_fields__ if name != "allowed_moves")


def _one(columns: Sequence[Any], table: Any) -> Statement:
    return Statement(
        select(*columns).where(table.workspace_id == bindparam("workspace_id"), table.id == bindparam("id"))
    )


_VIEW: Final = _one([_C[name] for name in ConversationView.__struct_fields__], _C)
_SHORT: Final = _one([_C[name] for name in _STATUS], _C)
_MESSAGE: Final = _one([_M[name] for name in MessageView.__struct_fields__], _M)
_PLACE: Final = Statement(
    select(_M.sequence).where(
        _M.workspace_id == bindparam("workspace_id"),
        _M.conversation_id == bindparam("conversation_id"),
        _M.id == bindparam("id"),
    )
)
_COUNT: Final = Statement(
    select(
        func.usher_count_conversations(
            func.usher_query(bindparam("q", type_=Text())), bindparam("most", type_=BigInteger())
        )
    )
)


def _messages(*, newest_first: bool, since_moment: bool) -> Statement:
    selected = select(*(_M[name] for name in MessageView.__struct_fields__)).where(
        _M.workspace_id == bindparam("workspace_id"),
        _M.conversation_id == bindparam("conversation_id"),
        _M.sequence > bindparam("above"),
        _M.sequence < bindparam("below"),
    )
    if since_moment:
        selected = selected.where(_M.sent_at >= bindparam("moment"))
    order = _M.sequence.desc() if newest_first else _M.sequence
    return Statement(selected.order_by(order).limit(bindparam("limit")))


_MESSAGES: Final = {
    (newest_first, since_moment): _messages(newest_first=newest_first, since_moment=since_moment)
    for newest_first in (False, True)
    for since_moment in (False, True)
}


class PostgresConversationQueries:
    """`ConversationQueries` on PostgreSQL.

    Up to `few` places a search finds them all and sorts; beyond, it goes along the order.
    """

    def __init__(self, database: PostgresDatabase, *, few: int = 5_000) -> None:
        self._database = database
        self._few = few

    async def page(
        self,
        tenant: WorkspaceId,
        wanted: ConversationFilter,
        order: ConversationOrder,
        *,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[ConversationLine]:
        """See `application.conversations.queries.ConversationQueries.page`."""
        search = await self._search(tenant, wanted, after) if wanted.q is not None else None
        values = _values(wanted)
        if after is not None:
            values |= {"after_at": datetime.fromisoformat(str(after[-2])), "after_id": UUID(str(after[-1]))}
        shape = Shape(
            order=order,
            rows=_rows(limit),
            is_continued=after is not None,
            statuses=len(wanted.statuses),
            filters=_filters(wanted),
            search=search,
        )
        rows = await self._database.rows(tenant, page_statement(shape), workspace_id=tenant, **values)
        lines = [_line(row, wanted.q, search) for row in rows[:limit]]
        return Page(items=lines, after=_key(lines[-1], order, search) if len(rows) > limit else None)

    async def one(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationView:
        """See `application.conversations.queries.ConversationQueries.one`."""
        row = await self._database.row(tenant, _VIEW, workspace_id=tenant, id=conversation_id)
        if row is None:
            raise ConversationNotFound("nothing with this id")
        return ConversationView(*row)

    async def status(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationStatus:
        """See `application.conversations.queries.ConversationQueries.status`."""
        row = await self._database.row(tenant, _SHORT, workspace_id=tenant, id=conversation_id)
        if row is None:
            raise ConversationNotFound("nothing with this id")
        moves = [move.value for move in allowed_moves(Status(row["status"]))]
        return ConversationStatus(**dict(row), allowed_moves=moves)

    async def messages(
        self,
        tenant: WorkspaceId,
        conversation_id: ConversationId,
        *,
        since: Since | None = None,
        newest_first: bool = False,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[MessageView]:
        """See `application.conversations.queries.ConversationQueries.messages`."""
        above, below = await self._place(tenant, conversation_id, since), _BEYOND
        if after is not None:
            place = int(str(after[-1]))
            above, below = (above, place) if newest_first else (max(above, place), below)
        moment = {"moment": since} if isinstance(since, datetime) else {}
        rows = await self._database.rows(
            tenant,
            _MESSAGES[newest_first, bool(moment)],
            workspace_id=tenant,
            conversation_id=conversation_id,
            above=above,
            below=below,
            limit=limit + 1,
            **moment,
        )
        if not rows:
            await self.status(tenant, conversation_id)
        views = [MessageView(*row) for row in rows[:limit]]
        return Page(items=views, after=(views[-1].sequence,) if len(rows) > limit else None)

    async def message(self, tenant: WorkspaceId, message_id: MessageId) -> MessageView:
        """See `application.conversations.queries.ConversationQueries.message`."""
        row = await self._database.row(tenant, _MESSAGE, workspace_id=tenant, id=message_id)
        if row is None:
            raise MessageNotFound("nothing with this id")
        return MessageView(*row)

    async def _search(self, tenant: WorkspaceId, wanted: ConversationFilter, after: Key | None) -> Search:
        if after is not None:
            return Search(str(after[0]))
        row = await self._database.row(tenant, _COUNT, q=wanted.q, most=self._few + 1)
        places: int = 0 if row is None else row[0]
        if places == 0:
            return Search.SIMILAR
        return Search.RARE if places <= self._few else Search.COMMON

    async def _place(self, tenant: WorkspaceId, conversation_id: ConversationId, since: Since | None) -> int:
        """The sequence behind which to read."""
        match since:
            case None | datetime():
                return 0
            case int():
                return min(since, _BEYOND)
            case _:
                row = await self._database.row(
                    tenant, _PLACE, workspace_id=tenant, conversation_id=conversation_id, id=since
                )
                if row is not None and row[0] is not None:
                    return row[0]
                await self.status(tenant, conversation_id)
                raise Invalid([unknown_since()])


def _rows(limit: int) -> int:
    """One row more than the page tells whether there is more; few sizes, so that there are few statements."""
    return next(size for size in (21, 51, 101, limit + 1) if size > limit)


def _filters(wanted: ConversationFilter) -> frozenset[str]:
    names = {
        name
        for name in ("priorities", "channels", "assignee_ids", "created_after", "created_before")
        if getattr(wanted, name)
    }
    if wanted.is_assigned is not None:
        names.add("is_assigned" if wanted.is_assigned else "is_not_assigned")
    return frozenset(names)


def _values(wanted: ConversationFilter) -> dict[str, object]:
    values: dict[str, object] = {f"status_{n}": status for n, status in enumerate(wanted.statuses)}
    for name in ("priorities", "channels", "assignee_ids"):
        values[name] = list(getattr(wanted, name))
    values |= {"created_after": wanted.created_after, "created_before": wanted.created_before}
    if wanted.q is not None:
        words = sorted(words_of(wanted.q), key=len, reverse=True)
        values |= {"q": wanted.q, "words": words}
    return values


def _line(row: asyncpg.Record, q: str | None, search: Search | None) -> ConversationLine:
    if q is None or search is None:
        return ConversationLine(*row)
    message_id, text, heading = tuple(row)[_LINE:]
    cut = excerpt(heading if text is None else text, q)
    match = Match(cut.text, cut.spans, message_id, search is Search.SIMILAR)
    return replace(ConversationLine(*tuple(row)[:_LINE]), match=match)


def _key(line: ConversationLine, order: ConversationOrder, search: Search | None) -> Key:
    time = line.last_message_at if order is ConversationOrder.LATEST_MESSAGE else line.created_at
    key = (time.isoformat(), str(line.id))
    return key if search is None else (search.value, *key)
