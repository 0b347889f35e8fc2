"""The outermost layer: request id, limits of the head, methods, problems, headers of every answer, one log line."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Litestar

from domain.shared.correlation import Correlation, correlation
from entrypoints import logs
from entrypoints.http.edge import exchange as exchanges
from entrypoints.http.edge.answer import Answer, Send, common_headers
from entrypoints.http.edge.bodies import ClientGone
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.edge.foreign import translate
from entrypoints.http.edge.head import check_head, request_id_of
from entrypoints.http.problems import problem_of
from entrypoints.http.refusals import Overloaded
from entrypoints.http.settings import HttpSettings
from entrypoints.http.uptime import Uptime


class AccessLine(msgspec.Struct, omit_defaults=True):
    """One request in the log. `route` is the template, so that no id and no secret of a URL gets there."""

    at: datetime
    level: str
    event: str
    method: str
    route: str | None
    status: int
    ms: float
    request_id: str
    code: str | None = None
    caller: str | None = None
    workspace: UUID | None = None
    address: str | None = None


class Edge:
    """The ASGI application that a server runs."""

    def __init__(self, app: Litestar, settings: HttpSettings, methods: Mapping[str, str], uptime: Uptime) -> None:
        """Wrap the routes.

        Args:
            app: the routes; every exception must come out of it.
            settings: of the door.
            methods: the `Allow` header of each path template.
            uptime: told by the server when it begins to stop.
        """
        self.uptime = uptime
        self.litestar = app
        self._app: Any = app
        self._settings = settings
        self._methods = methods
        self._common = common_headers(is_secure=settings.is_secure)
        self._running = 0
        self.pages = f"{settings.public_url}/problems"

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        exchange = Exchange(
            request_id=request_id_of(headers),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            headers=headers,
        )
        exchanges.enter(exchange)
        correlation.set(Correlation(exchange.request_id))
        answer = Answer(exchange, send, self._common)
        self._running += 1
        try:
            await self._handle(scope, receive, exchange, answer)
        except ClientGone:
            exchange.code = "client_gone"
        except Exception as error:
            # The last net: whatever happened, the client gets a problem and the log gets the trace.
            problem = problem_of(translate(error, exchange, self._allow), exchange, self.pages)
            if answer.has_started:
                raise
            await answer.problem(problem)
        finally:
            self._running -= 1
            _write_line(exchange, scope, time.perf_counter() - started)

    async def _handle(self, scope: Any, receive: Any, exchange: Exchange, answer: Answer) -> None:
        check_head(exchange, scope["headers"], self._settings)
        if self._running > self._settings.most_running and exchange.path != "/livez":
            raise Overloaded("too many requests are running")
        scope["usher"] = exchange
        if exchange.method == "OPTIONS":
            allowed = self._allow(exchange.path)
            await answer.send(
                {
                    "type": "http.response.start",
                    "status": 204,
                    "headers": [(b"allow", allowed.encode("latin-1"))],
                }
            )
            await answer.send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        if exchange.method == "HEAD":
            # A copy: the server must still know that it was a HEAD.
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, answer.send)

    def _allow(self, path: str) -> str:
        """The `Allow` header of the route behind a path; raises Litestar's NotFound where there is none."""
        template = self.litestar.asgi_router.handle_routing(path=path, method="OPTIONS")[4]
        return self._methods[template]


def _write_line(exchange: Exchange, scope: Any, seconds: float) -> None:
    operation, actor = exchange.operation, exchange.actor
    level = "error" if exchange.status >= 500 else "info"
    logs.write(
        AccessLine(
            at=datetime.now(UTC),
            level=level,
            event="request",
            method=exchange.method,
            route=operation.template if operation else None,
            status=exchange.status,
            code=exchange.code,
            ms=round(seconds * 1000, 2),
            request_id=exchange.request_id,
            caller=exchange.caller,
            workspace=actor.workspace_id if actor else None,
            address=scope["client"][0] if scope.get("client") else None,
        ),
        level,
    )
