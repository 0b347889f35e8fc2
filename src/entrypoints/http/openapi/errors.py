"""Problems in the document: which codes an operation can give, and the shared answers that describe them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from entrypoints.http.edge.operations import Operation
from entrypoints.http.policies import Standing
from entrypoints.http.problem_table import PROBLEMS
from entrypoints.http.problems import PROBLEM

Json = dict[str, Any]

_ALWAYS: Final = (
    "malformed_request", "validation_failed", "not_acceptable", "uri_too_long", "headers_too_large", "internal_error",
)  # fmt: skip
_KNOWN_CALLER: Final = (
    "authentication_required", "invalid_credentials", "token_expired", "token_revoked", "permission_denied",
    "account_suspended",
    "service_unavailable",
)  # fmt: skip
_BODY: Final = ("request_timeout", "payload_too_large", "unsupported_media_type")
_RETRY: Final = ("idempotency_in_progress", "idempotency_key_reused")
_HEADERS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    503: ("Retry-After",),
}


def codes_of(operation: Operation, declared: Iterable[str]) -> list[str]:
    """All codes that an operation can give, in the order of the table."""
    codes = {*_ALWAYS, *declared}
    names = {each.name for each in operation.parameters}
    if not operation.is_public:
        codes.update(_KNOWN_CALLER)
    if operation.policy.standing is Standing.MEMBER or any(each.where == "path" for each in operation.parameters):
        codes.add("not_found")
    if operation.method in {"POST", "PUT", "PATCH"}:
        codes.update(_BODY)
    if operation.retry != "none":
        codes.update(_RETRY)
    if operation.retry == "required":
        codes.add("idempotency_key_required")
    if "cursor" in names:
        codes.add("cursor_invalid")
    if "If-Match" in names:
        codes.add("precondition_failed")
    unknown = codes - PROBLEMS.keys()
    if unknown:
        raise LookupError(f"{operation.id} declares problems that are in no table: {sorted(unknown)}")
    return [code for code in PROBLEMS if code in codes]


def responses_of(codes: Iterable[str], shared: dict[str, Json]) -> dict[str, Json]:
    """Status -> `$ref` for these codes; answers that are new are added to `shared`."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    found: dict[str, Json] = {}
    for status, group in sorted(by_status.items()):
        name = "".join(part.capitalize() for part in "_or_".join(group).split("_"))
        shared.setdefault(name, _response(status, group))
        found[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return found


def _response(status: int, codes: list[str]) -> Json:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
    wanted = list(_HEADERS.get(status, ()))
    if "idempotency_in_progress" in codes:
        wanted.append("Retry-After")
    for header in wanted:
        headers[header] = {"$ref": f"#/components/headers/{header}"}
    return {
        "description": "; ".join(f"`{code}`: {PROBLEMS[code].title}" for code in codes) + ".",
        "headers": headers,
        "content": {
            PROBLEM: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": _example(code)} for code in codes},
            }
        },
    }


def _example(code: str) -> Json:
    kind = PROBLEMS[code]
    body: Json = {
        "type": f"https://usher.example/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "instance": "/api/v1/conversations",
        "code": code,
        "request_id": "req_01jd3kq0z8e4tb6x5w2v9r7m1n",
    }
    if code == "validation_failed":
        body["errors"] = [
            {"parameter": "limit", "code": "out_of_range", "message": "must be at most 100", "meta": {"max": 100}}
        ]
    return body


def problem_schemas() -> dict[str, Json]:
    """`Problem` and what stands in its `errors`."""
    text: Json = {"type": "string"}
    field: Json = {
        "type": "object",
        "description": "One bad field.",
        "properties": {
            "pointer": {**text, "description": "JSON Pointer into the body.", "examples": ["/price/amount"]},
            "parameter": {**text, "description": "Name of a query, path or header parameter.", "examples": ["limit"]},
            "code": {**text, "description": "What is wrong, for programs.", "examples": ["out_of_range"]},
            "message": {**text, "description": "What is wrong, for people.", "examples": ["must be at most 100"]},
            "meta": {"type": "object", "description": "Bounds and the like.", "additionalProperties": True,
                     "examples": [{"max": 100}]},
        },
        "required": ["code", "message"],
        "examples": [{"parameter": "limit", "code": "out_of_range", "message": "must be at most 100"}],
    }  # fmt: skip
    problem: Json = {
        "type": "object",
        "description": "A problem (RFC 9457). Members of single codes are described on the page that `type` opens.",
        "properties": {
            "type": {**text, "format": "uri", "description": "The page of the code.",
                     "examples": ["https://usher.example/problems/not_found"]},
            "title": {**text, "description": "The same for each code.", "examples": ["Nothing is here"]},
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status.",
                       "examples": [404]},
            "detail": {**text, "description": "What happened here, for people.", "examples": ["no such id"]},
            "instance": {**text, "format": "uri-reference", "description": "The path.",
                         "examples": ["/api/v1/conversations"]},
            "code": {"$ref": "#/components/schemas/ProblemCode"},
            "request_id": {**text, "description": "Also in `X-Request-Id`; quote it in reports.",
                           "examples": ["req_01jd3kq0z8e4tb6x5w2v9r7m1n"]},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}, "maxItems": 200,
                       "description": "All bad fields, for `validation_failed`.", "examples": [[]]},
        },
        "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
        "additionalProperties": True,
        "examples": [_example("not_found")],
    }  # fmt: skip
    code: Json = {
        "type": "string",
        "description": "The contract of a problem: stable, and the thing to branch on. More values may come; "
        "accept unknown ones.",
        "enum": list(PROBLEMS),
        "examples": ["not_found"],
    }
    return {"Problem": problem, "ProblemCode": code, "ProblemField": field}
