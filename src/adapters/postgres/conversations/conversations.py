"""Loading and saving conversations."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import asyncpg
from sqlalchemy import ARRAY, Text, any_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from typing_extensions import override

from adapters.postgres.conversations.messages import row_of
from adapters.postgres.repository import Repository, table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.conversations import (
    ConversationCounterRow,
    ConversationHeadingRow,
    ConversationRow,
    MessageRow,
)
from domain.conversations.conversation import Conversation, ConversationNotFound
from domain.conversations.events import ConversationEdited
from domain.conversations.message import Message
from domain.conversations.statuses import Status
from domain.conversations.values import Channel, Customer, Priority
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import ConversationId, WorkspaceId

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction

_CONVERSATIONS: Final = table_of(ConversationRow)
_HEADINGS: Final = table_of(ConversationHeadingRow)
_COUNTERS: Final = table_of(ConversationCounterRow)
_MESSAGES: Final = table_of(MessageRow)

_TAKE_NUMBERS: Final = Statement(
    upsert(_COUNTERS)
    .values(workspace_id=bindparam("workspace_id"), last_number=bindparam("count"))
    .on_conflict_do_update(
        index_elements=["workspace_id"], set_={"last_number": _COUNTERS.c.last_number + bindparam("count")}
    )
    .returning(_COUNTERS.c.last_number)
)
_BY_EXTERNAL_IDS: Final = Statement(
    select(_CONVERSATIONS.c.external_id, _CONVERSATIONS.c.id).where(
        _CONVERSATIONS.c.workspace_id == bindparam("workspace_id"),
        _CONVERSATIONS.c.external_id == any_(bindparam("external_ids", type_=ARRAY(Text))),
    )
)
_INSERT_CONVERSATION: Final = insert(_CONVERSATIONS).values(
    {column.name: bindparam(column.name) for column in _CONVERSATIONS.columns}
)
_INSERT_HEADING: Final = insert(_HEADINGS).values(
    workspace_id=bindparam("workspace_id"), conversation_id=bindparam("id"), heading=bindparam("heading")
)
_UPDATE_CONVERSATION: Final = (
    update(_CONVERSATIONS)
    .where(
        _CONVERSATIONS.c.id == bindparam("key_id"),
        _CONVERSATIONS.c.workspace_id == bindparam("key_workspace_id"),
        _CONVERSATIONS.c.version == bindparam("key_version"),
    )
    .values(
        {
            column.name: bindparam(column.name)
            for column in _CONVERSATIONS.columns
            if column.name not in {"id", "workspace_id"}
        }
    )
)
_UPDATE_HEADING: Final = Statement(
    update(_HEADINGS)
    .where(
        _HEADINGS.c.conversation_id == bindparam("key_id"),
        _HEADINGS.c.workspace_id == bindparam("key_workspace_id"),
    )
    .values(heading=bindparam("heading"))
)
_NEW_MESSAGE: Final = (
    insert(_MESSAGES)
    .values({column.name: bindparam(f"message_{column.name}") for column in _MESSAGES.columns})
    .cte("new_message")
)

_OPEN: Final = Statement(_INSERT_CONVERSATION.add_cte(_INSERT_HEADING.cte("new_heading")))
_OPEN_WITH_MESSAGE: Final = Statement(_INSERT_CONVERSATION.add_cte(_INSERT_HEADING.cte("new_heading"), _NEW_MESSAGE))
_CHANGE: Final = Statement(_UPDATE_CONVERSATION)
_CHANGE_WITH_MESSAGE: Final = Statement(_UPDATE_CONVERSATION.add_cte(_NEW_MESSAGE))
_ADD_CONVERSATIONS: Final = Statement(_INSERT_CONVERSATION)
_ADD_HEADINGS: Final = Statement(_INSERT_HEADING)
_ADD_MESSAGES: Final = Statement(
    insert(_MESSAGES).values({column.name: bindparam(column.name) for column in _MESSAGES.columns})
)


class PostgresConversations(Repository[Conversation]):
    """`Conversations` on PostgreSQL; a conversation, its heading and a new message are one statement."""

    row_type = ConversationRow
    missing = ConversationNotFound

    @override
    def to_entity(self, row: asyncpg.Record, /) -> Conversation:
        return Conversation(
            id=ConversationId(row["id"]),
            workspace_id=WorkspaceId(row["workspace_id"]),
            version=row["version"],
            number=row["number"],
            customer=Customer(
                name=row["customer_name"],
                email=row["customer_email"],
                external_id=row["customer_external_id"],
            ),
            channel=Channel(row["channel"]),
            subject=row["subject"],
            priority=Priority(row["priority"]),
            status=Status(row["status"]),
            assignee_id=row["assignee_id"],
            external_id=row["external_id"],
            last_sequence=row["last_sequence"],
            episode=row["episode"],
            open_draft_id=row["open_draft_id"],
            created_at=row["created_at"],
            last_message_at=row["last_message_at"],
            episode_started_at=row["episode_started_at"],
            first_reply_at=row["first_reply_at"],
            waiting_since_at=row["waiting_since_at"],
            closed_at=row["closed_at"],
        )

    @override
    def values(self, entity: Conversation, /) -> Mapping[str, object]:
        return {
            "number": entity.number,
            "customer_name": entity.customer.name,
            "customer_email": entity.customer.email,
            "customer_external_id": entity.customer.external_id,
            "channel": entity.channel.value,
            "subject": entity.subject,
            "priority": entity.priority.value,
            "status": entity.status.value,
            "assignee_id": entity.assignee_id,
            "external_id": entity.external_id,
            "last_sequence": entity.last_sequence,
            "episode": entity.episode,
            "open_draft_id": entity.open_draft_id,
            "created_at": entity.created_at,
            "last_message_at": entity.last_message_at,
            "episode_started_at": entity.episode_started_at,
            "first_reply_at": entity.first_reply_at,
            "waiting_since_at": entity.waiting_since_at,
            "closed_at": entity.closed_at,
        }

    @override
    async def save(self, entity: Conversation, new: Message | None = None, /) -> None:
        """See `domain.conversations.ports.Conversations.save`."""
        message = {f"message_{name}": value for name, value in row_of(new).items()} if new else {}
        if entity.version == 0:
            statement = _OPEN_WITH_MESSAGE if new else _OPEN
            await statement.run(self._tx.connection, **self._new(entity), **message)
        else:
            statement = _CHANGE_WITH_MESSAGE if new else _CHANGE
            await self._change(statement, entity, message)
        entity.version += 1
        self._tx.record(entity.events)
        entity.events.clear()
        if new is not None:
            _was_written(self._tx, new)

    async def _change(self, statement: Statement, entity: Conversation, message: Mapping[str, object]) -> None:
        key = {"key_id": entity.id, "key_workspace_id": self._tx.tenant}
        changed = await statement.run(
            self._tx.connection,
            **key,
            key_version=entity.version,
            version=entity.version + 1,
            **self.values(entity),
            **message,
        )
        if changed != 1:
            raise PreconditionFailed("it was changed meanwhile", current_version=None)
        if any(isinstance(event, ConversationEdited) for event in entity.events):
            await _UPDATE_HEADING.run(self._tx.connection, **key, heading=_heading(entity))

    def _new(self, entity: Conversation) -> dict[str, object]:
        own = {"id": entity.id, "workspace_id": self._tx.tenant, "version": 1, "heading": _heading(entity)}
        return own | dict(self.values(entity))

    async def take_numbers(self, count: int = 1, /) -> int:
        """See `domain.conversations.ports.Conversations.take_numbers`."""
        last: int = await _TAKE_NUMBERS.value(self._tx.connection, workspace_id=self._tx.tenant, count=count)
        return last - count + 1

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, ConversationId]:
        """See `domain.conversations.ports.Conversations.by_external_ids`."""
        await self.take_numbers(0)  # whoever wants numbers waits here, so no other import is under way
        rows = await _BY_EXTERNAL_IDS.rows(
            self._tx.connection, workspace_id=self._tx.tenant, external_ids=list(external_ids)
        )
        return {row["external_id"]: ConversationId(row["id"]) for row in rows}

    async def add_past(self, past: Sequence[tuple[Conversation, Sequence[Message]]], /) -> None:
        """See `domain.conversations.ports.Conversations.add_past`."""
        connection = self._tx.connection
        rows = [self._new(conversation) for conversation, _ in past]
        await _ADD_CONVERSATIONS.run_many(connection, [*rows])
        await _ADD_HEADINGS.run_many(connection, [*rows])
        await _ADD_MESSAGES.run_many(connection, [row_of(m) for _, messages in past for m in messages])
        for conversation, messages in past:
            conversation.version = 1
            self._tx.record(conversation.events)
            conversation.events.clear()
            for message in messages:
                _was_written(self._tx, message)


def _heading(conversation: Conversation) -> str:
    return f"{conversation.subject} {conversation.customer.name}"


def _was_written(transaction: "PostgresTransaction", message: Message) -> None:
    message.version += 1
    transaction.record(message.events)
    message.events.clear()
