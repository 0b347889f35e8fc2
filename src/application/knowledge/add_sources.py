"""Add facts, one or many."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from application.knowledge import permissions
from domain.knowledge.ports import KnowledgeTx
from domain.knowledge.source import Content, Scope, Source, SourceKind
from domain.shared.access import Actor
from domain.shared.errors import Invalid
from domain.shared.ids import SourceId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A fact to add; see `domain.knowledge.source.Source` for the fields."""

    kind: SourceKind
    content: Content
    scope: Scope = field(default_factory=Scope)
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddSource:
    """Add one fact."""

    transactions: Transactions[KnowledgeTx]
    clock: Clock
    ids: Ids

    async def __call__(self, *, actor: Actor, new: NewSource) -> Source:
        """Raises `Invalid` (`/conversation_id`) without such a conversation, `AlreadyExists` for its external id."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            await _check_threads(tx, [new])
            source = _source(new, actor, self.clock, self.ids)
            await tx.sources.save(source)
            return source


@dataclass(frozen=True, slots=True)
class AddSources:
    """Add many facts in one transaction; those with a known external id are left alone."""

    transactions: Transactions[KnowledgeTx]
    clock: Clock
    ids: Ids

    async def __call__(self, *, actor: Actor, batch: Sequence[NewSource]) -> list[SourceId]:
        """Ids of all, in their order, also of those that were there before. Repeatable where all have external ids."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            await _check_threads(tx, batch)
            named = tuple({new.external_id for new in batch if new.external_id is not None})
            known = dict(await tx.sources.by_external_ids(named)) if named else {}
            fresh: list[Source] = []
            ids: list[SourceId] = []
            for new in batch:
                found = known.get(new.external_id) if new.external_id is not None else None
                if found is None:
                    source = _source(new, actor, self.clock, self.ids)
                    fresh.append(source)
                    found = source.id
                    if new.external_id is not None:
                        known[new.external_id] = found
                ids.append(found)
            if fresh:
                await tx.sources.add_all(fresh)
            return ids


async def _check_threads(tx: KnowledgeTx, batch: Sequence[NewSource]) -> None:
    for conversation_id in {new.scope.conversation_id for new in batch if new.scope.conversation_id is not None}:
        if not await tx.source_threads.exists(conversation_id):
            raise Invalid.at("/conversation_id", "must be a conversation of this workspace", code="not_found")


def _source(new: NewSource, actor: Actor, clock: Clock, ids: Ids) -> Source:
    return Source.add(
        id=SourceId(ids.new()),
        workspace_id=actor.tenant,
        kind=new.kind,
        content=new.content,
        now=clock.now(),
        recorded_by=actor.caller,
        scope=new.scope,
        external_id=new.external_id,
    )
