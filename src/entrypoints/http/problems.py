"""Problems: the one place that speaks RFC 9457."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec
import structlog

from application.shared.once import StillRunning
from domain.shared.errors import FieldProblem, Invalid, ProviderUnavailable, Refusal, Unauthorized
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.problem_table import PROBLEMS
from entrypoints.http.refusals import MethodNotAllowed, Overloaded

PROBLEM: Final = "application/problem+json"

Headers = list[tuple[bytes, bytes]]

_log: Final[Any] = structlog.get_logger("usher.http")
_TRY_AGAIN_SECONDS: Final = 2
_OURS: Final = frozenset({"database", "password_hashing", "redis"})
"""Parts of the service itself: their absence is not told apart outside."""


class Problem(msgspec.Struct, frozen=True):
    """A finished problem: what is sent."""

    status: int
    code: str
    body: bytes
    headers: Headers


def problem_of(error: BaseException, exchange: Exchange, pages: str) -> Problem:
    """The problem that an exception is, whatever it is; what is our fault is logged with its trace.

    Args:
        error: anything.
        exchange: the request that failed.
        pages: the address below which each code has its page.
    """
    if isinstance(error, Refusal) and error.code in PROBLEMS:
        return _from_refusal(error, exchange, pages)
    if isinstance(error, ProviderUnavailable):
        return _from_unavailable(error, exchange, pages)
    _log.error("request_failed", operation=_operation(exchange), exc_info=error)
    return _problem("internal_error", "the fault is recorded under the request id", exchange, pages, {}, [])


def _from_refusal(refusal: Refusal, exchange: Exchange, pages: str) -> Problem:
    facts = dict(refusal.facts)
    headers: Headers = []
    if isinstance(refusal, Invalid):
        facts["errors"] = [_field(each) for each in refusal.problems]
    elif isinstance(refusal, Unauthorized):
        headers.append((b"www-authenticate", _challenge(refusal, exchange)))
    elif isinstance(refusal, MethodNotAllowed):
        headers.append((b"allow", refusal.allow.encode("latin-1")))
    elif isinstance(refusal, StillRunning | Overloaded):
        headers.append((b"retry-after", b"1"))
    return _problem(refusal.code, str(refusal), exchange, pages, facts, headers)


def _from_unavailable(error: ProviderUnavailable, exchange: Exchange, pages: str) -> Problem:
    _log.warning("provider_unavailable", provider=error.provider, operation=_operation(exchange), exc_info=error)
    seconds = max(1, round(error.retry_after_seconds or _TRY_AGAIN_SECONDS))
    is_ours = error.provider in _OURS
    return _problem(
        "service_unavailable" if is_ours else "provider_unavailable",
        "try again in a moment",
        exchange,
        pages,
        {} if is_ours else {"provider": error.provider},
        [(b"retry-after", str(seconds).encode())],
    )


def _problem(
    code: str, detail: str, exchange: Exchange, pages: str, facts: Mapping[str, object], headers: Headers
) -> Problem:
    kind = PROBLEMS[code]
    body: dict[str, object] = {
        "type": f"{pages}/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": quote(exchange.path, safe="/:@!$&'()*+,;=~"),
        "code": code,
        "request_id": exchange.request_id,
        **facts,
    }
    return Problem(kind.status, code, msgspec.json.encode(body, enc_hook=str), headers)


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
