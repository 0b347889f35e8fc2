"""Every problem code that this API gives: its status, title and page. Codes are contract: they never change.

`docs/problems.md` and the pages under `/problems/` are made from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One code. `members` are the extra members of its body, each with its meaning."""

    code: str
    status: int
    title: str
    meaning: str
    advice: str
    members: Mapping[str, str] = field(default_factory=dict[str, str])


_ERRORS: Final = {
    "errors": "All bad fields: `pointer` (JSON Pointer into the body) or `parameter` (query, header), `code`, "
    "`message`, and `meta` where there is a bound."
}

_KINDS: Final = (
    ProblemKind(
        "malformed_request", 400, "The request cannot be read",
        "The bytes are no request of this API: broken JSON, text that is not UTF-8, U+0000 in a string, a key or a "
        "header given twice, nesting deeper than 64, more than 20,000 arrays and objects.",
        "Repair the client; the same bytes will be refused again.",
    ),
    ProblemKind(
        "validation_failed", 400, "The request is not valid",
        "One or more fields or parameters have a wrong type, form or value, are missing, or are unknown here.",
        "Correct all entries of `errors` and send it again.", _ERRORS,
    ),
    ProblemKind(
        "cursor_invalid", 400, "The cursor is not valid",
        "The cursor was altered, is older than 24 hours, or belongs to another caller, filter or order.",
        "Start again without `cursor`.",
    ),
    ProblemKind(
        "idempotency_key_required", 400, "An Idempotency-Key is required",
        "This operation sends, starts or pays something, so a retry must not do it twice.",
        "Send a fresh unique `Idempotency-Key` with each new intention, and the same one with each retry of it.",
    ),
    ProblemKind(
        "authentication_required", 401, "Authentication is required",
        "No bearer token came with the request.",
        "Sign in, and send `Authorization: Bearer <token>`.",
    ),
    ProblemKind(
        "invalid_credentials", 401, "The credentials are not valid",
        "The token, API key or password is not one of ours.",
        "Check it; sign in again.",
    ),
    ProblemKind(
        "token_expired", 401, "The token has expired",
        "The token was good once; access tokens live for 15 minutes.",
        "Get a new one with the refresh token.",
    ),
    ProblemKind(
        "token_revoked", 401, "The token was revoked",
        "The session was ended, the account suspended, or the key withdrawn.",
        "Sign in again, or ask for another key.",
    ),
    ProblemKind(
        "permission_denied", 403, "This is not allowed",
        "The caller is known and may see this, but not do this.",
        "Ask somebody who administers the workspace.",
        {"permission": "The permission that is missing, where it is one."},
    ),
    ProblemKind(
        "account_suspended", 403, "The account is suspended",
        "Who signs in is known, and the account was suspended by whoever runs this service.",
        "Ask them.",
    ),
    ProblemKind(
        "not_found", 404, "Nothing is here",
        "There is no such thing, or none that the caller may see: both answer alike.",
        "Check the id, and the workspace that `Usher-Workspace` names.",
    ),
    ProblemKind(
        "method_not_allowed", 405, "The method is not allowed here",
        "The path exists, but not with this method.",
        "See the `Allow` header.",
    ),
    ProblemKind(
        "not_acceptable", 406, "No acceptable form of the answer",
        "`Accept` names nothing that this route can answer with.",
        "Accept `application/json` and `application/problem+json`.",
    ),
    ProblemKind(
        "request_timeout", 408, "The request came too slowly",
        "The body did not arrive in time.",
        "Send it again, faster.",
    ),
    ProblemKind(
        "conflict", 409, "It conflicts with what is there",
        "Somebody else was first, or the change does not fit what is there now.",
        "Load the present state and decide again.",
    ),
    ProblemKind(
        "already_exists", 409, "It exists already",
        "Something with this name, address or id is there already.",
        "Use it, or choose another.",
    ),
    ProblemKind(
        "invalid_state", 409, "Not possible in the present state",
        "The request is fine, but not in the state that the thing is in.",
        "Load it; do what its state allows.",
        {"current": "The present state.", "allowed": "What is possible from there, where there is a choice."},
    ),
    ProblemKind(
        "idempotency_in_progress", 409, "The first request is still running",
        "A request with the same `Idempotency-Key` has not ended yet.",
        "Wait as `Retry-After` says, then repeat it with the same key.",
    ),
    ProblemKind(
        "gone", 410, "It is gone",
        "It was here, and was deleted or has expired.",
        "Forget it.",
    ),
    ProblemKind(
        "precondition_failed", 412, "It was changed meanwhile",
        "`If-Match` names a version that is no longer the present one, so nothing was changed.",
        "Load it again, merge, and send the new `ETag`.",
        {"current_version": "The present version."},
    ),
    ProblemKind(
        "payload_too_large", 413, "The body is too large",
        "The body is larger than this route takes.",
        "Send less.", {"max_bytes": "The limit."},
    ),
    ProblemKind(
        "uri_too_long", 414, "The URI is too long",
        "Path and query together are longer than any of ours.",
        "Shorten it.", {"max_bytes": "The limit."},
    ),
    ProblemKind(
        "unsupported_media_type", 415, "The media type is not supported",
        "The body is not declared as JSON in UTF-8, or is compressed.",
        "Send `Content-Type: application/json` and no `Content-Encoding`.",
        {"accepted": "What this route takes."},
    ),
    ProblemKind(
        "idempotency_key_reused", 422, "The Idempotency-Key was used for another request",
        "The key came before with another body, path or query.",
        "Use a new key for a new request.",
    ),
    ProblemKind(
        "precondition_required", 428, "If-Match is required",
        "This change could overwrite what the caller has not seen.",
        "Load it, and send its `ETag` as `If-Match`.",
    ),
    ProblemKind(
        "headers_too_large", 431, "The headers are too large",
        "All headers together are larger than the server takes.",
        "Send fewer or shorter ones.", {"max_bytes": "The limit."},
    ),
    ProblemKind(
        "internal_error", 500, "Something went wrong here",
        "A fault of ours. It is recorded under the `request_id`.",
        "Try again later with the same `Idempotency-Key`; report the `request_id` if it stays.",
    ),
    ProblemKind(
        "service_unavailable", 503, "The service is not available at the moment",
        "The database or another part of the service does not answer.",
        "Try again after `Retry-After` seconds.",
    ),
    ProblemKind(
        "provider_unavailable", 503, "A provider is not available at the moment",
        "Somebody whom this operation needs does not answer.",
        "Try again after `Retry-After` seconds.", {"provider": "Who it is."},
    ),
)  # fmt: skip

PROBLEMS: Final[Mapping[str, ProblemKind]] = {kind.code: kind for kind in _KINDS}
"""A refusal with a code that is not here is a bug, and answers 500."""
