"""What these routes take and give."""

from typing import Annotated, Final, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from application.knowledge.change_source import ContentPatch
from application.knowledge.queries import SourceLine, SourceMatch, SourceVersionView, SourceView
from domain.knowledge.source import (
    LONGEST_NAME,
    LONGEST_SERVICE,
    LONGEST_TEXT,
    LONGEST_VALUE,
    MOST_FIELDS,
    Content,
    Scope,
    SourceKind,
)
from domain.shared.ids import ConversationId, private_id, public_id
from entrypoints.http.conversations.bodies import SpanBody
from entrypoints.http.conversations.fields import ConversationIdField
from entrypoints.http.fields import At, PageInfo, Version, at, id_meta, id_or_none

_GROWS: Final = "The set may grow: take unknown values."

SourceIdField = Annotated[str, id_meta("src", "The source.")]
Kind = Annotated[SourceKind, Meta(description=f"What sort of fact it is. {_GROWS}", examples=["inventory"])]
NewTitle = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_VALUE, description="What it is called.", examples=["Volkswagen Golf"])
]
Title = Annotated[str, Meta(max_length=LONGEST_VALUE, description="What it is called.", examples=["Volkswagen Golf"])]
Entity = Annotated[str, Meta(max_length=LONGEST_VALUE, description="The thing's name, if any.", examples=["Golf"])]
Service = Annotated[
    str, Meta(max_length=LONGEST_SERVICE, description="The catalogue that it is a row of.", examples=["stock"])
]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT, description="Prose.", examples=["Returns within 14 days."])]
FieldName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
FieldValue = Annotated[str, Meta(max_length=LONGEST_VALUE)]
Fields = Annotated[
    dict[FieldName, FieldValue],
    Meta(max_length=MOST_FIELDS, description="Named values, as text.", examples=[{"price": "18950 EUR"}]),
]
FieldChanges = Annotated[
    dict[FieldName, FieldValue | None],
    Meta(
        max_length=MOST_FIELDS,
        description="Fields to set; null takes one away; others stay.",
        examples=[{"price": "17900 EUR", "discount": None}],
    ),
]
KnownSince = Annotated[
    int,
    Meta(
        ge=0,
        le=2**31 - 1,
        description="Sequence of the conversation's message after which it was known; 0: always.",
        examples=[0],
    ),
]
Batch = Annotated[
    int,
    Meta(ge=0, le=2**31 - 1, description="Number of the look-up that brought it; newer ones are higher.", examples=[1]),
]
ExternalId = Annotated[
    str, Meta(min_length=1, max_length=200, description="Its id in the system that it comes from.", examples=["car-17"])
]
IsArchived = Annotated[bool, Meta(description="Offered to no reply any more.", examples=[False])]


class NewSource(msgspec.Struct, forbid_unknown_fields=True):
    """A fact that replies may use: in the whole workspace, or in one conversation."""

    kind: Kind
    title: NewTitle
    entity: Entity = ""
    service: Service = ""
    fields: Fields = {}
    text: Text = ""
    conversation_id: ConversationIdField | None = None
    known_since: KnownSince = 0
    batch: Batch = 0
    external_id: ExternalId | None = None

    def content(self) -> Content:
        """What it says."""
        return Content(title=self.title, entity=self.entity, service=self.service, fields=self.fields, text=self.text)

    def scope(self) -> Scope:
        """Where it may be used."""
        attached = self.conversation_id
        return Scope(
            conversation_id=None if attached is None else ConversationId(private_id("conv", attached)),
            known_since=self.known_since,
            batch=self.batch,
        )


class SourceChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: what is absent stays, null clears."""

    title: NewTitle | UnsetType = UNSET
    entity: Entity | UnsetType | None = UNSET
    service: Service | UnsetType | None = UNSET
    fields: FieldChanges | UnsetType = UNSET
    text: Text | UnsetType | None = UNSET

    def patch(self) -> ContentPatch:
        """The same in the application's words."""
        return ContentPatch(
            title=None if self.title is UNSET else self.title,
            entity=None if self.entity is UNSET else self.entity or "",
            service=None if self.service is UNSET else self.service or "",
            fields=None if self.fields is UNSET else self.fields,
            text=None if self.text is UNSET else self.text or "",
        )


class SourceMatchBody(msgspec.Struct, frozen=True):
    """What a search found in the source."""

    text: Annotated[str, Meta(description="The excerpt.", examples=["Volkswagen Golf 1.5 TSI"])]
    spans: Annotated[list[SpanBody], Meta(description="The words in it.", examples=[[{"start": 11, "end": 15}]])]
    is_similar: Annotated[bool, Meta(description="No source has the words, only ones like them.", examples=[False])]

    @classmethod
    def of(cls, match: SourceMatch) -> Self:
        """The public form."""
        return cls(match.text, [SpanBody(span.start, span.end) for span in match.spans], match.is_similar)


class SourceSummary(msgspec.Struct, frozen=True):
    """A source in a list: light, without its fields and text."""

    id: SourceIdField
    version: Version
    kind: Kind
    title: Title
    entity: Entity
    service: Service
    conversation_id: ConversationIdField | None
    is_archived: IsArchived
    created_at: At
    updated_at: At
    match: Annotated[SourceMatchBody | None, Meta(description="What a search found; null without one.")]

    @classmethod
    def of(cls, line: SourceLine) -> Self:
        """The public form."""
        return cls(
            public_id("src", line.id),
            line.version,
            SourceKind(line.kind),
            line.title,
            line.entity,
            line.service,
            id_or_none("conv", line.conversation_id),
            line.is_archived,
            at(line.created_at),
            at(line.updated_at),
            None if line.match is None else SourceMatchBody.of(line.match),
        )


class SourceBody(msgspec.Struct, frozen=True, kw_only=True):
    """A source in its present version."""

    id: SourceIdField
    version: Version
    kind: Kind
    title: Title
    entity: Entity
    service: Service
    fields: Fields
    text: Text
    conversation_id: ConversationIdField | None
    known_since: KnownSince
    batch: Batch
    external_id: ExternalId | None
    is_archived: IsArchived
    created_at: At
    updated_at: At

    @classmethod
    def of(cls, view: SourceView) -> Self:
        """The public form."""
        return cls(
            id=public_id("src", view.id),
            version=view.version,
            kind=SourceKind(view.kind),
            title=view.title,
            entity=view.entity,
            service=view.service,
            fields=dict(view.fields),
            text=view.text,
            conversation_id=id_or_none("conv", view.conversation_id),
            known_since=view.known_since,
            batch=view.batch,
            external_id=view.external_id,
            is_archived=view.is_archived,
            created_at=at(view.created_at),
            updated_at=at(view.updated_at),
        )


class SourceVersionBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a source said in one version. Kept for good: suggestions name the versions that they rest on."""

    version: Version
    title: Title
    entity: Entity
    service: Service
    fields: Fields
    text: Text
    is_archived: IsArchived
    created_at: At

    @classmethod
    def of(cls, view: SourceVersionView) -> Self:
        """The public form."""
        return cls(
            version=view.version,
            title=view.title,
            entity=view.entity,
            service=view.service,
            fields=dict(view.fields),
            text=view.text,
            is_archived=view.is_archived,
            created_at=at(view.created_at),
        )


class SourceEnvelope(msgspec.Struct, frozen=True):
    """One source."""

    data: SourceBody


class SourceList(msgspec.Struct, frozen=True):
    """A page of sources."""

    data: list[SourceSummary]
    page: PageInfo


class SourceVersionList(msgspec.Struct, frozen=True):
    """A page of a source's versions."""

    data: list[SourceVersionBody]
    page: PageInfo
