"""Drafting: save the intent, ask, save the answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from application.assistance.call_book import LedgerBook
from application.assistance.chain import DraftingChain, Overtaken
from application.assistance.sight import Sight
from domain.assistance.calls import CallOutcome
from domain.assistance.policies import is_stale
from domain.assistance.ports import Assignment, AssistanceTx, Thread
from domain.assistance.redaction import Redaction
from domain.assistance.results import Result
from domain.assistance.suggestion import Suggestion, SuggestionStatus
from domain.shared.ids import SuggestionId, public_id
from domain.shared.jobs import JobRun
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class Case:
    """All that drafting needs, read in one transaction."""

    suggestion: Suggestion
    thread: Thread
    assignment: Assignment

    def redaction(self) -> Redaction:
        """What is personal in it."""
        emails = (self.thread.customer_email,) if self.thread.customer_email else ()
        given = self.assignment
        return Redaction.of(given.turns, given.facts, names=(self.thread.customer_name,), emails=emails)


@dataclass(frozen=True, slots=True)
class DraftReply:
    """Draft the reply that a suggestion asks for.

    Twice is harmless: an answer that was received is kept with the job and not asked for again, and the
    draft, the suggestion's state and the end of the job are one commit.
    """

    transactions: Transactions[AssistanceTx]
    chain: DraftingChain
    clock: Clock
    ids: Ids
    sight: Sight = field(default_factory=Sight)

    async def __call__(self, *, run: JobRun, suggestion_id: SuggestionId) -> None:
        """Leaves the suggestion ready, abstained or discarded, and the job done.

        Raises:
            SuggestionNotFound: no such suggestion.   LeaseLost: another process has the job.
            ProviderUnavailable: no drafter answered; the job is to be tried again.
        """
        case = await self._look(run, suggestion_id)
        if case is None:
            return
        book = LedgerBook(self.transactions, self.clock, self.ids, run, case.suggestion)
        try:
            redaction = await asyncio.to_thread(case.redaction)
            result = await self.chain(case.assignment, redaction, book)
        except Overtaken:
            result = None
        await self._keep(run, suggestion_id, result)

    async def _look(self, run: JobRun, suggestion_id: SuggestionId) -> Case | None:
        async with self.transactions.begin(run.workspace_id) as tx:
            suggestion, thread = await _locked(tx, suggestion_id)
            if suggestion.status is SuggestionStatus.QUEUED and not is_stale(suggestion, thread):
                return await self._case(tx, suggestion, thread)
            await self._end(tx, run, suggestion, thread, None)
        return None

    async def _case(self, tx: AssistanceTx, suggestion: Suggestion, thread: Thread) -> Case:
        seen = await self.sight.look(tx, thread)
        # "Tomorrow" counts from when it was said, however late the draft.
        now = thread.last_message_at or self.clock.now()
        given = Assignment(turns=seen.turns, facts=seen.facts, now=now, is_whole=seen.is_whole)
        return Case(suggestion, thread, given)

    async def _keep(self, run: JobRun, suggestion_id: SuggestionId, result: Result | None) -> None:
        async with self.transactions.begin(run.workspace_id) as tx:
            suggestion, thread = await _locked(tx, suggestion_id)
            await self._end(tx, run, suggestion, thread, result)

    async def _end(
        self, tx: AssistanceTx, run: JobRun, suggestion: Suggestion, thread: Thread, result: Result | None
    ) -> None:
        now = self.clock.now()
        if suggestion.status is SuggestionStatus.QUEUED:
            if result is None or is_stale(suggestion, thread) or not thread.is_open:
                suggestion.discard(now, result)
            else:
                suggestion.finish(result, now)
                await _show(tx, suggestion, result)
            await tx.suggestions.save(suggestion)
        await tx.jobs.finish(run, _answer(suggestion))


async def _locked(tx: AssistanceTx, suggestion_id: SuggestionId) -> tuple[Suggestion, Thread]:
    """The suggestion and its thread, locked in the order that everybody keeps: thread first."""
    conversation_id = (await tx.suggestions.get(suggestion_id, lock=False)).conversation_id
    thread = await tx.threads.lock(conversation_id)
    return await tx.suggestions.get(suggestion_id), thread


async def _show(tx: AssistanceTx, suggestion: Suggestion, result: Result) -> None:
    """Put the draft into the conversation, and let the workspace pay for what was asked for it."""
    if result.is_sendable:
        await tx.threads.keep_draft(
            suggestion.conversation_id,
            suggestion.message_id,
            result.draft.text,
            recorded_by=suggestion.requested_by,
        )
    for call in await tx.model_calls.of_suggestion(suggestion.id):
        if call.outcome is not CallOutcome.OPEN and call.cost is not None:
            call.is_charged = True
            await tx.model_calls.save(call)


def _answer(suggestion: Suggestion) -> Mapping[str, object]:
    """The job's result: where to look. The text is not in it, for it may be out of date when somebody reads this."""
    decision = suggestion.result.draft.decision if suggestion.result and suggestion.is_charged else None
    return {
        "suggestion_id": public_id("sug", suggestion.id),
        "message_id": public_id("msg", suggestion.message_id),
        "conversation_id": public_id("conv", suggestion.conversation_id),
        "status": str(suggestion.status),
        "decision": str(decision) if decision else None,
    }
