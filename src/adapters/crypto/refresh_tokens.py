"""Refresh tokens: chains of unguessable links, each made of the one before."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from domain.identity.sessions import RefreshToken
from domain.shared.errors import InvalidCredentials
from domain.shared.ids import SessionId
from domain.shared.ports import Chance

_PREFIX: Final = "rt_"
_ID, _SECRET, _TAG = 16, 32, 16


class ChainedRefreshTokens:
    """`RefreshTokens`: `rt_` and base64url of session id (16 bytes), secret (32), tag (16).

    The first secret is random, the next is HMAC-SHA256 of the one before under the server's key: unguessable for
    whoever lacks the key, and the same however often it is asked for. The tag, a MAC of the rest, tells an old
    token of ours from an invented one without a look at the database.
    """

    def __init__(self, secret: bytes, chance: Chance) -> None:
        self._links = hmac.digest(secret, b"usher refresh token link v1", "sha256")
        self._tags = hmac.digest(secret, b"usher refresh token tag v1", "sha256")
        self._chance = chance

    def first(self, session_id: SessionId, /) -> RefreshToken:
        """See `RefreshTokens.first`."""
        return self._seal(session_id, self._chance.token(_SECRET))

    def successor(self, token: RefreshToken, /) -> RefreshToken:
        """See `RefreshTokens.successor`."""
        secret = hmac.digest(self._links, token.session_id.bytes + token.secret, "sha256")
        return self._seal(token.session_id, secret)

    def read(self, text: str, /) -> RefreshToken:
        """See `RefreshTokens.read`."""
        raw = _bytes_of(text)
        body, tag = raw[:-_TAG], raw[-_TAG:]
        if not hmac.compare_digest(tag, self._tag(body)):
            raise _not_ours()
        return RefreshToken(session_id=SessionId(UUID(bytes=body[:_ID])), secret=body[_ID:], text=text)

    def _seal(self, session_id: SessionId, secret: bytes) -> RefreshToken:
        body = session_id.bytes + secret
        return RefreshToken(session_id=session_id, secret=secret, text=_text_of(body + self._tag(body)))

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._tags, body, "sha256")[:_TAG]


def _bytes_of(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text.removeprefix(_PREFIX) + "==")
    except ValueError:
        raw = b""
    # Written again, because the last letter of base64 has spare bits and decoders skip strange letters.
    if len(raw) != _ID + _SECRET + _TAG or _text_of(raw) != text:
        raise _not_ours()
    return raw


def _text_of(raw: bytes) -> str:
    return _PREFIX + urlsafe_b64encode(raw).rstrip(b"=").decode()


def _not_ours() -> InvalidCredentials:
    return InvalidCredentials("this is no refresh token of ours")
