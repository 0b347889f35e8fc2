"""Archive a source."""

from dataclasses import dataclass

from application.knowledge import permissions
from domain.knowledge.ports import KnowledgeTx
from domain.knowledge.source import Source
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import SourceId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True)
class ArchiveSource:
    """Offer a source to no reply any more; what rests on it keeps its evidence. Twice is the same as once."""

    transactions: Transactions[KnowledgeTx]
    clock: Clock

    async def __call__(self, *, actor: Actor, source_id: SourceId, seen_version: int | None = None) -> Source:
        """Raises `SourceNotFound`, or `PreconditionFailed` if it is no longer at `seen_version`."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            source = await tx.sources.get(source_id)
            if seen_version not in {None, source.version}:
                raise PreconditionFailed("it was changed meanwhile", current_version=source.version)
            source.archive(self.clock.now(), recorded_by=actor.caller)
            if source.events:
                await tx.sources.save(source)
            return source
