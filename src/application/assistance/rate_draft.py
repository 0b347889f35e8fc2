"""Giving an opinion on a draft."""

from dataclasses import dataclass

from application.assistance.deciding import suggestion_of
from domain.assistance.policies import may_decline
from domain.assistance.ports import AssistanceTx
from domain.assistance.results import Rating
from domain.assistance.suggestion import Suggestion
from domain.shared.access import Actor
from domain.shared.errors import Forbidden
from domain.shared.ids import MessageId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class RateDraft:
    """Keep a person's opinion, before or after the decision; the same person's next one replaces it."""

    transactions: Transactions[AssistanceTx]

    async def __call__(
        self, *, actor: Actor, message_id: MessageId, score: int, comment: str = "", is_shareable: bool = False
    ) -> Suggestion:
        """The rated suggestion. `score` is 1 to 5.

        Raises:
            SuggestionNotFound: no suggestion has this message.   Forbidden: the caller may not rate it.
            InvalidState: nothing was shown that an opinion could be about.
        """
        async with self.transactions.begin(actor.tenant) as tx:
            suggestion, _ = await suggestion_of(tx, message_id)
            if not may_decline(actor, suggestion):
                raise Forbidden("this caller may not rate drafts")
            rating = Rating(by=actor.caller, score=score, comment=comment, is_shareable=is_shareable)
            if rating not in suggestion.ratings:
                suggestion.rate(rating)
                await tx.suggestions.save(suggestion)
            return suggestion
