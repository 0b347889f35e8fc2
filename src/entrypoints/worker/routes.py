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

FEED_ONLY: Final[Mapping[str, str]] = {
    "user": "an account works at once; no mail goes out yet",
    "session": "whoever signs in or out is answered by the request itself",
    "workspace": "a workspace is complete when it is founded",
    "member": "rights are read with each request, so nothing has to follow",
    "api_key": "as member",
    "conversation": "screens poll the feed; replies are suggested when somebody asks",
    "message": "as conversation; the draft that it makes stale says `draft.discarded` itself",
    "draft": "keeping and rejecting are a person's or a job's last step",
    "suggestion": "its job has ended when it says so, or a person has decided",
    "source": "the index is written with the row",
}
"""Thing (the first half of an event's name) -> why its other events cause no job. They are in the feed for readers."""
