"""Change what a conversation is called and how urgent it is."""

from dataclasses import dataclass

from application.conversations import permissions
from domain.conversations.conversation import Conversation
from domain.conversations.ports import ConversationsTx
from domain.conversations.values import Priority
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import ConversationId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class EditConversation:
    """Change subject and priority; None keeps what is there."""

    transactions: Transactions[ConversationsTx]

    async def __call__(
        self,
        *,
        actor: Actor,
        conversation_id: ConversationId,
        subject: str | None = None,
        priority: Priority | None = None,
        seen_version: int | None = None,
    ) -> Conversation:
        """Raises `PreconditionFailed` if it is no longer at `seen_version`, `ConversationNotFound`, `Forbidden`."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = await tx.conversations.get(conversation_id)
            if seen_version not in {None, conversation.version}:
                raise PreconditionFailed("it was changed meanwhile", current_version=conversation.version)
            conversation.edit(
                subject=conversation.subject if subject is None else subject,
                priority=conversation.priority if priority is None else priority,
            )
            if conversation.events:
                await tx.conversations.save(conversation)
            return conversation
