"""What operations share: headers, parameters, the security scheme, and what each tag is about."""

from typing import Any, Final

from domain.shared.ids import id_pattern
from entrypoints.http.fields import example_id

Json = dict[str, Any]

TAGS: Final = {
    "Health": "Is it there, which release is it, what does it depend on.",
    "Authentication": "Register, sign in, refresh, sign out.",
    "Users": "Accounts.",
    "Workspaces": "Businesses: each sees only its own.",
    "Members": "Who belongs to a workspace, and as what.",
    "API keys": "Keys for machines, bound to one workspace.",
    "Conversations": "Talks with customers, from the first message to the last.",
    "Messages": "What was said, by whom, in which order.",
    "Sources": "The facts that a reply may state.",
    "Suggestions": "Replies drafted by a model, checked before anybody sees them.",
    "Jobs": "Work that goes on after the answer.",
    "Events": "What happened, in order, for those who follow.",
}
"""Every tag that a controller may carry. Order here is order in the API browser."""

SECURITY: Final[Json] = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of 15 minutes, or an API key `ck_live_…` of a workspace.",
    }
}


def _header(description: str, example: str, **schema: Any) -> Json:
    return {"description": description, "schema": {"type": "string", **schema}, "example": example}


HEADERS: Final[Json] = {
    "Allow": _header("Methods of the path.", "GET, HEAD, OPTIONS"),
    "ETag": _header("The version, quoted.", '"7"', pattern='^"[1-9][0-9]*"$'),
    "Idempotency-Replayed": _header("The answer was given before, to the same key.", "true", enum=["true"]),
    "Link": _header('The next page, `rel="next"`.', '</api/v1/conversations?cursor=AGkf>; rel="next"'),
    "Location": _header("Where the new thing is.", "/api/v1/jobs/" + example_id("job"), format="uri-reference"),
    "Preference-Applied": _header("The wish that was followed.", "wait=10"),
    "Retry-After": _header("Seconds to wait.", "2", pattern="^[0-9]+$"),
    "WWW-Authenticate": _header("How to authenticate.", 'Bearer realm="usher"'),
    "X-Request-Id": _header("The id of this request, in logs and problems.", example_id("req")),
}

_KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Makes retries safe: the same key and request get the same answer. Kept for 24 hours at least.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "example": "0192f0c4-7b1e-7c3a-9f55-5a0c6f0b7d21",
}

PARAMETERS: Final[Json] = {
    "Idempotency-Key": {**_KEY, "required": False},
    "Idempotency-Key-Required": {**_KEY, "required": True},
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The `ETag` that is at hand; 304 if it is still the present one.",
        "schema": {"type": "string", "maxLength": 200},
        "example": '"7"',
    },
    "Usher-Workspace": {
        "name": "Usher-Workspace",
        "in": "header",
        "required": False,
        "description": "The workspace to act in; may be left out by who belongs to one only, and by API keys.",
        "schema": {"type": "string", "pattern": id_pattern("wsp"), "examples": [example_id("wsp")]},
        "example": example_id("wsp"),
    },
}
