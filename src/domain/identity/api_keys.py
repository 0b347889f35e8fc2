"""API keys: how machines prove who they are. `ck_live_<public>_<secret>`, the secret ending in a checksum.

The public half is the key's id in base32. The checksum lets a scanner tell a leaked key from noise, and lets
the door refuse a mistyped one without a query. Source of the idea: GitHub's token formats (2021).
"""

import hashlib
import re
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from domain.shared.errors import NotFound
from domain.shared.events import Event
from domain.shared.ids import ApiKeyId, UserId, WorkspaceId, private_id, public_id

KEY_PREFIX: Final = "ck_live_"

SECRET_BYTES: Final = 32

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE: Final = re.compile(r"(ck_live_([0-7][0-9a-hjkmnp-tv-z]{25})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})", re.ASCII)


class ApiKeyNotFound(NotFound): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyEvent(Event):
    api_key_id: UUID

    @property
    def subject(self) -> tuple[str, UUID]:
        return "key", self.api_key_id


class ApiKeyCreated(ApiKeyEvent):
    name: ClassVar[str] = "api_key.created"


class ApiKeyRevoked(ApiKeyEvent):
    name: ClassVar[str] = "api_key.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyText:
    """A key in the clear: shown once, kept nowhere."""

    id: ApiKeyId
    text: str = field(repr=False)

    @classmethod
    def make(cls, id: ApiKeyId, secret: bytes) -> "KeyText":
        """The text of a key whose secret is `SECRET_BYTES` unguessable bytes."""
        body = f"{KEY_PREFIX}{public_id('key', id)[4:]}_{_base62(int.from_bytes(secret, 'big'), 43)}"
        return cls(id=id, text=body + _checksum(body))

    @classmethod
    def read(cls, text: str) -> "KeyText | None":
        """The key in this text, or None if it has another shape or its checksum is wrong."""
        match = _SHAPE.fullmatch(text)
        if match is None or _checksum(match[1]) != match[3]:
            return None
        return cls(id=ApiKeyId(private_id("key", f"key_{match[2]}")), text=text)

    @property
    def digest(self) -> bytes:
        """What is stored of it: SHA-256; 256 unguessable bits need no salt and no work factor."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def hint(self) -> str:
        """Enough of it to recognise a key in a list, and nothing to use it with."""
        return f"{self.text[:14]}…{self.text[-4:]}"


@dataclass(slots=True, kw_only=True, eq=False)
class ApiKey:
    """A machine's access to one workspace: never more than its creator may do there at the time of the call."""

    id: ApiKeyId
    workspace_id: WorkspaceId
    creator_id: UserId
    name: str
    hint: str
    digest: bytes = field(repr=False)
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    version: int = 0
    events: list[ApiKeyEvent] = field(default_factory=list[ApiKeyEvent], repr=False)

    @classmethod
    def create(
        cls,
        text: KeyText,
        *,
        workspace_id: WorkspaceId,
        creator_id: UserId,
        name: str,
        scopes: frozenset[str],
        now: datetime,
        expires_at: datetime | None = None,
    ) -> "ApiKey":
        """The record of a new key; the text itself is not kept."""
        key = cls(
            id=text.id,
            workspace_id=workspace_id,
            creator_id=creator_id,
            name=name,
            hint=text.hint,
            digest=text.digest,
            scopes=scopes,
            created_at=now,
            expires_at=expires_at,
        )
        key.events.append(ApiKeyCreated(api_key_id=text.id))
        return key

    def revoke(self, now: datetime) -> None:
        """Refuse it from now on; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = now
            self.events.append(ApiKeyRevoked(api_key_id=self.id))


def _base62(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), 6)
