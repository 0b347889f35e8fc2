"""The draft that is open in a conversation, at hand for whoever ends it."""

from domain.conversations.conversation import Conversation
from domain.conversations.message import Message
from domain.conversations.ports import ConversationsTx


async def open_draft_of(tx: ConversationsTx, conversation: Conversation) -> Message | None:
    """The message behind `open_draft_id`; to be saved with the conversation once it is discarded."""
    if conversation.open_draft_id is None:
        return None
    return await tx.messages.get(conversation.open_draft_id)
