"""What a setting's text must be, beyond its type. Each check says what is wrong, or None."""

import base64
import binascii
import ipaddress
from typing import Final
from urllib.parse import urlsplit

from application.shared.fail_points import fail_point_of

SEED_BYTES: Final = 32
"""Length of an Ed25519 private key's seed. Source: RFC 8032, section 5.1.5."""


def postgres_url(value: str) -> str | None:
    """A URL of PostgreSQL; a Unix socket's folder goes into `?host=`."""
    return _url(value, ("postgresql", "postgres"), needs_host="host=" not in value)


def redis_url(value: str) -> str | None:
    """A URL of Redis or Valkey, over TCP, TLS or a Unix socket."""
    return _url(value, ("redis", "rediss", "unix"), needs_host=not value.startswith("unix:"))


def web_url(value: str) -> str | None:
    """An http(s) address without a path's last slash, query or user."""
    if value.endswith("/") or "?" in value or "#" in value or "@" in value:
        return "it has a trailing slash, a query or a user"
    return _url(value, ("http", "https"), needs_host=True)


def _url(value: str, schemes: tuple[str, ...], *, needs_host: bool) -> str | None:
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in schemes:
        return f"it does not start with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if (needs_host and not parts.hostname) or not port_is_fine:
        return "it names no host"
    return None


def long_enough(value: str) -> str | None:
    """At least 32 bytes, and not one character repeated."""
    if len(value.encode()) < SEED_BYTES:
        return "it is too short"
    return "it is not random" if len(set(value)) < 8 else None


def token_seed(value: str) -> bytes:
    """The 32 bytes behind an Ed25519 private key, given as PEM or as base64 of the bytes themselves.

    Raises:
        ValueError: it is neither.
    """
    if value.lstrip().startswith("-----BEGIN"):
        return _seed_of_pem(value.replace("\\n", "\n"))
    try:
        seed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is neither PEM nor base64") from error
    if len(seed) != SEED_BYTES:
        raise ValueError(f"it holds {len(seed)} bytes")
    return seed


def _seed_of_pem(pem: str) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - 40 ms that most commands do not need
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - as above

    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("it is not a plain Ed25519 key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("it is not an Ed25519 key")  # noqa: TRY004 - its text is wrong, no type
    return key.private_bytes_raw()


def token_key(value: str) -> str | None:
    """An Ed25519 private key, as `token_seed` reads it."""
    try:
        token_seed(value)
    except ValueError as error:
        return str(error) if len(str(error)) < 60 else "it is not readable PEM"
    return None


def network(value: str) -> str | None:
    """An address or a network: 10.0.0.0/8."""
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return f"{value} is neither an address nor a network"
    return None


def fail_point(value: str) -> str | None:
    """A place in the life of a job, and perhaps which passing of it: `after_claim:2`."""
    try:
        fail_point_of(value, is_test=True)
    except ValueError as error:
        return str(error)
    return None
