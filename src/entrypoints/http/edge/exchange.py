"""One request and its answer, as the edge sees them; found anywhere below through `current()`."""

from contextvars import ContextVar
from typing import Any

from domain.shared.access import Actor
from entrypoints.http.edge.operations import Operation


class Exchange:
    """Mutable notes about one request: who asks, what was read, what the answer must carry."""

    __slots__ = (
        "actor", "answer_headers", "body", "caller", "code", "data", "etag", "headers", "key", "method", "operation",
        "path", "query", "request_id", "status",
    )  # fmt: skip

    def __init__(self, *, request_id: str, method: str, path: str, query: bytes, headers: dict[bytes, bytes]) -> None:
        self.request_id = request_id
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.operation: Operation | None = None
        self.actor: Actor | None = None
        self.caller: str | None = None
        self.key: bytes | None = None
        self.body = b""
        self.data: Any = None
        self.answer_headers: list[tuple[bytes, bytes]] = []
        self.etag: bytes | None = None
        self.status = 0
        self.code: str | None = None

    def header(self, name: bytes) -> str | None:
        """A request header by its lower-case name, or None."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def say(self, name: str, value: str) -> None:
        """Add a header to the answer, whatever the answer becomes."""
        self.answer_headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))


_EXCHANGE: ContextVar[Exchange] = ContextVar("usher_exchange")

enter = _EXCHANGE.set


def current() -> Exchange:
    """The exchange of the running request.

    Raises:
        LookupError: outside a request.
    """
    return _EXCHANGE.get()


def request_id() -> str | None:
    """The id of the running request, or None outside one."""
    exchange = _EXCHANGE.get(None)
    return exchange.request_id if exchange is not None else None
