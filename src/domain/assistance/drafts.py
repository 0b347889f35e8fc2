"""Drafts as data: what a drafter answers, before and after it is verified."""

from dataclasses import dataclass
from enum import StrEnum

from domain.shared.ids import SourceId


class Decision(StrEnum):
    """What a drafter decided to do. The set may grow."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    HAND_OFF = "hand_off"
    NO_DRAFT = "no_draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A fact that the reply states: `text` is the span as written, taken from one field of one source row.

    `field` is a key of the fact's `fields`, or `text` for prose, or `title`.
    """

    text: str
    source_id: SourceId
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The one missing thing that the reply asks for: `slot` is its machine name, `text` the question asked."""

    slot: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a drafter proposes.

    `text` is empty unless the decision is `answer` or `clarify` (or a courteous hand-off line). `reason` is for
    staff, never for the customer. `missing` names what no source could tell.
    """

    decision: Decision
    text: str
    reason: str
    claims: tuple[Claim, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...] = ()
