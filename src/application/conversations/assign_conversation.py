"""Give a conversation to a member, or back to nobody."""

from dataclasses import dataclass

from application.conversations import permissions
from domain.conversations.conversation import Conversation
from domain.conversations.ports import ConversationsTx
from domain.shared.access import Actor
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, UserId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class AssignConversation:
    """Give a conversation to a member of the workspace, or with None back to nobody."""

    transactions: Transactions[ConversationsTx]

    async def __call__(
        self, *, actor: Actor, conversation_id: ConversationId, assignee_id: UserId | None
    ) -> Conversation:
        """Raises `Invalid` (`/assignee_id`) for somebody outside, `IllegalMove` when it is closed."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = await tx.conversations.get(conversation_id)
            if assignee_id is not None and not await tx.members.include(assignee_id):
                raise Invalid.at("/assignee_id", "must be a member of this workspace", code="not_a_member")
            conversation.assign(assignee_id)
            if conversation.events:
                await tx.conversations.save(conversation)
            return conversation
