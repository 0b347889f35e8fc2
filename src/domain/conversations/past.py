"""Conversations that happened elsewhere, retold under today's rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.conversations.conversation import Conversation
from domain.conversations.events import ConversationImported, MessageImported, MessageSent
from domain.conversations.message import Author, Message
from domain.conversations.values import Particulars
from domain.shared.ids import ConversationId, MessageId, WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTurn:
    """Something that was said; `at` is UTC."""

    author: Author
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastConversation:
    """A conversation on file, its turns in order. `external_id` makes loading it twice a no-op."""

    external_id: str
    particulars: Particulars
    began_at: datetime
    turns: Sequence[PastTurn]
    is_closed: bool = False


def retell(
    past: PastConversation, *, workspace_id: WorkspaceId, number: int, new_id: Callable[[], UUID], recorded_by: str
) -> tuple[Conversation, list[Message]]:
    """The conversation as if it had happened here, with events that nobody acts on.

    Raises:
        IllegalMove: it cannot have happened so.
        Invalid: a turn is blank or too long.
    """
    conversation = Conversation.open(
        id=ConversationId(new_id()),
        workspace_id=workspace_id,
        number=number,
        particulars=replace(past.particulars, external_id=past.external_id),
        now=past.began_at,
    )
    messages = [
        conversation.post(MessageId(new_id()), turn.author, turn.text, turn.at, recorded_by=recorded_by)
        for turn in past.turns
    ]
    if past.is_closed:
        conversation.close(conversation.last_message_at)
    _calm(conversation, messages)
    return conversation, messages


def _calm(conversation: Conversation, messages: Sequence[Message]) -> None:
    """Put events of the past in place of events that would set somebody to work."""
    conversation.events = [
        ConversationImported(
            conversation_id=conversation.id,
            number=conversation.number,
            channel=conversation.channel.value,
            message_count=len(messages),
        )
    ]
    for message in messages:
        message.events = [
            MessageImported(
                message_id=event.message_id,
                conversation_id=event.conversation_id,
                sequence=event.sequence,
                episode=event.episode,
                author=event.author,
            )
            for event in message.events
            if isinstance(event, MessageSent)
        ]
