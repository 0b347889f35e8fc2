"""Reading a body with limits, and JSON before anything decodes it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import msgspec

from entrypoints.http.refusals import MalformedRequest, PayloadTooLarge, RequestTimeout

Receive = Callable[[], Awaitable[Any]]

_DEEPEST: Final = 64
_MOST_CONTAINERS: Final = 20_000
"""A megabyte of `[]` costs a second of collecting garbage; what people send has a hundredth of it."""
_LARGEST_SECOND_LOOK: Final = 64 * 1024
"""What is refused already is looked at closely only if that is soon done."""
_LARGEST_EXACT: Final = 2**53
_STRINGS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_DEEP_RUN: Final = re.compile(rb"[\[{]{65}")
_NO_BRACKETS: Final = re.compile(rb"[^\[\]{}]+")


class ClientGone(Exception):
    """The client hung up while it was sending; there is nobody to answer."""


async def read(receive: Receive, *, at_most: int, seconds: float) -> bytes:
    """The whole body.

    Raises:
        PayloadTooLarge: more than `at_most` bytes came; the rest is not read.
        RequestTimeout: it did not end within `seconds`.
        ClientGone: the connection closed before the end.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _gather(receive, at_most)
    except TimeoutError as error:
        raise RequestTimeout(f"the body must be here within {seconds:g} seconds") from error


async def _gather(receive: Receive, at_most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > at_most:
            raise PayloadTooLarge(f"the body may have {at_most} bytes", max_bytes=at_most)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def check_depth(body: bytes) -> None:
    """Refuse JSON nested deeper than 64, before a decoder recurses into it, or made of brackets only.

    Raises:
        MalformedRequest: too deep, too many, or brackets without their partner.
    """
    if body.count(b"[") + body.count(b"{") <= _DEEPEST:
        return
    brackets = _NO_BRACKETS.sub(b"", _STRINGS.sub(b"", body))
    if len(brackets) > 2 * _MOST_CONTAINERS:
        raise MalformedRequest(f"JSON may hold {_MOST_CONTAINERS} arrays and objects")
    for _ in range(_DEEPEST):
        # Each pass takes the innermost level away, at the speed of C.
        inner = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not inner:
            return
        if len(inner) == len(brackets) or _DEEP_RUN.search(inner):
            break
        brackets = inner
    raise MalformedRequest(f"JSON may be nested {_DEEPEST} levels deep")


def decode(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """The body as the type of the decoder.

    Raises:
        MalformedRequest: it is no JSON of ours: broken, not UTF-8, too deep, U+0000 in a string, a repeated key.
        msgspec.ValidationError: it is JSON of another shape.
    """
    check_depth(body)
    try:
        data = decoder.decode(body)
    except msgspec.ValidationError as error:
        if len(body) > _LARGEST_SECOND_LOOK:
            _parse(body, None)
            raise
        data = check_text(body)
        if "got `float`" not in str(error):
            raise
        return _decode_whole_floats(data, decoder)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedRequest("the body is not valid JSON in UTF-8") from error
    check_text(body)
    return data


def _decode_whole_floats(data: Any, decoder: msgspec.json.Decoder[Any]) -> Any:
    """The same once more, with `1.0` for `1`: to JSON they are one number, and JSON Schema calls both integers."""
    return msgspec.convert(_whole(data), decoder.type, strict=True)


def _whole(data: Any) -> Any:
    match data:
        case float() if data.is_integer() and abs(data) <= _LARGEST_EXACT:
            return int(data)
        case dict():
            return {key: _whole(value) for key, value in cast("dict[str, Any]", data).items()}
        case list():
            return [_whole(each) for each in cast("list[Any]", data)]
        case _:
            return data


def check_text(body: bytes) -> Any:
    """What a typed decoder lets pass: repeated keys and U+0000. Returns the plain JSON.

    Raises:
        MalformedRequest: one was found.
    """
    data = _parse(body, _object)
    if b"\\u" in body:
        # Escapes are the only way for either to get this far; written out again, they show.
        plain = json.dumps(data, ensure_ascii=False)
        if "\\u0000" in plain.replace("\\\\", "") or not _is_text(plain):
            raise MalformedRequest("strings may not hold U+0000 or half a surrogate pair")
    return data


def _parse(body: bytes, hook: Callable[[list[tuple[str, Any]]], Any] | None) -> Any:
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=hook, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _Refused) else "the body is not valid JSON in UTF-8"
        raise MalformedRequest(reason) from error


class _Refused(ValueError):
    """JSON that could be read, and that we do not take."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("an object names a key twice")
    return found


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
