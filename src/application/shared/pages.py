"""Pages of lists."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
Key = tuple[object, ...]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A slice of a list in its order. `after` is the sort key of the last item where more follow, else None.

    Keys are tuples of JSON values that end in the id; doors turn them into signed cursors.
    """

    items: list[T]
    after: Key | None = None
