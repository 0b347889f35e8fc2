"""Events: what happened, in the past tense. Saving an aggregate appends its events to the change feed."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(ABC):
    """Base of all events. `name` is `resource.past_tense`; `subject` is the public id of what it is about.

    Fields of subclasses are primitives, UUIDs, datetimes or tuples of these, so that the feed can store them as JSON.
    """

    name: ClassVar[str]

    @property
    @abstractmethod
    def subject(self) -> tuple[str, UUID]:
        """(id prefix, id) of the thing that changed."""
