"""Asking for a reply."""

from dataclasses import dataclass

from domain.assistance.policies import is_stale, may_suggest
from domain.assistance.ports import AssistanceTx, Thread
from domain.assistance.suggestion import Suggestion, SuggestionStatus
from domain.shared.access import Actor
from domain.shared.errors import Forbidden, InvalidState
from domain.shared.ids import ConversationId, MessageId, SuggestionId, public_id
from domain.shared.jobs import JobSpec, Queue
from domain.shared.ports import Clock, Ids, Transactions

DRAFT_REPLY = "draft_reply"
"""The kind of the job that drafts."""


@dataclass(frozen=True, slots=True)
class RequestSuggestion:
    """Ask for a reply to what was said so far; a job drafts it.

    For one last message there is one open suggestion: whoever asks again gets the same. Older open ones are
    stale by then, and are discarded.
    """

    transactions: Transactions[AssistanceTx]
    clock: Clock
    ids: Ids

    async def __call__(self, *, actor: Actor, conversation_id: ConversationId) -> Suggestion:
        """The suggestion, queued or already there.

        Raises:
            Forbidden: the caller may not ask.   NotFound: no such conversation.
            InvalidState: it is closed, or nothing was said yet.
        """
        if not may_suggest(actor):
            raise Forbidden("this caller may not ask for suggestions")
        async with self.transactions.begin(actor.tenant) as tx:
            thread = await tx.threads.lock(conversation_id)
            _must_be_answerable(thread)
            for suggestion in await tx.suggestions.open_for(conversation_id):
                if await self._stands(tx, suggestion, thread):
                    return suggestion
            suggestion = self._new(actor, thread)
            suggestion.job_id = await tx.jobs.add(_job_for(suggestion))
            await tx.suggestions.save(suggestion)
            return suggestion

    async def _stands(self, tx: AssistanceTx, suggestion: Suggestion, thread: Thread) -> bool:
        if is_stale(suggestion, thread):
            suggestion.discard(self.clock.now())
        elif suggestion.status is SuggestionStatus.QUEUED and await tx.suggestions.is_abandoned(suggestion):
            suggestion.fail(self.clock.now())
        else:
            return True
        await tx.suggestions.save(suggestion)
        return False

    def _new(self, actor: Actor, thread: Thread) -> Suggestion:
        return Suggestion.request(
            id=SuggestionId(self.ids.new()),
            workspace_id=actor.tenant,
            conversation_id=thread.conversation_id,
            message_id=MessageId(self.ids.new()),
            saw_sequence=thread.last_sequence,
            episode=thread.episode,
            requested_by=actor.caller,
            now=self.clock.now(),
        )


def _must_be_answerable(thread: Thread) -> None:
    if not thread.is_open:
        raise InvalidState("the conversation is closed", current="closed", allowed=["open"])
    if thread.last_sequence == 0:
        raise InvalidState("nothing was said yet", current="empty", allowed=[])


def _job_for(suggestion: Suggestion) -> JobSpec:
    return JobSpec(
        kind=DRAFT_REPLY,
        payload={"suggestion_id": str(suggestion.id)},
        queue=Queue.CRITICAL,
        subject=public_id("msg", suggestion.message_id),
    )
