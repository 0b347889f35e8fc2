"""Loading and saving conversations and messages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import asyncpg
from sqlalchemy import ARRAY, Text, any_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from typing_extensions import override

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
from domain.conversations.message import Author, Message, MessageNotFound, MessageState
from domain.conversations.statuses import Status
from domain.conversations.values import Channel, Customer, Priority
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import ConversationId, MessageId, UserId, WorkspaceId

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
        message = {f"message_{name}": value for name, value in _message(new).items()} if new else {}
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
        await _ADD_MESSAGES.run_many(connection, [_message(m) for _, messages in past for m in messages])
        for conversation, messages in past:
            conversation.version = 1
            self._tx.record(conversation.events)
            conversation.events.clear()
            for message in messages:
                _was_written(self._tx, message)


_BY_CLIENT_ID: Final = Statement(
    select(*_MESSAGES.columns).where(
        _MESSAGES.c.workspace_id == bindparam("workspace_id"),
        _MESSAGES.c.conversation_id == bindparam("conversation_id"),
        _MESSAGES.c.client_message_id == bindparam("client_message_id"),
    )
)
_OPEN_DRAFTS: Final = Statement(
    select(*_MESSAGES.columns)
    .where(
        _MESSAGES.c.workspace_id == bindparam("workspace_id"),
        _MESSAGES.c.conversation_id == bindparam("conversation_id"),
        _MESSAGES.c.state == "draft",
    )
    .with_for_update()
)
_LATEST: Final = Statement(
    select(*_MESSAGES.columns)
    .where(
        _MESSAGES.c.workspace_id == bindparam("workspace_id"),
        _MESSAGES.c.conversation_id == bindparam("conversation_id"),
        _MESSAGES.c.episode == bindparam("episode"),
        _MESSAGES.c.sequence.is_not(None),
    )
    .order_by(_MESSAGES.c.sequence.desc())
    .limit(bindparam("limit"))
)


class PostgresMessages(Repository[Message]):
    """`Messages` on PostgreSQL."""

    row_type = MessageRow
    missing = MessageNotFound

    @override
    def to_entity(self, row: asyncpg.Record, /) -> Message:
        return Message(
            id=MessageId(row["id"]),
            workspace_id=WorkspaceId(row["workspace_id"]),
            version=row["version"],
            conversation_id=ConversationId(row["conversation_id"]),
            sequence=row["sequence"],
            episode=row["episode"],
            author=Author(row["author"]),
            author_id=row["author_id"],
            recorded_by=row["recorded_by"],
            text=row["text"],
            client_message_id=row["client_message_id"],
            state=MessageState(row["state"]),
            created_at=row["created_at"],
            sent_at=row["sent_at"],
        )

    @override
    def values(self, entity: Message, /) -> Mapping[str, object]:
        row = _message(entity)
        return {name: row[name] for name in row.keys() - {"id", "workspace_id", "version"}}

    async def by_client_id(self, conversation_id: ConversationId, client_message_id: str, /) -> Message | None:
        """See `domain.conversations.ports.Messages.by_client_id`."""
        row = await _BY_CLIENT_ID.row(
            self._tx.connection,
            workspace_id=self._tx.tenant,
            conversation_id=conversation_id,
            client_message_id=client_message_id,
        )
        return None if row is None else self.to_entity(row)

    async def open_drafts(self, conversation_id: ConversationId, /) -> Sequence[Message]:
        """See `domain.conversations.ports.Messages.open_drafts`."""
        rows = await _OPEN_DRAFTS.rows(
            self._tx.connection, workspace_id=self._tx.tenant, conversation_id=conversation_id
        )
        return [self.to_entity(row) for row in rows]

    async def latest(self, conversation_id: ConversationId, episode: int, limit: int, /) -> Sequence[Message]:
        """See `domain.conversations.ports.Messages.latest`."""
        rows = await _LATEST.rows(
            self._tx.connection,
            workspace_id=self._tx.tenant,
            conversation_id=conversation_id,
            episode=episode,
            limit=limit,
        )
        return [self.to_entity(row) for row in reversed(rows)]


class PostgresMembers:
    """`Members` from the identity context's memberships."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def include(self, user_id: UserId, /) -> bool:
        """See `domain.conversations.ports.Members.include`."""
        return bool(
            await self._tx.connection.fetchval(
                "SELECT EXISTS (SELECT FROM memberships WHERE workspace_id = $1 AND user_id = $2)",
                self._tx.tenant,
                user_id,
            )
        )


def _heading(conversation: Conversation) -> str:
    return f"{conversation.subject} {conversation.customer.name}"


def _message(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "workspace_id": message.workspace_id,
        "version": message.version + 1,
        "conversation_id": message.conversation_id,
        "sequence": message.sequence,
        "episode": message.episode,
        "author": message.author.value,
        "author_id": message.author_id,
        "recorded_by": message.recorded_by,
        "text": message.text,
        "client_message_id": message.client_message_id,
        "state": message.state.value,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
    }


def _was_written(transaction: "PostgresTransaction", message: Message) -> None:
    message.version += 1
    transaction.record(message.events)
    message.events.clear()
