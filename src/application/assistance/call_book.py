"""Calls to providers on record: before each a row, after it the answer, each in a transaction of its own."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import msgspec

from application.assistance.chain import Overtaken
from domain.assistance.calls import CallOutcome, ModelCall
from domain.assistance.policies import is_stale
from domain.assistance.ports import AssistanceTx, Drafted
from domain.assistance.results import Judgement, Label
from domain.assistance.suggestion import Suggestion
from domain.shared.jobs import JobRun
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class LedgerBook:
    """`CallBook` of one attempt of one job."""

    transactions: Transactions[AssistanceTx]
    clock: Clock
    ids: Ids
    run: JobRun
    suggestion: Suggestion

    async def kept(self, step: str, /) -> Drafted | None:
        """What an earlier attempt received; a process may have died right after."""
        if self.run.attempt == 1:
            return None
        async with self._begin() as tx:
            output = await tx.jobs.kept_step(self.run, step)
        return None if output is None else msgspec.convert(output, Drafted, strict=False)

    async def open(self, step: str, label: Label, inputs_hash: str, /) -> UUID:
        """Raises Overtaken where the call would be for nothing."""
        call = ModelCall(
            id=self.ids.new(),
            workspace_id=self.run.workspace_id,
            suggestion_id=self.suggestion.id,
            step=step,
            attempt=self.run.attempt,
            label=label,
            inputs_hash=inputs_hash,
            opened_at=self.clock.now(),
        )
        async with self._begin() as tx:
            if is_stale(self.suggestion, await tx.threads.lock(self.suggestion.conversation_id)):
                raise Overtaken
            await tx.model_calls.save(call)
        return call.id

    async def close(self, record: object, step: str, outcome: CallOutcome, drafted: Drafted | None, /) -> None:
        """The outcome, and the answer for later attempts."""
        async with self._begin() as tx:
            call = await tx.model_calls.get(cast("UUID", record))
            call.outcome, call.closed_at = outcome, self.clock.now()
            if drafted is not None:
                call.usage, call.cost, call.provider_request = drafted.usage, drafted.cost, drafted.provider_request
                call.answer = msgspec.to_builtins(drafted.draft) if drafted.draft else None
                await tx.jobs.keep_step(self.run, step, msgspec.to_builtins(drafted))
            await tx.model_calls.save(call)

    async def refuse(self, step: str, judgement: Judgement, /) -> None:
        """The verdict on an answer that is not shown; the one that is keeps its verdict with the suggestion."""
        async with self._begin() as tx:
            for call in await tx.model_calls.of_suggestion(self.suggestion.id):
                if call.step == step and call.outcome is not CallOutcome.OPEN:
                    call.judgement = judgement
                    await tx.model_calls.save(call)

    def _begin(self) -> AbstractAsyncContextManager[AssistanceTx]:
        return self.transactions.begin(self.run.workspace_id)
