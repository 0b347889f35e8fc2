"""What happens next: event -> the kinds of jobs that it causes. Saving an aggregate writes them with its events."""

from collections.abc import Mapping, Sequence
from typing import Final

from application.assistance.discard_stale import DISCARD_STALE
from domain.conversations.events import DraftDiscarded
from domain.shared.events import Event

ROUTES: Final[Mapping[type[Event], Sequence[str]]] = {
    DraftDiscarded: (DISCARD_STALE,),
}
"""Each kind is declared by its context's module beside this one; the job's payload is the event's fields."""
