"""Versions on the wire: strong `ETag: "7"`, `If-Match`, `If-None-Match`. Source: RFC 9110, section 13."""

from typing import TypeVar

from litestar import Response

from entrypoints.http.edge.exchange import current
from entrypoints.http.refusals import PreconditionRequired
from entrypoints.http.responses import JsonResponse

T = TypeVar("T")


def tagged(body: T, version: int, *, status_code: int = 200, location: str | None = None) -> Response[T]:
    """The answer with its `ETag`. A GET whose `If-None-Match` names it becomes a 304 at the edge."""
    headers = {"ETag": f'"{version}"'}
    if location is not None:
        headers["Location"] = location
    current().etag = headers["ETag"].encode("ascii")
    return JsonResponse(body, status_code=status_code, headers=headers)


def created(body: T, location: str, *, version: int | None = None) -> Response[T]:
    """201 with `Location` (a path under /api/v1) and, for what can be edited, its `ETag`."""
    if version is not None:
        return tagged(body, version, status_code=201, location=location)
    return JsonResponse(body, status_code=201, headers={"Location": location})


def accepted(body: T, location: str, *, retry_after_seconds: int = 1) -> Response[T]:
    """202 with the job's `Location` and a hint when to look."""
    return JsonResponse(body, status_code=202, headers={"Location": location, "Retry-After": str(retry_after_seconds)})


def seen_version(if_match: str | None, *, required: bool = False) -> int | None:
    """The version that `If-Match` names; None where it was not sent, or is `*`. Its form is checked by `IfMatch`.

    Raises:
        PreconditionRequired: it is `required` and missing (428).
    """
    if if_match is None:
        if required:
            raise PreconditionRequired("send If-Match with the ETag you have seen")
        return None
    return None if if_match == "*" else int(if_match.strip('"'))


def names(if_none_match: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` names this tag. Weak comparison, as section 13.1.2 asks for."""
    if if_none_match.strip() == b"*":
        return True
    return any(tag.strip().removeprefix(b"W/") == etag for tag in if_none_match.split(b","))
