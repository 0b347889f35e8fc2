"""Conversations and messages in memory."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from typing_extensions import override

from adapters.memory.repository import MemoryRepository
from adapters.memory.searching import has_words, is_similar
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
from application.shared.excerpts import excerpt
from application.shared.pages import Key, Page
from domain.conversations.conversation import Conversation, ConversationNotFound
from domain.conversations.message import Message, MessageNotFound, MessageState
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, MessageId, UserId, WorkspaceId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryDatabase, MemoryTransaction


class MemoryConversations(MemoryRepository[Conversation]):
    """`Conversations` over dictionaries."""

    table = "conversations"
    missing = ConversationNotFound

    @override
    async def save(self, entity: Conversation, new: Message | None = None, /) -> None:
        """See `domain.conversations.ports.Conversations.save`."""
        await super().save(entity)
        if new is not None:
            await self._tx.messages.save(new)

    async def take_numbers(self, count: int = 1, /) -> int:
        """See `domain.conversations.ports.Conversations.take_numbers`."""
        await self._tx.lock("conversation_counters", self._tx.tenant)
        last: int = self._tx.read("conversation_counters").get(self._tx.tenant, 0)
        self._tx.write("conversation_counters", self._tx.tenant, last + count)
        return last + 1

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, ConversationId]:
        """See `domain.conversations.ports.Conversations.by_external_ids`."""
        await self._tx.lock("conversation_imports", self._tx.tenant)
        wanted = set(external_ids)
        return {each.external_id: each.id for each in self.all() if each.external_id in wanted}

    async def add_past(self, past: Sequence[tuple[Conversation, Sequence[Message]]], /) -> None:
        """See `domain.conversations.ports.Conversations.add_past`."""
        for conversation, messages in past:
            await self.save(conversation)
            for message in messages:
                await self._tx.messages.save(message)


class MemoryMessages(MemoryRepository[Message]):
    """`Messages` over dictionaries."""

    table = "messages"
    missing = MessageNotFound

    async def by_client_id(self, conversation_id: ConversationId, client_message_id: str, /) -> Message | None:
        """See `domain.conversations.ports.Messages.by_client_id`."""
        wanted = (conversation_id, client_message_id)
        return next((m for m in self.all() if (m.conversation_id, m.client_message_id) == wanted), None)

    async def latest(self, conversation_id: ConversationId, episode: int, limit: int, /) -> Sequence[Message]:
        """See `domain.conversations.ports.Messages.latest`."""
        return _sent(m for m in self.all() if (m.conversation_id, m.episode) == (conversation_id, episode))[-limit:]


class MemoryMembers:
    """`Members` from the identity context's memberships."""

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def include(self, user_id: UserId, /) -> bool:
        """See `domain.conversations.ports.Members.include`."""
        rows = self._tx.read("memberships").values()
        return any((row.workspace_id, row.user_id) == (self._tx.tenant, user_id) for row in rows)


class MemoryConversationQueries:
    """`ConversationQueries` over what is committed."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database

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
        found = [each for each in self._conversations(tenant) if _fits(each, wanted)]
        matches = self._matches(tenant, wanted.q) if wanted.q is not None else None
        if matches is not None:
            found = [each for each in found if each.id in matches]
        time = attrgetter("last_message_at" if order is ConversationOrder.LATEST_MESSAGE else "created_at")
        keyed = sorted(((time(each).isoformat(), str(each.id)), each.number, each) for each in found)
        if order is not ConversationOrder.OLDEST:
            keyed.reverse()
        if after is not None:
            keyed = [row for row in keyed if (row[0] > after if order is ConversationOrder.OLDEST else row[0] < after)]
        lines = [_line(each, matches[each.id] if matches else None) for _, _, each in keyed[:limit]]
        return Page(items=lines, after=keyed[limit - 1][0] if len(keyed) > limit else None)

    async def one(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationView:
        """See `application.conversations.queries.ConversationQueries.one`."""
        return ConversationView.of(self._conversation(tenant, conversation_id))

    async def status(self, tenant: WorkspaceId, conversation_id: ConversationId) -> ConversationStatus:
        """See `application.conversations.queries.ConversationQueries.status`."""
        return ConversationStatus.of(self._conversation(tenant, conversation_id))

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
        self._conversation(tenant, conversation_id)
        found = _sent(m for m in self._messages(tenant) if m.conversation_id == conversation_id)
        found = _since(found, since)
        if newest_first:
            found.reverse()
        if after is not None:
            place = int(str(after[0]))
            found = [m for m in found if (_place(m) < place if newest_first else _place(m) > place)]
        views = [MessageView.of(message) for message in found[:limit]]
        return Page(items=views, after=(views[-1].sequence,) if len(found) > limit else None)

    async def message(self, tenant: WorkspaceId, message_id: MessageId) -> MessageView:
        """See `application.conversations.queries.ConversationQueries.message`."""
        for message in self._messages(tenant):
            if message.id == message_id:
                return MessageView.of(message)
        raise MessageNotFound("nothing with this id")

    def _conversations(self, tenant: WorkspaceId) -> list[Conversation]:
        return self._database.rows("conversations", tenant)

    def _messages(self, tenant: WorkspaceId) -> list[Message]:
        return self._database.rows("messages", tenant)

    def _conversation(self, tenant: WorkspaceId, conversation_id: ConversationId) -> Conversation:
        found = self._database.tables["conversations"].get(conversation_id)
        if found is None or found.workspace_id != tenant:
            raise ConversationNotFound("nothing with this id")
        return copy.deepcopy(found)

    def _matches(self, tenant: WorkspaceId, q: str) -> dict[ConversationId, Match]:
        texts = [(each.id, None, _heading(each)) for each in self._conversations(tenant)]
        texts += [(m.conversation_id, m.id, m.text) for m in _sent(self._messages(tenant))]
        for finds, similar in ((has_words, False), (is_similar, True)):
            found = {
                where: Match(cut.text, cut.spans, message_id, similar)
                for where, message_id, text in texts
                if finds(text, q)
                for cut in (excerpt(text, q),)
            }
            if found:
                return found
        return {}


def _heading(conversation: Conversation) -> str:
    return f"{conversation.subject} {conversation.customer.name}"


def _sent(messages: Iterable[Message]) -> list[Message]:
    return sorted((m for m in messages if m.state is MessageState.SENT), key=_place)


def _place(message: Message) -> int:
    return message.sequence or 0


def _since(found: list[Message], since: Since | None) -> list[Message]:
    match since:
        case None:
            return found
        case int():
            return [m for m in found if _place(m) > since]
        case datetime():
            return [m for m in found if m.sent_at is not None and m.sent_at >= since]
        case _:
            seen = next((_place(m) for m in found if m.id == since), None)
            if seen is None:
                raise Invalid([unknown_since()])
            return [m for m in found if _place(m) > seen]


def _fits(conversation: Conversation, wanted: ConversationFilter) -> bool:
    return (
        (not wanted.statuses or conversation.status in wanted.statuses)
        and (not wanted.priorities or conversation.priority in wanted.priorities)
        and (not wanted.channels or conversation.channel in wanted.channels)
        and (not wanted.assignee_ids or conversation.assignee_id in wanted.assignee_ids)
        and (wanted.is_assigned is None or wanted.is_assigned is (conversation.assignee_id is not None))
        and (wanted.created_after is None or conversation.created_at >= wanted.created_after)
        and (wanted.created_before is None or conversation.created_at < wanted.created_before)
    )


def _line(conversation: Conversation, match: Match | None) -> ConversationLine:
    return ConversationLine(
        conversation.id,
        conversation.number,
        conversation.customer.name,
        conversation.channel.value,
        conversation.subject,
        conversation.priority.value,
        conversation.status.value,
        conversation.assignee_id,
        conversation.last_sequence,
        conversation.created_at,
        conversation.last_message_at,
        conversation.waiting_since_at,
        match,
    )
