"""The head of a request: its id, and limits that hold before anything is routed."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from domain.shared.errors import NotFound
from domain.shared.ids import public_id
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.refusals import HeadersTooLarge, MalformedRequest, UriTooLong
from entrypoints.http.settings import HttpSettings

_TOKEN: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_SINGLE: Final = frozenset(
    {
        b"authorization", b"content-length", b"content-type", b"content-encoding", b"host", b"idempotency-key",
        b"if-match", b"usher-workspace", b"x-request-id",
    }
)  # fmt: skip
"""Headers that mean nothing, or an attack, when they come twice."""


def request_id_of(headers: Mapping[bytes, bytes]) -> str:
    """The id that the client gave with `X-Request-Id`, if it is a short safe token, else a new `req_…`."""
    given = headers.get(b"x-request-id")
    if given is not None and _TOKEN.fullmatch(given):
        return given.decode("ascii")
    # The shape of a UUIDv7 (RFC 9562, 5.7): milliseconds, version, variant, chance.
    number = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    return public_id("req", UUID(int=number | secrets.randbits(62)))


def check_head(exchange: Exchange, pairs: Sequence[tuple[bytes, bytes]], settings: HttpSettings) -> None:
    """Refuse what is too long, doubled or no path of ours.

    Raises:
        UriTooLong: path and query together.
        HeadersTooLarge: all headers together.
        MalformedRequest: a header that may stand once came twice.
        NotFound: the path has an empty segment, or ends in a slash: none of ours does.
    """
    path = exchange.path
    if len(path) + len(exchange.query) > settings.longest_uri:
        raise UriTooLong(f"a URI may have {settings.longest_uri} bytes", max_bytes=settings.longest_uri)
    size = 0
    for name, value in pairs:
        size += len(name) + len(value)
    if size > settings.largest_headers:
        raise HeadersTooLarge(f"headers may have {settings.largest_headers} bytes", max_bytes=settings.largest_headers)
    if len(exchange.headers) != len(pairs):
        _check_doubles(pairs)
    if (path[-1:] == "/" and path != "/") or "//" in path or "\0" in path:
        raise NotFound("nothing is here")


def _check_doubles(pairs: Sequence[tuple[bytes, bytes]]) -> None:
    seen: set[bytes] = set()
    for name, _ in pairs:
        if name in seen and name in _SINGLE:
            raise MalformedRequest(f"the header {name.decode('latin-1')} may be sent once")
        seen.add(name)
