"""Reopen a closed conversation."""

from dataclasses import dataclass

from application.conversations import permissions
from domain.conversations.conversation import Conversation
from domain.conversations.ports import ConversationsTx
from domain.shared.access import Actor
from domain.shared.ids import ConversationId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class ReopenConversation:
    """Begin a new episode of a closed conversation."""

    transactions: Transactions[ConversationsTx]
    clock: Clock

    async def __call__(self, *, actor: Actor, conversation_id: ConversationId) -> Conversation:
        """Raises `IllegalMove` when it is not closed."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = await tx.conversations.get(conversation_id)
            conversation.reopen(self.clock.now())
            await tx.conversations.save(conversation)
            return conversation
