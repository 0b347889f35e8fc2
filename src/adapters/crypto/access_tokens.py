"""Access tokens: JWTs signed with Ed25519 (RFC 8037), in the profile of RFC 9068."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, cast

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.identity.sessions import ACCESS_LIFETIME, AccessClaims
from domain.shared.errors import InvalidCredentials, NotFound, TokenExpired
from domain.shared.ids import SessionId, UserId, private_id, public_id
from domain.shared.ports import Chance

_SHAPE: Final = re.compile(r"[\w-]{1,512}\.[\w-]{1,2048}\.[\w-]{1,512}", re.ASCII)
_TYPE: Final = "at+jwt"
_ALGORITHM: Final = "EdDSA"
_SKEW_SECONDS: Final = 5
"""How far ahead the clock of another process of ours may be."""

_MALFORMED: Final = (ValueError, TypeError, OverflowError, RecursionError, OSError)
"""What decoding a text that somebody made up can raise."""


class _Payload(msgspec.Struct, forbid_unknown_fields=True):
    iss: str
    aud: str
    sub: str
    sid: str
    jti: str
    iat: int
    exp: int


class Ed25519AccessTokens:
    """`AccessTokens` as JWTs. Only the exact form that `issue` gives is believed.

    Tokens signed with an earlier key are still read, so a key can be changed without signing anybody out.
    """

    def __init__(
        self, seed: bytes, *, issuer: str, audience: str, chance: Chance, earlier_seeds: Sequence[bytes] = ()
    ) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._issuer = issuer
        self._audience = audience
        self._chance = chance
        self._signer = jwt.PyJWS(algorithms=[_ALGORITHM])
        keys = [self._key, *map(Ed25519PrivateKey.from_private_bytes, earlier_seeds)]
        self._known = {key_id(key.public_key()): key.public_key() for key in keys}
        self._header = {"typ": _TYPE, "kid": key_id(self._key.public_key())}

    def issue(self, claims: AccessClaims, /, *, now: datetime) -> str:
        """See `AccessTokens.issue`."""
        payload = _Payload(
            iss=self._issuer,
            aud=self._audience,
            sub=public_id("usr", claims.user_id),
            sid=public_id("ses", claims.session_id),
            jti=urlsafe_b64encode(self._chance.token(15)).decode(),
            iat=int(now.timestamp()),
            exp=int(claims.expires_at.timestamp()),
        )
        return self._signer.encode(msgspec.json.encode(payload), self._key, algorithm=_ALGORITHM, headers=self._header)

    def verify(self, token: str, /, *, now: datetime) -> AccessClaims:
        """See `AccessTokens.verify`."""
        if not _SHAPE.fullmatch(token):
            raise _not_ours()
        try:
            header, body, signature = token.split(".")
            _bytes_of(signature)
            key = self._key_of(_object(header))
            content = self._signer.decode(token, key, algorithms=[_ALGORITHM])
            _object(body)
            payload = msgspec.json.decode(content, type=_Payload)
            claims = AccessClaims(
                user_id=UserId(private_id("usr", payload.sub)),
                session_id=SessionId(private_id("ses", payload.sid)),
                expires_at=datetime.fromtimestamp(payload.exp, UTC),
            )
        except (jwt.PyJWTError, msgspec.MsgspecError, NotFound, *_MALFORMED) as error:
            raise _not_ours() from error
        self._check(payload, now.timestamp())
        return claims

    def _key_of(self, header: dict[str, Any]) -> Ed25519PublicKey:
        # Names beyond these three (jwk, jku, x5u, crit, b64, ...) ask for a treatment that our tokens never need.
        if header.keys() != {"alg", "typ", "kid"} or header["alg"] != _ALGORITHM or header["typ"] != _TYPE:
            raise _not_ours()
        key = self._known.get(header["kid"]) if isinstance(header["kid"], str) else None
        if key is None:
            raise _not_ours()
        return key

    def _check(self, payload: _Payload, now: float) -> None:
        lifetime = payload.exp - payload.iat
        if payload.iss != self._issuer or payload.aud != self._audience or payload.iat > now + _SKEW_SECONDS:
            raise _not_ours()
        if not 0 < lifetime <= ACCESS_LIFETIME.total_seconds() + 1:
            raise _not_ours()
        if now >= payload.exp:
            raise TokenExpired("this token has expired: POST /auth/refresh gives the next one")


def key_id(key: Ed25519PublicKey) -> str:
    """The key's JWK thumbprint (RFC 7638; RFC 8037, appendix A.3)."""
    x = urlsafe_b64encode(key.public_bytes_raw()).rstrip(b"=").decode()
    digest = sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _object(segment: str) -> dict[str, Any]:
    """The JSON object in this part of a token; ValueError or TypeError where there is none, or a name comes twice."""
    found: object = json.loads(_bytes_of(segment), object_pairs_hook=_without_twins)
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return cast("dict[str, Any]", found)


def _bytes_of(segment: str) -> bytes:
    """The bytes of a part; ValueError where it is not written as base64url writes them, spare bits included."""
    raw = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if urlsafe_b64encode(raw).rstrip(b"=").decode() != segment:
        raise ValueError("not canonical base64url")
    return raw


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands there twice")
    return members


def _not_ours() -> InvalidCredentials:
    return InvalidCredentials("this is no access token of ours")
