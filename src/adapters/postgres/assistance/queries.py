"""Single reads of suggestions."""

from typing import Final

from sqlalchemy import bindparam, select

from adapters.postgres.assistance.repositories import ENDED, suggestion_of
from adapters.postgres.database import PostgresDatabase
from adapters.postgres.repository import table_of
from adapters.postgres.statements import Statement
from adapters.postgres.tables.assistance import SuggestionRow
from adapters.postgres.tables.conversations import ConversationRow
from adapters.postgres.tables.operations import JobRow
from application.assistance.queries import SuggestionView
from domain.assistance.ports import Thread
from domain.assistance.suggestion import SuggestionNotFound
from domain.conversations.statuses import Status
from domain.shared.ids import ConversationId, MessageId, WorkspaceId

_S: Final = table_of(SuggestionRow)
_C: Final = table_of(ConversationRow)
_J: Final = table_of(JobRow)

_VIEW: Final = Statement(
    select(
        _S,
        _C.c.last_sequence.label("thread_sequence"),
        _C.c.episode.label("thread_episode"),
        _C.c.status.label("thread_status"),
        _J.c.state.label("job_state"),
    )
    .select_from(_S.join(_C, _C.c.id == _S.c.conversation_id).outerjoin(_J, _J.c.id == _S.c.job_id))
    .where(_S.c.workspace_id == bindparam("workspace_id"), _S.c.message_id == bindparam("message_id"))
)


class PostgresSuggestionQueries:
    """`SuggestionQueries`: one statement, which also looks where the conversation and the job stand."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def of_message(self, tenant: WorkspaceId, message_id: MessageId, /) -> SuggestionView:
        """See `application.assistance.queries.SuggestionQueries.of_message`."""
        row = await self._database.row(tenant, _VIEW, workspace_id=tenant, message_id=message_id)
        if row is None:
            raise SuggestionNotFound("no suggestion has this message")
        thread = Thread(
            conversation_id=ConversationId(row["conversation_id"]),
            last_sequence=row["thread_sequence"],
            episode=row["thread_episode"],
            is_open=row["thread_status"] != Status.CLOSED,
        )
        is_over = row["job_state"] is None or row["job_state"] in ENDED
        return SuggestionView.of(suggestion_of(row), thread, is_abandoned=is_over)
