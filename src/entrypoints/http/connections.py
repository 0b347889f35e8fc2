"""One connection, with the limits that uvicorn does not have: on the time and the size of a request's head.

What cannot be parsed at all is refused here with a problem too, because the application never sees it.
"""

import asyncio
import secrets
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import msgspec
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from domain.shared.ids import public_id
from entrypoints.http.problem_table import PROBLEMS
from entrypoints.http.problems import PROBLEM

_LARGEST_HEAD: Final = 64 * 1024
"""Above the edge's own limit, so that the edge gets to say it; this one only stops floods."""


class GuardedConnection(HttpToolsProtocol):
    """Knows since when it waits for a head, and how much of it came."""

    _pages: str = "/problems"
    _head_since: float | None = None
    _head_size = 0

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self._head_since = self.loop.time()

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()
        self._head_size = 0

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        # What follows a chunked body is no header: a proxy may have let it pass (RFC 9110, 6.5.1).
        if self._head_since is not None:
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._head_since = None
        super().on_headers_complete()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head_since is not None:
            self._head_size += len(data)
            if self._head_size > _LARGEST_HEAD and not self.transport.is_closing():
                self._refuse("headers_too_large", "the head of the request does not end")

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse("malformed_request", "this is not HTTP")

    def is_late(self, now: float, seconds: float) -> bool:
        """Whether it has kept us waiting for a head for longer than that."""
        return self._head_since is not None and now - self._head_since > seconds

    def end(self) -> None:
        """Hang up on a client that is late."""
        if not self.transport.is_closing():
            self._refuse("request_timeout", "the head of the request did not come in time")

    def _refuse(self, code: str, detail: str) -> None:
        kind = PROBLEMS[code]
        body: dict[str, Any] = {
            "type": f"{self._pages}/{code}",
            "title": kind.title,
            "status": kind.status,
            "detail": detail,
            "instance": "/",
            "code": code,
            "request_id": public_id("req", UUID(int=secrets.randbits(127))),
        }
        content = msgspec.json.encode(body)
        head = (
            f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
            f"content-type: {PROBLEM}\r\ncontent-length: {len(content)}\r\n"
            "cache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            f"x-request-id: {body['request_id']}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + content)
        self.transport.close()


def connection_class(pages: str) -> type[GuardedConnection]:
    """The class for uvicorn, which knows where the pages of problems are."""
    return type("Connection", (GuardedConnection,), {"_pages": pages})
