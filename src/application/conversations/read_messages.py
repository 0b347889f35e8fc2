"""Read messages."""

from dataclasses import dataclass

from application.conversations import permissions
from application.conversations.queries import ConversationQueries, MessageView, Since
from application.shared.pages import Key, Page
from domain.conversations.message import DraftIsGone, MessageState
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, MessageId


@dataclass(frozen=True, slots=True)
class ListMessages:
    """One page of a conversation's sent messages, by sequence. Drafts are not among them."""

    queries: ConversationQueries

    async def __call__(
        self,
        *,
        actor: Actor,
        conversation_id: ConversationId,
        since: Since | None = None,
        newest_first: bool = False,
        after: Key | None = None,
        limit: int = 20,
    ) -> Page[MessageView]:
        """Raises `ConversationNotFound`, `Forbidden`, and `Invalid` if `since` names no message of it."""
        actor.must(permissions.READ)
        return await self.queries.messages(
            actor.tenant, conversation_id, since=since, newest_first=newest_first, after=after, limit=limit
        )


@dataclass(frozen=True, slots=True)
class GetMessage:
    """One message, also a draft that somebody may still decide on or has rejected; never one that is out of date."""

    queries: ConversationQueries

    async def __call__(self, *, actor: Actor, message_id: MessageId) -> MessageView:
        """Raises `MessageNotFound`, `DraftIsGone`, `Forbidden`."""
        actor.must(permissions.READ)
        view = await self.queries.message(actor.tenant, message_id)
        if view.state == MessageState.DISCARDED:
            raise DraftIsGone("this draft is out of date: somebody wrote after what it saw")
        return view
