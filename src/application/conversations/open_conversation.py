"""Open a conversation."""

from dataclasses import dataclass

from application.conversations import permissions
from domain.conversations.conversation import Conversation
from domain.conversations.message import Author, Message
from domain.conversations.ports import ConversationsTx
from domain.conversations.values import Particulars
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, MessageId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """Open a conversation under the workspace's next number, with the customer's first message if there is one."""

    transactions: Transactions[ConversationsTx]
    clock: Clock
    ids: Ids

    async def __call__(self, *, actor: Actor, particulars: Particulars, first_text: str | None = None) -> Conversation:
        """`first_text` is what the customer wrote. Raises `Forbidden`, or `Invalid` if that is blank."""
        actor.must(permissions.WRITE)
        now = self.clock.now()
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = Conversation.open(
                id=ConversationId(self.ids.new()),
                workspace_id=actor.tenant,
                number=await tx.conversations.take_numbers(),
                particulars=particulars,
                now=now,
            )
            first: Message | None = None
            if first_text is not None:
                first = conversation.post(
                    MessageId(self.ids.new()), Author.CUSTOMER, first_text, now, recorded_by=actor.caller
                )
            await tx.conversations.save(conversation, first)
            return conversation
