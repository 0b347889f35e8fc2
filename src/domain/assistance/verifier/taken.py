"""Which characters of a text are spoken for already."""

from collections.abc import Iterable
from typing import Protocol, Self


class Stretch(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it has ended."""
        ...


class Taken:
    """One mark for each character, so that asking costs no more when much is taken."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    @classmethod
    def by(cls, found: Iterable[Stretch], length: int) -> Self:
        """What these finds cover of a text of `length` characters."""
        taken = cls(length)
        for one in found:
            taken.add(one.start, one.end)
        return taken

    def add(self, start: int, end: int) -> None:
        """Mark a stretch."""
        self._marks[start:end] = b"\1" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no earlier find covers any part of the stretch."""
        return self._marks.find(1, start, end) < 0
