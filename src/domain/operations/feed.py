"""The change feed's refusals."""

from domain.shared.errors import Gone


class EventUnknown(Gone):
    """No event with this id is kept: it is too old, or it never was in this workspace."""
