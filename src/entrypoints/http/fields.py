"""Types of parameters and body fields that many routes share, each with its bounds, description and example."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar.openapi.spec.example import Example
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from msgspec import Meta

from domain.shared.ids import id_pattern, public_id

NOT_BLANK: Final = {
    "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*$",
}
"""For the contract: one line of text, with something to see in it. Checked in the domain, which says why."""

EXAMPLE_ID: Final = "01jd3kq0z8e4tb6x5w2v9r7m1n"
"""The tail that every example id carries."""


_WHOLE_SECONDS = len("2026-11-20T07:33:00Z")


def at(moment: datetime) -> str:
    """A time point on the wire: RFC 3339, UTC, exactly 3 decimals, `Z`. The moment must be aware and in UTC."""
    # msgspec writes times eight times as fast as `isoformat`: with six decimals, or with none where they are zero.
    text: str = msgspec.to_builtins(moment)
    return f"{text[:23]}Z" if len(text) > _WHOLE_SECONDS else f"{text[:19]}.000Z"


def at_or_none(moment: datetime | None) -> str | None:
    """The same, where there may be none."""
    return None if moment is None else at(moment)


def id_or_none(prefix: str, value: UUID | None) -> str | None:
    """The public form of an id that may be missing."""
    return None if value is None else public_id(prefix, value)


def example_id(prefix: str) -> str:
    """A well-formed id for examples."""
    return f"{prefix}_{EXAMPLE_ID}"


def id_meta(prefix: str, description: str) -> Meta:
    """Bounds of an id in a body, with what it names."""
    return Meta(pattern=id_pattern(prefix), description=description, examples=[example_id(prefix)])


def id_in_path(prefix: str, description: str) -> PathParameter:
    """Bounds of an id in a path. A wrong one is 404, by `private_id`; so it is described, and not checked here."""
    return PathParameter(
        description=description,
        examples=[Example(value=example_id(prefix))],
        schema_extra={"pattern": id_pattern(prefix)},
    )


def id_in_query(prefix: str, description: str) -> QueryParameter:
    """Bounds of a filter by id, with what it filters."""
    return QueryParameter(
        pattern=id_pattern(prefix), description=description, examples=[Example(value=example_id(prefix))]
    )


At = Annotated[
    str,
    Meta(
        description="A time point: UTC, 3 decimals.",
        examples=["2026-11-20T07:33:00.000Z"],
        extra_json_schema={"format": "date-time"},
    ),
]
"""A time point in an answer; make it with `at()`."""

Version = Annotated[
    int, Meta(ge=1, le=2**53, description="Grows by one with each change; also the `ETag`.", examples=[1])
]

Limit = Annotated[
    int,
    QueryParameter(ge=1, le=100, description="Most items on the page.", examples=[Example(value=20)]),
]
"""`limit: Limit = 20` on every list."""

CursorText = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=512,
        description="Where to go on: `next_cursor` of the page before. Valid 24 hours, for the same filter and order.",
        examples=[Example(value="AGkfPmr8X2c1")],
    ),
]
"""`cursor: CursorText = None` on every list."""

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        # The quotes may be missing, as some clients' libraries take them away.
        pattern=r'^("?[1-9][0-9]{0,15}"?|\*)$',
        description="The `ETag` that was seen; the change is refused with 412 if it is no longer the present one.",
        examples=[Example(value='"7"')],
    ),
]
"""`if_match: IfMatch = None` on every PUT, PATCH and DELETE; read it with `etags.seen_version`."""

PreferText = Annotated[
    str | None,
    HeaderParameter(
        name="Prefer",
        max_length=200,
        description="`wait=10` waits so many seconds for the result instead of answering 202 at once.",
        examples=[Example(value="wait=10")],
    ),
]
"""`prefer: PreferText = None` on routes that start a job; read it with `prefer.seconds_to_wait`."""


class PageInfo(msgspec.Struct, frozen=True):
    """Where this page of a list stands."""

    limit: Annotated[int, Meta(ge=1, le=100, description="Most items on a page.", examples=[20])]
    has_more: Annotated[bool, Meta(description="More items follow.", examples=[True])]
    next_cursor: Annotated[str | None, Meta(description="The `cursor` of the next page.", examples=["AGkfPmr8X2c1"])]
    prev_cursor: Annotated[
        str | None,
        Meta(description="The `cursor` of the page before; null where a list goes one way.", examples=[None]),
    ] = None
