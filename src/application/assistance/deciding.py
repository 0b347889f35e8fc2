"""What the use cases of a person's decision share."""

from domain.assistance.policies import is_stale
from domain.assistance.ports import AssistanceTx, Thread
from domain.assistance.suggestion import Suggestion
from domain.shared.errors import InvalidState
from domain.shared.ids import MessageId


async def suggestion_of(tx: AssistanceTx, message_id: MessageId) -> tuple[Suggestion, Thread]:
    """The suggestion behind a draft's message id, and its thread, both locked, the thread first.

    Raises:
        SuggestionNotFound: no suggestion has this message.
    """
    found = await tx.suggestions.of_message(message_id)
    thread = await tx.threads.lock(found.conversation_id)
    return await tx.suggestions.get(found.id), thread


def must_be_fresh(suggestion: Suggestion, thread: Thread) -> None:
    """Go on only if nobody wrote since. Whoever posts holds the thread, so this stays true until the commit.

    Raises:
        InvalidState: somebody did, or the conversation is closed.
    """
    if is_stale(suggestion, thread):
        raise InvalidState("a newer message came; this draft is out of date", current="discarded", allowed=[])
    if not thread.is_open:
        raise InvalidState("the conversation is closed", current="closed", allowed=[])
