"""Problems: the one place that speaks RFC 9457. Codes are the contract; each has a page of its own."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog

from application.shared.once import StillRunning
from domain.shared.errors import FieldProblem, Invalid, ProviderUnavailable, Refusal, Unauthorized
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.refusals import MethodNotAllowed

PROBLEM: Final = "application/problem+json"

PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed_request": (400, "The request cannot be read"),
    "validation_failed": (400, "The request is not valid"),
    "cursor_invalid": (400, "The cursor is not valid"),
    "idempotency_key_required": (400, "An Idempotency-Key is required"),
    "authentication_required": (401, "Authentication is required"),
    "invalid_credentials": (401, "The credentials are not valid"),
    "token_expired": (401, "The token has expired"),
    "token_revoked": (401, "The token was revoked"),
    "permission_denied": (403, "This is not allowed"),
    "account_suspended": (403, "The account is suspended"),
    "not_found": (404, "Nothing is here"),
    "method_not_allowed": (405, "The method is not allowed here"),
    "not_acceptable": (406, "No acceptable form of the answer"),
    "request_timeout": (408, "The request came too slowly"),
    "conflict": (409, "It conflicts with what is there"),
    "already_exists": (409, "It exists already"),
    "invalid_state": (409, "Not possible in the present state"),
    "idempotency_in_progress": (409, "The first request is still running"),
    "gone": (410, "It is gone"),
    "precondition_failed": (412, "It was changed meanwhile"),
    "payload_too_large": (413, "The body is too large"),
    "uri_too_long": (414, "The URI is too long"),
    "unsupported_media_type": (415, "The media type is not supported"),
    "idempotency_key_reused": (422, "The Idempotency-Key was used for another request"),
    "precondition_required": (428, "If-Match is required"),
    "headers_too_large": (431, "The headers are too large"),
    "internal_error": (500, "Something went wrong here"),
    "service_unavailable": (503, "The service is not available at the moment"),
    "provider_unavailable": (503, "A provider is not available at the moment"),
}
"""Code -> (status, title). A refusal with a code that is not here is a bug, and answers 500."""

_log: Final = structlog.stdlib.get_logger("usher.http")
_TRY_AGAIN_SECONDS: Final = 2
_OURS: Final = frozenset({"database", "redis"})


class Problem(msgspec.Struct, frozen=True):
    """A finished problem: what `send` needs."""

    status: int
    code: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


def problem_of(error: BaseException, exchange: Exchange, pages: str) -> Problem:
    """The problem that an exception is, whatever it is.

    Args:
        pages: where the page of each code is: the public URL and `/problems`.
    """
    if isinstance(error, Refusal) and error.code in PROBLEMS:
        return _from_refusal(error, exchange, pages)
    if isinstance(error, ProviderUnavailable):
        return _from_unavailable(error, exchange, pages)
    _log.error("request_failed", operation=_operation(exchange), exc_info=error)
    return _problem("internal_error", "the error is recorded under the request id", exchange, pages)


def _from_refusal(refusal: Refusal, exchange: Exchange, pages: str) -> Problem:
    facts: dict[str, object] = dict(refusal.facts)
    headers: list[tuple[bytes, bytes]] = []
    if isinstance(refusal, Invalid):
        facts["errors"] = [_field(each) for each in refusal.problems]
    elif isinstance(refusal, Unauthorized):
        headers.append((b"www-authenticate", _challenge(refusal, exchange)))
    elif isinstance(refusal, MethodNotAllowed):
        headers.append((b"allow", refusal.allow.encode("latin-1")))
    elif isinstance(refusal, StillRunning):
        headers.append((b"retry-after", b"1"))
    return _problem(refusal.code, str(refusal), exchange, pages, facts, headers)


def _from_unavailable(error: ProviderUnavailable, exchange: Exchange, pages: str) -> Problem:
    _log.warning("provider_unavailable", provider=error.provider, operation=_operation(exchange), exc_info=error)
    seconds = max(1, round(error.retry_after_seconds or _TRY_AGAIN_SECONDS))
    headers = [(b"retry-after", str(seconds).encode())]
    if error.provider in _OURS:
        return _problem("service_unavailable", "try again in a moment", exchange, pages, {}, headers)
    facts: dict[str, object] = {"provider": error.provider}
    return _problem("provider_unavailable", "try again in a moment", exchange, pages, facts, headers)


def _problem(
    code: str,
    detail: str,
    exchange: Exchange,
    pages: str,
    facts: Mapping[str, object] = {},
    headers: list[tuple[bytes, bytes]] = [],  # noqa: B006 -- only read
) -> Problem:
    status, title = PROBLEMS[code]
    body: dict[str, Any] = {
        "type": f"{pages}/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": exchange.path,
        "code": code,
        "request_id": exchange.request_id,
        **facts,
    }
    return Problem(status, code, msgspec.json.encode(body, enc_hook=str), tuple(headers))


def _field(each: FieldProblem) -> dict[str, object]:
    where = {"pointer": each.pointer} if each.pointer is not None else {"parameter": each.parameter}
    meta = {"meta": each.meta} if each.meta else {}
    return {**where, "code": each.code, "message": each.message, **meta}


def _challenge(refusal: Unauthorized, exchange: Exchange) -> bytes:
    # RFC 6750, section 3.1: no error code where no token was sent.
    if b"authorization" not in exchange.headers:
        return b'Bearer realm="usher"'
    return f'Bearer realm="usher", error="invalid_token", error_description="{refusal.code}"'.encode("latin-1")


def _operation(exchange: Exchange) -> str | None:
    return exchange.operation.id if exchange.operation else None


def level_of(status: int) -> int:
    """How loud the access line is: refusals are everyday, a failure of ours is not."""
    return logging.ERROR if status >= 500 else logging.INFO
