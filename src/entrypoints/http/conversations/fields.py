"""Types of parameters and fields that these routes share, and how to read them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from litestar.openapi.spec.example import Example
from litestar.params import QueryParameter
from msgspec import Meta

from application.conversations.queries import Since
from domain.conversations.message import LONGEST_TEXT, Author, MessageState
from domain.conversations.statuses import Move, Status
from domain.conversations.values import Channel, Priority
from domain.shared.errors import FieldProblem, Invalid, NotFound
from domain.shared.ids import MessageId, UserId, id_pattern, private_id
from entrypoints.http.fields import example_id, id_in_path, id_meta

_GROWS: Final = "The set may grow: take unknown values."

ConversationIdField = Annotated[str, id_meta("conv", "The conversation.")]
MessageIdField = Annotated[str, id_meta("msg", "The message.")]
ConversationIdInPath = Annotated[str, id_in_path("conv", "The conversation.")]
MessageIdInPath = Annotated[str, id_in_path("msg", "The message.")]

StatusField = Annotated[Status, Meta(description=f"Where it stands. {_GROWS}", examples=["open"])]
MoveField = Annotated[Move, Meta(description=f"What can happen to the status. {_GROWS}", examples=["close"])]
ChannelField = Annotated[Channel, Meta(description=f"Where the customer writes. {_GROWS}", examples=["chat"])]
PriorityField = Annotated[Priority, Meta(description=f"How soon to look at it. {_GROWS}", examples=["normal"])]
AuthorField = Annotated[Author, Meta(description=f"Whose words these are. {_GROWS}", examples=["staff"])]
StateField = Annotated[MessageState, Meta(description=f"Its life; only drafts change. {_GROWS}", examples=["sent"])]
Subject = Annotated[str, Meta(max_length=500, description="What it is about.", examples=["Winter tyres"])]
MessageText = Annotated[
    str, Meta(min_length=1, max_length=LONGEST_TEXT, description="What is said.", examples=["Is it still there?"])
]
Sequence_ = Annotated[
    int, Meta(ge=0, le=2**31 - 1, description="Place in the conversation, from 1 without gaps.", examples=[3])
]
Episode = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="Counts from 1; each reopening starts another.", examples=[1])
]
ClientMessageId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        description="The sender's own id: a second message with it is the first one again.",
        examples=["c-7f3a"],
    ),
]

StatusFilter = Annotated[
    list[Status] | None,
    QueryParameter(description="In any of these.", max_items=3, examples=[Example(value=["open"])]),
]
PriorityFilter = Annotated[
    list[Priority] | None,
    QueryParameter(description="Of any of these.", max_items=4, examples=[Example(value=["urgent", "high"])]),
]
ChannelFilter = Annotated[
    list[Channel] | None,
    QueryParameter(description="On any of these.", max_items=6, examples=[Example(value=["email"])]),
]
AssigneeFilter = Annotated[
    list[Annotated[str, Meta(pattern=id_pattern("usr"))]] | None,
    QueryParameter(
        description="Assigned to any of these.", max_items=20, examples=[Example(value=[example_id("usr")])]
    ),
]
IsAssigned = Annotated[
    bool | None,
    QueryParameter(description="Assigned to somebody, or to nobody.", examples=[Example(value=False)]),
]
CreatedAfter = Annotated[
    datetime | None,
    QueryParameter(
        description="Created at or after this moment (RFC 3339 with offset).",
        examples=[Example(value="2026-11-20T07:33:00.000Z")],
        schema_extra={"format": "date-time"},
    ),
]
CreatedBefore = Annotated[
    datetime | None,
    QueryParameter(
        description="Created before this moment (RFC 3339 with offset).",
        examples=[Example(value="2026-11-21T07:33:00.000Z")],
        schema_extra={"format": "date-time"},
    ),
]
SinceText = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=64,
        description=(
            "Only messages behind this one: the last message id or sequence seen. Or a moment (RFC 3339 with offset): "
            "messages sent then or later. Prefer the id."
        ),
        examples=[Example(value=example_id("msg"))],
    ),
]


def moment_of(value: datetime | None, parameter: str) -> datetime | None:
    """A moment from the query, in UTC.

    Raises:
        Invalid: it has no offset, or lies outside of the years 1 to 9999.
    """
    try:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
    except OverflowError:
        pass
    raise Invalid([FieldProblem(parameter=parameter, code="invalid_format", message="must have an offset, as in Z")])


def members_of(values: Sequence[str] | None, parameter: str) -> tuple[UserId, ...]:
    """Ids of members from the query.

    Raises:
        Invalid: one is no id of a user.
    """
    try:
        return tuple(UserId(private_id("usr", value)) for value in values or ())
    except NotFound as error:
        raise Invalid(
            [FieldProblem(parameter=parameter, code="invalid_format", message="must be a user's id")]
        ) from error


def since_of(text: str | None) -> Since | None:
    """From where a poll goes on.

    Raises:
        Invalid: it is neither a message's id, a sequence nor a moment.
    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if text.startswith("msg_"):
            return MessageId(private_id("msg", text))
        return moment_of(datetime.fromisoformat(text), "since")
    except (NotFound, ValueError, OverflowError) as error:
        problem = "must be a message's id, a sequence or a moment"
        raise Invalid([FieldProblem(parameter="since", code="invalid_format", message=problem)]) from error
