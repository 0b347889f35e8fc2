"""Cursors: the sort key of the last item, signed and bound to who asked for what.

`base64url(issued at, 4 bytes · MAC, 16 bytes · key as JSON)`. The MAC also covers the caller, the route, its path
and every query name but `cursor` and `limit`, so that a cursor is worth nothing elsewhere.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec

from application.shared.pages import Key, Page
from domain.shared.ports import Clock
from entrypoints.http.edge.exchange import Exchange, current
from entrypoints.http.fields import PageInfo
from entrypoints.http.refusals import CursorInvalid

T = TypeVar("T")

_decode_key: Final = msgspec.json.Decoder(list[object]).decode
_HEAD: Final = 20


@dataclass(frozen=True, slots=True)
class Paging:
    """Opens and makes the cursors of a list. Ask for it as `paging: NamedDependency[Paging]`."""

    secret: bytes
    clock: Clock
    hours: int = 24

    def after(self, cursor: str | None) -> Key | None:
        """The sort key behind which this page starts; None at the start.

        Raises:
            CursorInvalid: not ours, too old, or of another caller, filter or order.
        """
        if cursor is None:
            return None
        try:
            raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError as error:
            raise CursorInvalid("this is not a cursor of this list") from error
        issued, mac, key = raw[:4], raw[4:_HEAD], raw[_HEAD:]
        if not hmac.compare_digest(mac, self._mac(current(), issued + key)):
            raise CursorInvalid("this is not a cursor of this list")
        age = self.clock.now().timestamp() - int.from_bytes(issued, "big")
        if age > self.hours * 3600:
            raise CursorInvalid(f"cursors are good for {self.hours} hours; start again without one")
        return tuple(_decode_key(key))

    def info(self, page: Page[T], limit: int) -> PageInfo:
        """The `page` member of the answer; also says `Link: <...>; rel="next"`."""
        if page.after is None:
            return PageInfo(limit=limit, has_more=False, next_cursor=None)
        exchange = current()
        cursor = self._seal(exchange, page.after)
        query = [pair for pair in _query(exchange) if pair[0] != "cursor"]
        target = f"{exchange.path}?{urlencode([*query, ('cursor', cursor)])}"
        exchange.say("Link", f'<{target}>; rel="next"')
        return PageInfo(limit=limit, has_more=True, next_cursor=cursor)

    def _seal(self, exchange: Exchange, after: Key) -> str:
        issued = int(self.clock.now().timestamp()).to_bytes(4, "big")
        key = msgspec.json.encode(after)
        mac = self._mac(exchange, issued + key)
        return urlsafe_b64encode(issued + mac + key).rstrip(b"=").decode("ascii")

    def _mac(self, exchange: Exchange, content: bytes) -> bytes:
        actor = exchange.actor
        bound = sorted(pair for pair in _query(exchange) if pair[0] not in {"cursor", "limit"})
        context = msgspec.json.encode(
            [actor.caller if actor else None, actor.tenant if actor else None, exchange.path, bound]
        )
        return hmac.digest(self.secret, b"cursor\0" + context + b"\0" + content, "sha256")[:16]


def _query(exchange: Exchange) -> list[tuple[str, str]]:
    return parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True) if exchange.query else []
