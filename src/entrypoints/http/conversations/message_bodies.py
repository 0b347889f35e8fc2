"""What the routes of messages take and give."""

from typing import Annotated, Self

import msgspec
from msgspec import Meta

from application.conversations.queries import MessageView
from domain.conversations.message import Author, MessageState
from domain.shared.ids import public_id
from entrypoints.http.conversations.fields import (
    AuthorField,
    ClientMessageId,
    ConversationIdField,
    Episode,
    MessageIdField,
    MessageText,
    Sequence_,
    StateField,
)
from entrypoints.http.fields import At, PageInfo, Version, at, at_or_none, id_meta, id_or_none


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A message to send (as staff), or one that the customer sent."""

    text: MessageText
    author: Annotated[
        Author,
        Meta(description="`staff` is the caller; `customer` records what the customer wrote.", examples=["staff"]),
    ] = Author.STAFF
    client_message_id: ClientMessageId | None = None


class MessageBody(msgspec.Struct, frozen=True, kw_only=True):
    """A message. A draft has no `sequence` and no `sent_at` until it is sent."""

    id: MessageIdField
    conversation_id: ConversationIdField
    version: Version
    sequence: Sequence_ | None
    episode: Episode
    author: AuthorField
    author_id: Annotated[str, id_meta("usr", "The member who wrote or accepted it.")] | None
    text: MessageText
    client_message_id: ClientMessageId | None
    state: StateField
    created_at: At
    sent_at: At | None

    @classmethod
    def of(cls, view: MessageView) -> Self:
        """The public form."""
        return cls(
            id=public_id("msg", view.id),
            conversation_id=public_id("conv", view.conversation_id),
            version=view.version,
            sequence=view.sequence,
            episode=view.episode,
            author=Author(view.author),
            author_id=id_or_none("usr", view.author_id),
            text=view.text,
            client_message_id=view.client_message_id,
            state=MessageState(view.state),
            created_at=at(view.created_at),
            sent_at=at_or_none(view.sent_at),
        )


class MessageEnvelope(msgspec.Struct, frozen=True):
    """One message."""

    data: MessageBody


class MessageList(msgspec.Struct, frozen=True):
    """A page of messages."""

    data: list[MessageBody]
    page: PageInfo
