"""Loading and saving messages."""

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
from sqlalchemy import bindparam, select
from typing_extensions import override

from adapters.postgres.repository import Repository, table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.conversations import MessageRow
from domain.conversations.message import Author, Message, MessageNotFound, MessageState
from domain.shared.ids import ConversationId, MessageId, WorkspaceId

_MESSAGES: Final = table_of(MessageRow)

_BY_CLIENT_ID: Final = Statement(
    select(*_MESSAGES.columns).where(
        _MESSAGES.c.workspace_id == bindparam("workspace_id"),
        _MESSAGES.c.conversation_id == bindparam("conversation_id"),
        _MESSAGES.c.client_message_id == bindparam("client_message_id"),
    )
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
        row = row_of(entity)
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


def row_of(message: Message) -> dict[str, object]:
    """All columns, as the next save writes them."""
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
