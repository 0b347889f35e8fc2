"""The thread through a story: which request, by whom, led to what is happening now."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Correlation:
    """`request_id` goes from HTTP through jobs to provider calls; `caller` is `Actor.caller`.

    For records, never for decisions.
    """

    request_id: str | None = None
    caller: str | None = None


correlation: Final[ContextVar[Correlation]] = ContextVar("correlation", default=Correlation())  # noqa: B039 - frozen
"""Set by the doors; read where events, jobs and log lines are written."""
