"""Write into a conversation."""

from dataclasses import dataclass

from application.conversations import permissions
from application.conversations.drafts import open_draft_of
from domain.conversations.message import Author, Message
from domain.conversations.ports import ConversationsTx
from domain.shared.access import Actor
from domain.shared.errors import AlreadyExists
from domain.shared.ids import ConversationId, MessageId
from domain.shared.ports import Clock, Ids, Transactions


class ClientMessageIdTaken(AlreadyExists):
    """The conversation has another message under this `client_message_id`."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The message, and whether an earlier try had written it."""

    message: Message
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class PostMessage:
    """Add a message of the customer or of staff. A human wins: an open draft is discarded in the same commit."""

    transactions: Transactions[ConversationsTx]
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        *,
        actor: Actor,
        conversation_id: ConversationId,
        text: str,
        author: Author = Author.STAFF,
        client_message_id: str | None = None,
    ) -> Posted:
        """A second try with the same `client_message_id` returns the first message.

        Raises:
            ClientMessageIdTaken: the id belongs to a message with another author or text.
            IllegalMove: the conversation is closed, and the author is not the customer.
        """
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            conversation = await tx.conversations.get(conversation_id)
            if client_message_id is not None:
                earlier = await tx.messages.by_client_id(conversation_id, client_message_id)
                if earlier is not None:
                    return _repeat(earlier, author, text)
            draft = await open_draft_of(tx, conversation)
            message = conversation.post(
                MessageId(self.ids.new()),
                author,
                text,
                self.clock.now(),
                author_id=actor.user_id if author is Author.STAFF else None,
                recorded_by=actor.caller,
                client_message_id=client_message_id,
                open_draft=draft,
            )
            if draft is not None:
                await tx.messages.save(draft)
            await tx.conversations.save(conversation, message)
            return Posted(message)


def _repeat(earlier: Message, author: Author, text: str) -> Posted:
    if (earlier.author, earlier.text) != (author, text):
        raise ClientMessageIdTaken("this client_message_id belongs to another message of the conversation")
    return Posted(earlier, is_repeat=True)
