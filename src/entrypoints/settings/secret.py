"""Values that must not show in logs, traces or messages."""

from typing import Final

MASK: Final = "********"


class Secret:
    """A text that only `reveal` gives away: `repr`, `str`, formatting, pickling and JSON do not."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself. Hand it to what needs it, and keep it in no variable of your own."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


def masked(value: str) -> str:
    """What a message may say about a secret: its length."""
    return f"{MASK} ({len(value)} characters)"
