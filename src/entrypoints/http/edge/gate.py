"""Between the router and the handler: policy, caller, query names and body, in this order."""

from typing import Any, Final, cast
from urllib.parse import parse_qsl

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.shared.correlation import Correlation, correlation
from domain.shared.errors import FieldProblem, Invalid
from entrypoints.http import faults
from entrypoints.http.authentication import Authenticator, identify
from entrypoints.http.edge import bodies
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.edge.operations import OPERATION, Operation
from entrypoints.http.once import key_of
from entrypoints.http.refusals import (
    KeyRequired,
    MalformedRequest,
    NotAcceptable,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from entrypoints.http.settings import HttpSettings

_JSON: Final = b"application/json"
_MERGE: Final = b"application/merge-patch+json"
_LONGEST_TAGS: Final = 200
_BODILESS: Final = frozenset({"GET", "HEAD", "DELETE"})


class Gate:
    """The one middleware of every route."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator, settings: HttpSettings) -> None:
        self._app = app
        self._authenticator = authenticator
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through to its handler, or refuse it."""
        exchange = cast("Exchange", cast("Any", scope)["usher"])
        operation: Operation = scope["route_handler"].opt[OPERATION]
        exchange.operation = operation
        if operation.retry != "none" and b"authorization" in exchange.headers:
            exchange.key = key_of(exchange)
            if exchange.key is None and operation.retry == "required":
                raise KeyRequired("send an Idempotency-Key, so that a retry cannot act twice")
        if not operation.is_public:
            actor = exchange.actor = await identify(self._authenticator, exchange, operation.policy)
            exchange.caller = actor.caller
            correlation.set(Correlation(exchange.request_id, exchange.caller))
        if operation.answers_json:
            _check_accept(exchange)
        if b"if-none-match" in exchange.headers:
            _check_tags(exchange)
        if exchange.query:
            _check_query(exchange, operation)
        if operation.decoder is not None:
            await self._take_body(exchange, operation, operation.decoder, receive)
        elif operation.method not in _BODILESS and not operation.is_raw:
            await self._refuse_body(exchange, operation, receive)
        await self._app(scope, receive, send)

    async def _take_body(
        self, exchange: Exchange, operation: Operation, decoder: msgspec.json.Decoder[Any], receive: Receive
    ) -> None:
        body = exchange.body = await self._read(exchange, operation, receive)
        if not body:
            if operation.is_body_optional:
                return
            missing = FieldProblem(pointer="", code="required", message="this route needs a JSON body")
            raise Invalid([missing, *faults.of_parameters(exchange, operation)])
        try:
            exchange.data = bodies.decode(body, decoder)
        except msgspec.ValidationError as error:
            found = faults.of_body(body, operation.body_type) or [faults.from_message("", str(error))]
            raise Invalid([*found, *faults.of_parameters(exchange, operation)]) from error

    async def _refuse_body(self, exchange: Exchange, operation: Operation, receive: Receive) -> None:
        body = exchange.body = await self._read(exchange, operation, receive)
        if body:
            bodies.check_depth(body)
            bodies.check_text(body)
            if body.strip() != b"{}":
                nothing = FieldProblem(pointer="", code="unknown_field", message="this route takes no body")
                raise Invalid([nothing])

    async def _read(self, exchange: Exchange, operation: Operation, receive: Receive) -> bytes:
        headers, settings = exchange.headers, self._settings
        length = headers.get(b"content-length")
        if length in {None, b"0"} and b"transfer-encoding" not in headers:
            return b""
        _check_type(exchange, operation)
        limit = settings.largest_public_body if operation.is_public else settings.largest_body
        if length is not None and (not length.isdigit() or int(length) > limit):
            raise PayloadTooLarge(f"the body may have {limit} bytes", max_bytes=limit)
        return await bodies.read(receive, at_most=limit, seconds=settings.body_timeout_seconds)


def _check_type(exchange: Exchange, operation: Operation) -> None:
    if exchange.headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("send the body without Content-Encoding", accepted=["identity"])
    kind, _, options = exchange.headers.get(b"content-type", b"").partition(b";")
    kind = kind.strip().lower()
    is_known = kind == _JSON or (kind == _MERGE and operation.method == "PATCH")
    if not is_known or options.replace(b" ", b"").lower() not in {b"", b"charset=utf-8", b'charset="utf-8"'}:
        accepted = ["application/json"]
        if operation.method == "PATCH":
            accepted.append("application/merge-patch+json")
        raise UnsupportedMediaType(
            "the body must be JSON in UTF-8, and its Content-Type must say so", accepted=accepted
        )


def _check_accept(exchange: Exchange) -> None:
    accept = exchange.headers.get(b"accept")
    if accept is None or b"*/*" in accept or b"application/json" in accept or b"application/*" in accept:
        return
    if accept.strip():
        raise NotAcceptable("answers are application/json, problems application/problem+json")


def _check_tags(exchange: Exchange) -> None:
    if len(exchange.headers[b"if-none-match"]) > _LONGEST_TAGS:
        too_long = f"must have at most {_LONGEST_TAGS} characters"
        raise Invalid([FieldProblem(parameter="If-None-Match", code="too_long", message=too_long)])


def _check_query(exchange: Exchange, operation: Operation) -> None:
    try:
        pairs = parse_qsl(exchange.query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise MalformedRequest("the query must be percent-encoded UTF-8") from error
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise MalformedRequest("the query may not hold U+0000")
    seen = {name for name, _ in pairs}
    is_odd = any(value.lower() == "null" for _, value in pairs)
    if is_odd or not seen <= operation.query_names or len(seen) != len(pairs):
        found = faults.of_query_names(pairs, operation)
        if found:
            named = {each.parameter for each in found}
            others = [each for each in faults.of_parameters(exchange, operation) if each.parameter not in named]
            raise Invalid([*found, *others])
    if seen & operation.close_names and (bad := faults.of_parameters(exchange, operation)):
        raise Invalid(bad)
