"""Close a conversation."""

from dataclasses import dataclass

from application.conversations import permissions
from application.conversations.drafts import open_draft_of
from domain.conversations.conversation import Conversation
from domain.conversations.ports import ConversationsTx
from domain.shared.access import Actor
from domain.shared.ids import ConversationId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class CloseConversation:
    """End the episode; an open draft is discarded with it."""

    transactions: Transactions[ConversationsTx]
    clock: Clock

    async def __call__(self, *, actor: Actor, conversation_id: ConversationId) -> Conversation:
        """Raises `IllegalMove` when it is closed already."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = await tx.conversations.get(conversation_id)
            draft = await open_draft_of(tx, conversation)
            conversation.close(self.clock.now(), open_draft=draft)
            if draft is not None:
                await tx.messages.save(draft)
            await tx.conversations.save(conversation)
            return conversation
