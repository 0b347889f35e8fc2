"""Saying no to a draft."""

from dataclasses import dataclass

from application.assistance.deciding import suggestion_of
from domain.assistance.policies import may_decline
from domain.assistance.ports import AssistanceTx
from domain.assistance.results import Rejection
from domain.assistance.suggestion import Suggestion, SuggestionStatus
from domain.shared.access import Actor
from domain.shared.errors import Forbidden
from domain.shared.ids import MessageId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class RejectDraft:
    """Take a draft away, with the reason. Rejecting again for the same reason changes nothing."""

    transactions: Transactions[AssistanceTx]
    clock: Clock

    async def __call__(self, *, actor: Actor, message_id: MessageId, rejection: Rejection) -> Suggestion:
        """The rejected suggestion.

        Raises:
            SuggestionNotFound: no suggestion has this message.   Forbidden: the caller may not decide on it.
            InvalidState: it was decided otherwise, is out of date, or never had a text.
        """
        async with self.transactions.begin(actor.tenant) as tx:
            suggestion, _ = await suggestion_of(tx, message_id)
            if not may_decline(actor, suggestion):
                raise Forbidden("this caller may not decide on drafts")
            if suggestion.status is SuggestionStatus.REJECTED and suggestion.rejection == rejection:
                return suggestion
            suggestion.reject(rejection, by=actor.caller, now=self.clock.now())
            await tx.threads.reject_draft(suggestion.conversation_id, message_id, by=actor)
            await tx.suggestions.save(suggestion)
            return suggestion
