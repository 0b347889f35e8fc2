"""What the routes of drafts take."""

from typing import Annotated

import msgspec
from msgspec import Meta

from domain.assistance.results import RejectReason
from entrypoints.http.assistance.suggestions import Note, Score, Shareable


class AcceptedText(msgspec.Struct, forbid_unknown_fields=True):
    """What to send in place of the draft."""

    text: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=10_000,
                description="The draft as you changed it; leave it out, or null, to send the draft as it is.",
                examples=["It costs 9,900 EUR, and it is here."],
            ),
        ]
        | None
    ) = None


class NewRejection(msgspec.Struct, forbid_unknown_fields=True):
    """Why you do not want the draft."""

    reason: Annotated[RejectReason, Meta(description="Sort of reason.", examples=["tone"])]
    note: Note = ""


class NewFeedback(msgspec.Struct, forbid_unknown_fields=True):
    """Your opinion on the draft. A later one replaces it."""

    rating: Score
    comment: Note = ""
    is_shareable: Shareable = False
