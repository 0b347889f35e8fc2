"""The SDK's errors in our words. Branches on `error_code`, then on `type` and status, never on a message.

Source: Anthropic API reference, "Errors", as of version 2026-10-21.
"""

from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING, Final

from domain.assistance.calls import CallOutcome, ModelFailed

if TYPE_CHECKING:
    import anthropic

_BY_STATUS: Final = {
    400: CallOutcome.BAD_REQUEST,
    401: CallOutcome.NOT_AUTHORISED,
    402: CallOutcome.QUOTA_EXHAUSTED,
    403: CallOutcome.NOT_AUTHORISED,
    404: CallOutcome.UNKNOWN_MODEL,
    408: CallOutcome.TIMED_OUT,
    409: CallOutcome.SERVER_FAULT,
    413: CallOutcome.TOO_LONG,
    504: CallOutcome.TIMED_OUT,
    529: CallOutcome.OVERLOADED,
}
_BY_TYPE: Final = {"overloaded_error": CallOutcome.OVERLOADED, "timeout_error": CallOutcome.TIMED_OUT}


def failure_of(error: "anthropic.APIError") -> ModelFailed:
    """What this error of the SDK means for whoever asked."""
    import anthropic

    if isinstance(error, anthropic.APITimeoutError):
        return ModelFailed(CallOutcome.TIMED_OUT)
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error)
    if isinstance(error, anthropic.APIConnectionError):
        return ModelFailed(CallOutcome.UNREACHABLE)
    return ModelFailed(CallOutcome.SERVER_FAULT)


def _of_status(error: "anthropic.APIStatusError") -> ModelFailed:
    headers = error.response.headers
    wait = retry_after(headers)
    if error.error_code is not None and error.error_code.endswith("spend_limit_reached"):
        return ModelFailed(CallOutcome.QUOTA_EXHAUSTED)
    if error.status_code == 429:
        # Without `retry-after` it is the month's limit, and waiting does not help.
        limited = CallOutcome.QUOTA_EXHAUSTED if wait is None else CallOutcome.RATE_LIMITED
        return ModelFailed(limited, retry_after_seconds=wait)
    if error.type in _BY_TYPE:
        return ModelFailed(_BY_TYPE[error.type], retry_after_seconds=wait)
    other = CallOutcome.SERVER_FAULT if error.status_code >= 500 else CallOutcome.BAD_REQUEST
    return ModelFailed(_BY_STATUS.get(error.status_code, other), retry_after_seconds=wait)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `retry-after-ms`, else `retry-after`; None where neither can be read.

    A date is taken against the answer's own `date`, so that no clock of ours counts. Source: RFC 9110, 10.2.3.
    """
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        with suppress(KeyError, ValueError):
            seconds = float(headers[name]) * scale
            if isfinite(seconds):
                return max(0.0, seconds)
    try:
        until, now = parsedate_to_datetime(headers["retry-after"]), parsedate_to_datetime(headers["date"])
        return max(0.0, (until - now).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
