"""Sources: the facts of a workspace that replies may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from domain.knowledge.events import SourceAdded, SourceArchived, SourceChanged, SourceEvent
from domain.shared.errors import FieldProblem, Invalid, InvalidState, NotFound
from domain.shared.ids import ConversationId, SourceId, WorkspaceId

MOST_FIELDS: Final = 100
LONGEST_NAME: Final = 100
"""Characters of a field's name."""
LONGEST_SERVICE: Final = 200
"""Characters of a catalogue's name."""
LONGEST_VALUE: Final = 2_000
"""Characters of a field's value, and of title and entity."""
LONGEST_TEXT: Final = 100_000
"""Characters of the prose of a policy or an article."""
LONGEST_WHOLE: Final = 200_000
"""Characters of everything together; what a search can index ends not far beyond."""


class SourceKind(StrEnum):
    """What sort of fact it is. The set may grow."""

    INVENTORY = "inventory"
    """One thing on offer: a car, a room. Its fields belong together."""
    RECORD = "record"
    """Something that was done or is on file: a booking, an order."""
    COUNT = "count"
    """How many things matched."""
    POLICY = "policy"
    ARTICLE = "article"
    CHECKLIST = "checklist"
    """What must be known before an answer."""


class SourceNotFound(NotFound):
    """No source with this id in this workspace."""


class SourceIsArchived(InvalidState):
    """It is kept for the record and can no longer be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a source says. `fields` are named values as text; `text` is prose.

    `entity` names the thing (`Accord`), `service` groups the rows of one catalogue (`stock`).
    """

    title: str
    entity: str = ""
    service: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""

    def __post_init__(self) -> None:
        problems = [*self._missing(), *self._too_long()]
        if problems:
            raise Invalid(problems)

    def _missing(self) -> list[FieldProblem]:
        if not self.title.strip():
            return [FieldProblem(pointer="/title", code="blank", message="must say something")]
        if not self.fields and not self.text.strip():
            return [FieldProblem(pointer="/fields", code="blank", message="fields or text must say something")]
        return []

    def _too_long(self) -> list[FieldProblem]:
        limits = {"title": LONGEST_VALUE, "entity": LONGEST_VALUE, "service": LONGEST_SERVICE, "text": LONGEST_TEXT}
        problems = [_too_long(f"/{name}", limit) for name, limit in limits.items() if len(getattr(self, name)) > limit]
        if len(self.fields) > MOST_FIELDS:
            problems.append(_too_long("/fields", MOST_FIELDS, "entries"))
        for name, value in self.fields.items():
            pointer = f"/fields/{name[:LONGEST_NAME].replace('~', '~0').replace('/', '~1')}"
            if len(name) > LONGEST_NAME:
                problems.append(_too_long(pointer, LONGEST_NAME, "characters in its name"))
            if len(value) > LONGEST_VALUE:
                problems.append(_too_long(pointer, LONGEST_VALUE))
        if self._size() > LONGEST_WHOLE and not problems:
            problems.append(_too_long("", LONGEST_WHOLE, "characters in all"))
        return problems

    def _size(self) -> int:
        named = sum(len(name) + len(value) for name, value in self.fields.items())
        return len(self.title) + len(self.entity) + len(self.service) + len(self.text) + named


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a source may be used, and from when on.

    `conversation_id` is None for the whole workspace. `known_since` is the sequence of the conversation's message
    after which it was known (0: always); `batch` numbers look-ups in order, so rows of one result set share it.
    """

    conversation_id: ConversationId | None = None
    known_since: int = 0
    batch: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Source:
    """A fact in its present version; every save that changes it keeps the version before.

    `external_id` is unique in the workspace: importing the same thing twice changes nothing. Times are UTC.
    """

    id: SourceId
    workspace_id: WorkspaceId
    kind: SourceKind
    content: Content
    created_at: datetime
    updated_at: datetime
    scope: Scope = field(default_factory=Scope)
    external_id: str | None = None
    recorded_by: str = ""
    is_archived: bool = False
    version: int = 0
    events: list[SourceEvent] = field(default_factory=list[SourceEvent], repr=False)

    @classmethod
    def add(
        cls,
        *,
        id: SourceId,
        workspace_id: WorkspaceId,
        kind: SourceKind,
        content: Content,
        now: datetime,
        recorded_by: str,
        scope: Scope | None = None,
        external_id: str | None = None,
    ) -> Self:
        """A new fact."""
        source = cls(
            id=id,
            workspace_id=workspace_id,
            kind=kind,
            content=content,
            created_at=now,
            updated_at=now,
            scope=scope or Scope(),
            external_id=external_id,
            recorded_by=recorded_by,
        )
        source.events.append(SourceAdded(source_id=id, kind=kind.value, conversation_id=source.scope.conversation_id))
        return source

    def change(self, content: Content, now: datetime, *, recorded_by: str) -> None:
        """Say something else from now on; what it said stays in the versions.

        Raises:
            SourceIsArchived: it can no longer be changed.
        """
        if self.is_archived:
            raise SourceIsArchived("an archived source stays as it is", current="archived", allowed=[])
        if content == self.content:
            return
        self.content, self.updated_at, self.recorded_by = content, now, recorded_by
        self.events.append(SourceChanged(source_id=self.id, kind=self.kind.value))

    def archive(self, now: datetime, *, recorded_by: str) -> None:
        """Offer it to no reply any more. A second time changes nothing."""
        if self.is_archived:
            return
        self.is_archived, self.updated_at, self.recorded_by = True, now, recorded_by
        self.events.append(SourceArchived(source_id=self.id, kind=self.kind.value))


def _too_long(pointer: str, limit: int, unit: str = "characters") -> FieldProblem:
    return FieldProblem(
        pointer=pointer, code="too_long", message=f"must have at most {limit} {unit}", meta={"max": limit}
    )
