"""Sending a draft, as it is or as a person left it."""

import asyncio
from dataclasses import dataclass, field

from application.assistance.deciding import must_be_fresh, suggestion_of
from application.assistance.judging import judge_edited
from application.assistance.sight import Sight
from domain.assistance.distance import edit_distance
from domain.assistance.policies import may_accept
from domain.assistance.ports import AssistanceTx, Thread
from domain.assistance.results import Judgement, Sending
from domain.assistance.suggestion import Suggestion, SuggestionStatus
from domain.shared.access import Actor
from domain.shared.errors import Forbidden, InvalidState
from domain.shared.ids import MessageId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class AcceptDraft:
    """Send a draft exactly once. Accepting again, with the same text or none, changes nothing and answers the same.

    The conversation is locked throughout: of an accept and a message posted at the same time, the message wins
    or comes after.
    """

    transactions: Transactions[AssistanceTx]
    clock: Clock
    sight: Sight = field(default_factory=Sight)

    async def __call__(self, *, actor: Actor, message_id: MessageId, text: str | None = None) -> Suggestion:
        """The accepted suggestion. `text` replaces the draft's.

        Raises:
            SuggestionNotFound: no suggestion has this message.   Forbidden: the caller may not send it.
            InvalidState: it was decided otherwise, is out of date, or never had a text.
            Invalid: the text is blank or too long.
        """
        async with self.transactions.begin(actor.tenant) as tx:
            suggestion, thread = await suggestion_of(tx, message_id)
            if not may_accept(actor, suggestion):
                raise Forbidden("this caller may not send drafts")
            if suggestion.sending and text in {None, suggestion.sending.text}:
                return suggestion
            drafted = _draft_of(suggestion)
            must_be_fresh(suggestion, thread)
            sent = drafted if text is None else text
            judgement = None if sent == drafted else await self._judge(tx, sent, thread)
            sequence = await tx.threads.send_draft(thread.conversation_id, message_id, sent, by=actor)
            suggestion.accept(
                Sending(text=sent, sequence=sequence, edit_distance=edit_distance(drafted, sent), judgement=judgement),
                by=actor.caller,
                now=self.clock.now(),
            )
            await tx.suggestions.save(suggestion)
            return suggestion

    async def _judge(self, tx: AssistanceTx, text: str, thread: Thread) -> Judgement:
        turns, facts, _ = await self.sight.look(tx, thread)
        return await asyncio.to_thread(judge_edited, text, turns, facts, now=thread.last_message_at or self.clock.now())


def _draft_of(suggestion: Suggestion) -> str:
    if suggestion.status is not SuggestionStatus.READY or suggestion.result is None:
        raise InvalidState(f"this draft is {suggestion.status}", current=str(suggestion.status), allowed=["ready"])
    return suggestion.result.draft.text
