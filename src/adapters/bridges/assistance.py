"""What the assistant asks of conversations and knowledge."""

from typing import TYPE_CHECKING, TypeAlias

from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.ports import Thread
from domain.conversations.conversation import Conversation
from domain.conversations.message import Message
from domain.conversations.statuses import Status
from domain.knowledge.source import Source
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, MessageId

if TYPE_CHECKING:
    from adapters.memory.database import MemoryTransaction
    from adapters.postgres.transaction import PostgresTransaction

Transaction: TypeAlias = "MemoryTransaction | PostgresTransaction"


class ThreadsOfConversations:
    """`Threads` over the repositories of conversations; whoever posts holds the same lock."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def lock(self, conversation_id: ConversationId, /) -> Thread:
        """See `domain.assistance.ports.Threads.lock`."""
        return thread_of(await self._tx.conversations.get(conversation_id))

    async def turns(self, conversation_id: ConversationId, /, *, episode: int, limit: int) -> tuple[Turn, ...]:
        """See `domain.assistance.ports.Threads.turns`."""
        messages = await self._tx.messages.latest(conversation_id, episode, limit)
        return tuple(
            Turn(sequence=message.sequence, speaker=Speaker(message.author.value), text=message.text)
            for message in messages
            if message.sequence is not None
        )

    async def keep_draft(
        self, conversation_id: ConversationId, message_id: MessageId, text: str, /, *, recorded_by: str
    ) -> None:
        """See `domain.assistance.ports.Threads.keep_draft`."""
        conversation = await self._tx.conversations.get(conversation_id)
        earlier = await self._open_draft(conversation)
        draft = conversation.draft(message_id, text, self._tx.clock.now(), recorded_by=recorded_by, open_draft=earlier)
        if earlier is not None:
            await self._tx.messages.save(earlier)
        await self._tx.conversations.save(conversation, draft)

    async def send_draft(
        self, conversation_id: ConversationId, message_id: MessageId, text: str, /, *, by: Actor
    ) -> int:
        """See `domain.assistance.ports.Threads.send_draft`."""
        conversation = await self._tx.conversations.get(conversation_id)
        draft = await self._tx.messages.get(message_id)
        conversation.send_draft(draft, text, self._tx.clock.now(), by=by.user_id, recorded_by=by.caller)
        await self._save(conversation, draft)
        return conversation.last_sequence

    async def reject_draft(self, conversation_id: ConversationId, message_id: MessageId, /, *, by: Actor) -> None:
        """See `domain.assistance.ports.Threads.reject_draft`."""
        conversation = await self._tx.conversations.get(conversation_id)
        draft = await self._tx.messages.get(message_id)
        conversation.reject_draft(draft, by=by.user_id, recorded_by=by.caller)
        await self._save(conversation, draft)

    async def _open_draft(self, conversation: Conversation) -> Message | None:
        if conversation.open_draft_id is None:
            return None
        return await self._tx.messages.get(conversation.open_draft_id)

    async def _save(self, conversation: Conversation, draft: Message) -> None:
        await self._tx.messages.save(draft)
        await self._tx.conversations.save(conversation)


class ShelfOfSources:
    """`FactShelf` over the repository of sources."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    async def facts(self, conversation_id: ConversationId, /, *, about: str, limit: int) -> tuple[Fact, ...]:
        """See `domain.assistance.ports.FactShelf.facts`."""
        return tuple(map(fact_of, await self._tx.sources.facts_for(conversation_id, about, limit)))


def thread_of(conversation: Conversation) -> Thread:
    """The conversation as the assistant sees it."""
    return Thread(
        conversation_id=conversation.id,
        last_sequence=conversation.last_sequence,
        episode=conversation.episode,
        is_open=conversation.status is not Status.CLOSED,
        customer_name=conversation.customer.name,
        customer_email=conversation.customer.email,
        last_message_at=conversation.last_message_at,
    )


def fact_of(source: Source) -> Fact:
    """The source in its present version, as the assistant sees it."""
    return Fact(
        source_id=source.id,
        version=source.version,
        kind=FactKind(source.kind.value),
        title=source.content.title,
        entity=source.content.entity,
        service=source.content.service,
        fields=source.content.fields,
        text=source.content.text,
        known_since=source.scope.known_since,
        batch=source.scope.batch,
    )
