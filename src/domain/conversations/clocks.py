"""The clocks of an episode, worked out again from its messages: what is stored must equal this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.conversations.message import Author, Message


@dataclass(frozen=True, slots=True)
class Clocks:
    """When we first answered, and since when the customer waits (None: nobody waits). UTC."""

    first_reply_at: datetime | None = None
    waiting_since_at: datetime | None = None


def clocks_of(messages: Iterable[Message], episode: int) -> Clocks:
    """The clocks of one open episode, from all its sent messages in their order."""
    first_reply_at: datetime | None = None
    waiting_since_at: datetime | None = None
    for message in messages:
        if message.episode != episode or message.sent_at is None:
            continue
        if message.author is Author.CUSTOMER:
            waiting_since_at = waiting_since_at or message.sent_at
        else:
            first_reply_at = first_reply_at or message.sent_at
            waiting_since_at = None
    return Clocks(first_reply_at, waiting_since_at)
