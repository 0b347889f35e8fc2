"""Load conversations that happened elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.conversations import permissions
from domain.conversations.past import PastConversation, retell
from domain.conversations.ports import ConversationsTx
from domain.shared.access import Actor
from domain.shared.ids import ConversationId
from domain.shared.ports import Ids, Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What one batch did: ids by external id, also of those that were there before, and how much was new."""

    ids: Mapping[str, ConversationId]
    new_conversations: int
    new_messages: int


@dataclass(frozen=True, slots=True)
class ImportConversations:
    """Load a batch of past conversations in one transaction; those with a known external id are left alone."""

    transactions: Transactions[ConversationsTx]
    ids: Ids

    async def __call__(self, *, actor: Actor, batch: Sequence[PastConversation]) -> Imported:
        """Repeatable. Raises `Forbidden`, or `Invalid` for a blank turn; then nothing of the batch is loaded."""
        actor.must(permissions.WRITE)
        wanted = {past.external_id: past for past in batch}
        async with self.transactions.begin(actor.tenant) as tx:
            known = await tx.conversations.by_external_ids(tuple(wanted))
            fresh = [past for external_id, past in wanted.items() if external_id not in known]
            if not fresh:
                return Imported(ids=known, new_conversations=0, new_messages=0)
            first = await tx.conversations.take_numbers(len(fresh))
            told = [
                retell(
                    past,
                    workspace_id=actor.tenant,
                    number=number,
                    new_id=self.ids.new,
                    recorded_by=actor.caller,
                )
                for number, past in enumerate(fresh, first)
            ]
            await tx.conversations.add_past(told)
        ids = dict(known) | {past.external_id: one.id for past, (one, _) in zip(fresh, told, strict=True)}
        messages = sum(len(said) for _, said in told)
        return Imported(ids=ids, new_conversations=len(fresh), new_messages=messages)
