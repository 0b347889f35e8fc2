"""The change feed, by polling."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import QueryParameter
from msgspec import Meta

from application.operations.queries import EventView
from application.operations.read_feed import ReadFeed
from domain.shared.access import Actor
from domain.shared.ids import EventId, private_id, public_id
from entrypoints.http.cursors import Paging
from entrypoints.http.fields import At, CursorText, Limit, PageInfo, at, id_in_query, id_meta

ID_FIELDS: Final[Mapping[str, str]] = {
    "api_key_id": "key",
    "assignee_id": "usr",
    "conversation_id": "conv",
    "message_id": "msg",
    "owner_id": "usr",
    "session_id": "ses",
    "source_id": "src",
    "suggestion_id": "sug",
    "user_id": "usr",
    "workspace_id": "wsp",
}
"""Fields of events that hold ids, and the prefix each gets outside. A test looks for fields that are missing here."""


class EventBody(msgspec.Struct, frozen=True):
    """Something that happened."""

    id: Annotated[str, id_meta("evt", "The event; give the last one you saw as `after`.")]
    position: Annotated[
        int,
        Meta(ge=1, le=2**53, description="Its number in the workspace's feed, without gaps.", examples=[42]),
    ]
    name: Annotated[str, Meta(max_length=100, description="`resource.past_tense`.", examples=["message.sent"])]
    subject: Annotated[
        str,
        Meta(
            max_length=40,
            description="Public id of what it happened to.",
            examples=["msg_01jd3kq0z8e4tb6x5w2v9r7m1n"],
        ),
    ]
    data: Annotated[
        dict[str, Any],
        Meta(description="Its facts, by the name. A hint: look the thing up anew.", examples=[{"sequence": 3}]),
    ]
    occurred_at: At

    @classmethod
    def of(cls, event: EventView) -> "EventBody":
        """The public form."""
        return cls(
            public_id("evt", event.id),
            event.position,
            event.name,
            event.subject,
            {name: _public(name, value) for name, value in event.data.items()},
            at(event.occurred_at),
        )


class EventList(msgspec.Struct, frozen=True):
    """A page of the feed."""

    data: list[EventBody]
    page: PageInfo


class EventController(Controller):
    """The workspace's change feed."""

    path = "/events"
    tags = ("Events",)

    @get(operation_id="events_list", opt={"problems": ("gone",)})
    async def page(
        self,
        actor: NamedDependency[Actor],
        read_feed: NamedDependency[ReadFeed],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
        after: Annotated[str | None, id_in_query("evt", "Only what happened after this event.")] = None,
        name: Annotated[
            list[Annotated[str, Meta(max_length=100)]] | None,
            QueryParameter(
                description="Only events of these names.", max_items=20, examples=[Example(value=["message.sent"])]
            ),
        ] = None,
    ) -> EventList:
        """List what happened, oldest first.

        Ask again with `after` = the last event you saw: nothing is ever passed over, and nothing comes twice. An
        unknown event is 410: read what you need anew, and go on from the newest event.
        """
        key = paging.after(cursor)
        seen = UUID(str(key[-1])) if key else private_id("evt", after) if after else None
        page = await read_feed(actor=actor, after=EventId(seen) if seen else None, names=name or (), limit=limit)
        return EventList(data=[EventBody.of(event) for event in page.items], page=paging.info(page, limit))


def _public(name: str, value: object) -> object:
    """Ids get their prefix, time points their form."""
    if not isinstance(value, str):
        return value
    if name in ID_FIELDS:
        return public_id(ID_FIELDS[name], UUID(value))
    if name.endswith("_at"):
        return at(datetime.fromisoformat(value).astimezone(UTC))
    return value
