"""What the routes of conversations take and give."""

from typing import Annotated, Self, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from application.conversations.queries import (
    ConversationLine,
    ConversationStatus,
    ConversationView,
    Match,
)
from domain.conversations.statuses import Move, Status
from domain.conversations.values import Channel, Priority
from domain.shared.ids import public_id
from entrypoints.http.conversations.fields import (
    ChannelField,
    ConversationIdField,
    Episode,
    MessageIdField,
    MessageText,
    MoveField,
    PriorityField,
    Sequence_,
    StatusField,
    Subject,
)
from entrypoints.http.fields import At, PageInfo, Version, at, at_or_none, id_meta, id_or_none

AssigneeField = Annotated[str, id_meta("usr", "The member who takes care of it.")]
CustomerName = Annotated[
    str, Meta(min_length=1, max_length=200, description="What the customer is called.", examples=["Ada Byron"])
]
Email = Annotated[
    str,
    Meta(
        max_length=254,
        # `\s` means one thing to Python and another to JSON Schema (ECMA 262), so what is meant is spelled out.
        pattern=r"^[^@\x00-\x20\x7f-\xa0]+@[^@\x00-\x20\x7f-\xa0]+$",
        description="E-mail address.",
        examples=["ada@example.com"],
    ),
]
CustomerExternalId = Annotated[
    str, Meta(max_length=200, description="The customer's id in another system.", examples=["crm-1815"])
]
ExternalId = Annotated[
    str, Meta(max_length=200, description="Its id in the system that it was imported from.", examples=["zd-42"])
]
Number = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="Counts up in the workspace, without gaps.", examples=[1024])
]


class CustomerBody(msgspec.Struct, forbid_unknown_fields=True):
    """The customer, as far as known."""

    name: CustomerName
    email: Email | None = None
    external_id: CustomerExternalId | None = None


class NewConversation(msgspec.Struct, forbid_unknown_fields=True):
    """A conversation to open, with what the customer wrote if anything."""

    customer: CustomerBody
    channel: ChannelField = Channel.CHAT
    subject: Subject = ""
    priority: PriorityField = Priority.NORMAL
    text: MessageText | None = None


class ConversationChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: what is absent stays, null clears (a cleared priority is `normal`)."""

    subject: Subject | UnsetType | None = UNSET
    priority: (
        Annotated[Priority | None, Meta(description="How soon to look at it. The set may grow.", examples=["high"])]
        | UnsetType
    ) = UNSET


class Assignment(msgspec.Struct, forbid_unknown_fields=True):
    """Who takes care of the conversation from now on; null gives it back to nobody."""

    assignee_id: AssigneeField | None


class SpanBody(msgspec.Struct, frozen=True):
    """Where a searched word stands in the excerpt, in Unicode code points."""

    start: Annotated[int, Meta(ge=0, le=1000, description="First character, from 0.", examples=[4])]
    end: Annotated[int, Meta(ge=0, le=1000, description="Behind its last character.", examples=[9])]


class MatchBody(msgspec.Struct, frozen=True):
    """What a search found: an excerpt of the latest message that matches, or of subject and customer."""

    text: Annotated[str, Meta(description="The excerpt.", examples=["Two winter tyres, please"])]
    spans: Annotated[list[SpanBody], Meta(description="The words in it.", examples=[[{"start": 4, "end": 10}]])]
    message_id: MessageIdField | None
    is_similar: Annotated[bool, Meta(description="No text has the words, only ones like them.", examples=[False])]

    @classmethod
    def of(cls, match: Match) -> Self:
        """The public form."""
        spans = [SpanBody(span.start, span.end) for span in match.spans]
        return cls(match.text, spans, id_or_none("msg", match.message_id), match.is_similar)


class ConversationSummary(msgspec.Struct, frozen=True):
    """A conversation in a list: light, without messages."""

    id: ConversationIdField
    number: Number
    customer_name: CustomerName
    channel: ChannelField
    subject: Subject
    priority: PriorityField
    status: StatusField
    assignee_id: AssigneeField | None
    last_sequence: Sequence_
    created_at: At
    last_message_at: At
    waiting_since_at: At | None
    match: Annotated[MatchBody | None, Meta(description="What a search found; null without one.")]

    @classmethod
    def of(cls, line: ConversationLine) -> Self:
        """The public form. Texts stand for their enums here: a list makes a hundred of these."""
        return cls(
            public_id("conv", line.id),
            line.number,
            line.customer_name,
            cast(Channel, line.channel),
            line.subject,
            cast(Priority, line.priority),
            cast(Status, line.status),
            id_or_none("usr", line.assignee_id),
            line.last_sequence,
            at(line.created_at),
            at(line.last_message_at),
            at_or_none(line.waiting_since_at),
            None if line.match is None else MatchBody.of(line.match),
        )


class ConversationBody(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation. Clocks are those of the present episode."""

    id: ConversationIdField
    version: Version
    number: Number
    customer: CustomerBody
    channel: ChannelField
    subject: Subject
    priority: PriorityField
    status: StatusField
    assignee_id: AssigneeField | None
    external_id: ExternalId | None
    last_sequence: Sequence_
    episode: Episode
    open_draft_id: MessageIdField | None
    created_at: At
    last_message_at: At
    episode_started_at: At
    first_reply_at: At | None
    waiting_since_at: At | None
    closed_at: At | None

    @classmethod
    def of(cls, view: ConversationView) -> Self:
        """The public form."""
        return cls(
            id=public_id("conv", view.id),
            version=view.version,
            number=view.number,
            customer=CustomerBody(view.customer_name, view.customer_email, view.customer_external_id),
            channel=Channel(view.channel),
            subject=view.subject,
            priority=Priority(view.priority),
            status=Status(view.status),
            assignee_id=id_or_none("usr", view.assignee_id),
            external_id=view.external_id,
            last_sequence=view.last_sequence,
            episode=view.episode,
            open_draft_id=id_or_none("msg", view.open_draft_id),
            created_at=at(view.created_at),
            last_message_at=at(view.last_message_at),
            episode_started_at=at(view.episode_started_at),
            first_reply_at=at_or_none(view.first_reply_at),
            waiting_since_at=at_or_none(view.waiting_since_at),
            closed_at=at_or_none(view.closed_at),
        )


class ConversationStatusBody(msgspec.Struct, frozen=True, kw_only=True):
    """The little that a poll needs. Ask with `If-None-Match`: it stays the same until something happens."""

    id: ConversationIdField
    version: Version
    status: StatusField
    episode: Episode
    last_sequence: Sequence_
    last_message_at: At
    waiting_since_at: At | None
    open_draft_id: MessageIdField | None
    allowed_moves: Annotated[
        list[MoveField], Meta(description="What the status allows now.", examples=[["assign", "close"]])
    ]

    @classmethod
    def of(cls, status: ConversationStatus) -> Self:
        """The public form."""
        return cls(
            id=public_id("conv", status.id),
            version=status.version,
            status=Status(status.status),
            episode=status.episode,
            last_sequence=status.last_sequence,
            last_message_at=at(status.last_message_at),
            waiting_since_at=at_or_none(status.waiting_since_at),
            open_draft_id=id_or_none("msg", status.open_draft_id),
            allowed_moves=[Move(move) for move in status.allowed_moves],
        )


class ConversationEnvelope(msgspec.Struct, frozen=True):
    """One conversation."""

    data: ConversationBody


class ConversationStatusEnvelope(msgspec.Struct, frozen=True):
    """The status of one conversation."""

    data: ConversationStatusBody


class ConversationList(msgspec.Struct, frozen=True):
    """A page of conversations."""

    data: list[ConversationSummary]
    page: PageInfo
