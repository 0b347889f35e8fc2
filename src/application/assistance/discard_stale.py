"""Writing down that a draft is out of date."""

from dataclasses import dataclass

from application.assistance.deciding import suggestion_of
from domain.assistance.ports import AssistanceTx
from domain.assistance.suggestion import OPEN, SuggestionNotFound
from domain.shared.ids import MessageId
from domain.shared.jobs import JobRun
from domain.shared.ports import Clock, Transactions

DISCARD_STALE = "discard_stale"
"""The kind of the job that does it, caused by a discarded draft."""


@dataclass(frozen=True, slots=True)
class DiscardStale:
    """Bring a suggestion to the state of its draft message, which was discarded by whoever wrote or closed.

    Nothing depends on when this runs: what is out of date is neither shown nor accepted before. Twice is
    harmless: only an open suggestion changes.
    """

    transactions: Transactions[AssistanceTx]
    clock: Clock

    async def __call__(self, *, run: JobRun, message_id: MessageId) -> None:
        """Raises LeaseLost where another process has the job."""
        async with self.transactions.begin(run.workspace_id) as tx:
            try:
                suggestion, _ = await suggestion_of(tx, message_id)
            except SuggestionNotFound:
                suggestion = None
            if suggestion is not None and suggestion.status in OPEN:
                suggestion.discard(self.clock.now())
                await tx.suggestions.save(suggestion)
            await tx.jobs.finish(run)
