"""Change what a source says."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.knowledge import permissions
from domain.knowledge.ports import KnowledgeTx
from domain.knowledge.source import Content, Source
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import SourceId
from domain.shared.ports import Clock, Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPatch:
    """What to change; None keeps. `fields` is a merge patch of its own: a name with None takes the field away."""

    title: str | None = None
    entity: str | None = None
    service: str | None = None
    fields: Mapping[str, str | None] | None = None
    text: str | None = None

    def on(self, content: Content) -> Content:
        """The content with the changes made.

        Raises:
            Invalid: it would say nothing, or too much.
        """
        merged = dict(content.fields) | dict(self.fields or {})
        return Content(
            title=content.title if self.title is None else self.title,
            entity=content.entity if self.entity is None else self.entity,
            service=content.service if self.service is None else self.service,
            fields={name: value for name, value in merged.items() if value is not None},
            text=content.text if self.text is None else self.text,
        )


@dataclass(frozen=True, slots=True)
class ChangeSource:
    """Have a source say something else from now on; what it said stays in its versions."""

    transactions: Transactions[KnowledgeTx]
    clock: Clock

    async def __call__(
        self, *, actor: Actor, source_id: SourceId, patch: ContentPatch, seen_version: int | None = None
    ) -> Source:
        """Raises `SourceIsArchived`, `Invalid`, or `PreconditionFailed` if it is no longer at `seen_version`."""
        actor.must(permissions.WRITE)
        async with self.transactions.begin(actor.tenant) as tx:
            source = await tx.sources.get(source_id)
            if seen_version not in {None, source.version}:
                raise PreconditionFailed("it was changed meanwhile", current_version=source.version)
            source.change(patch.on(source.content), self.clock.now(), recorded_by=actor.caller)
            if source.events:
                await tx.sources.save(source)
            return source
