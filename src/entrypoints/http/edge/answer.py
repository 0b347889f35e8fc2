"""On the way out: headers that every answer carries, 304, and HEAD."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.etags import names
from entrypoints.http.problems import PROBLEM, Problem

Send = Callable[[Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_NOTHING: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE: Final = (b"cache-control", b"no-store")
_REVALIDATE: Final = ((b"cache-control", b"private, no-cache"), (b"vary", b"Authorization, Usher-Workspace"))


def common_headers(*, is_secure: bool) -> Headers:
    """What every answer says, whatever it is."""
    headers: Headers = [(b"x-content-type-options", b"nosniff")]
    if is_secure:
        # RFC 6797, 7.2: only on a secure transport.
        headers.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
    return headers


class Answer:
    """Wraps `send` for one exchange."""

    __slots__ = ("_common", "_exchange", "_is_mute", "_send", "has_started")

    def __init__(self, exchange: Exchange, send: Send, common: Headers) -> None:
        self._exchange = exchange
        self._send = send
        self._common = common
        self._is_mute = exchange.method == "HEAD"
        self.has_started = False

    async def send(self, message: Any) -> None:
        """Pass a message of the application on, completed."""
        if message["type"] == "http.response.start":
            self.has_started = True
            self._complete(message)
        elif self._is_mute and message["type"] == "http.response.body":
            message = {
                "type": "http.response.body",
                "body": b"",
                "more_body": message.get("more_body", False),
            }
        await self._send(message)

    def _complete(self, message: Any) -> None:
        exchange = self._exchange
        headers: Headers = message["headers"]
        etag = exchange.etag
        if etag is not None and message["status"] == 200 and exchange.method in {"GET", "HEAD"}:
            seen = exchange.headers.get(b"if-none-match")
            if seen is not None and names(seen, etag):
                message["status"] = 304
                headers = [pair for pair in headers if not pair[0].startswith(b"content-")]
                self._is_mute = True
        exchange.status = message["status"]
        headers = [*headers, *self._common, (b"x-request-id", exchange.request_id.encode("ascii"))]
        operation = exchange.operation
        if operation is None or operation.answers_json:
            headers.append(_NOTHING)
            if etag is not None and exchange.status < 400:
                headers += _REVALIDATE
            else:
                headers.append(_NO_STORE)
        if exchange.answer_headers:
            headers += exchange.answer_headers
        message["headers"] = headers

    async def problem(self, problem: Problem) -> None:
        """Answer with a problem."""
        exchange = self._exchange
        exchange.code = problem.code
        exchange.etag = None
        exchange.answer_headers.clear()
        headers = [
            (b"content-type", PROBLEM.encode()),
            (b"content-length", str(len(problem.body)).encode()),
            *problem.headers,
        ]
        if not exchange.body and _has_body(exchange):
            # What was not read would be taken for the next request, or be waited for without end.
            headers.append((b"connection", b"close"))
        if exchange.operation is not None and not exchange.operation.answers_json:
            headers += [_NO_STORE, _NOTHING]
        await self.send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": problem.body, "more_body": False})


def _has_body(exchange: Exchange) -> bool:
    return exchange.headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in exchange.headers
