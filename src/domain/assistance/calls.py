"""Provider calls: one record for each, written before it is made and closed after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.assistance.costs import Cost, Usage
from domain.assistance.results import Judgement, Label
from domain.shared.events import Event
from domain.shared.ids import SuggestionId, WorkspaceId


class CallOutcome(StrEnum):
    """How a call to a model ended. The set may grow."""

    OPEN = "open"
    """Begun; if it stays so, the process died, and the call may have been billed."""
    ANSWERED = "answered"
    DECLINED = "declined"
    """The model refused, which providers report as a success."""
    CUT_OFF = "cut_off"
    """The answer hit its length limit."""
    MALFORMED = "malformed"
    """An answer that is not of the agreed shape."""
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    SERVER_FAULT = "server_fault"
    QUOTA_EXHAUSTED = "quota_exhausted"
    NOT_AUTHORISED = "not_authorised"
    BAD_REQUEST = "bad_request"
    TOO_LONG = "too_long"
    UNKNOWN_MODEL = "unknown_model"
    UNPRICED = "unpriced"
    """Not called: no price is known for the model today."""


WORTH_ANOTHER_TRY: Final = frozenset(
    {
        CallOutcome.RATE_LIMITED,
        CallOutcome.OVERLOADED,
        CallOutcome.TIMED_OUT,
        CallOutcome.UNREACHABLE,
        CallOutcome.SERVER_FAULT,
    }
)
"""Failures that may pass by themselves; all others go to the next drafter at once."""

REPAIRABLE: Final = frozenset({CallOutcome.CUT_OFF, CallOutcome.MALFORMED})
"""Answers that the same model may do better when told what was wrong."""


class ModelFailed(Exception):
    """The model gave no answer. `retry_after_seconds` is what the provider asked for, if it did."""

    def __init__(self, outcome: CallOutcome, /, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"the model gave no answer: {outcome}")
        self.outcome = outcome
        self.retry_after_seconds = retry_after_seconds


@dataclass(slots=True, kw_only=True, eq=False)
class ModelCall:
    """One call. `step` names it within its job; `answer` is the model's, with personal data still replaced.

    `is_charged` says whether the workspace pays: false until its suggestion has been shown.
    """

    id: UUID
    workspace_id: WorkspaceId
    version: int = 0
    suggestion_id: SuggestionId
    step: str
    attempt: int
    label: Label
    inputs_hash: str
    opened_at: datetime
    outcome: CallOutcome = CallOutcome.OPEN
    closed_at: datetime | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    provider_request: str | None = None
    answer: Mapping[str, object] | None = None
    judgement: Judgement | None = None
    is_charged: bool = False
    events: list[Event] = field(default_factory=list[Event], repr=False)
