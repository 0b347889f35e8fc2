"""One operation of the document, from its handler."""

import inspect
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg

from entrypoints.http.edge.operations import OPERATION, Operation, Parameter
from entrypoints.http.openapi import errors
from entrypoints.http.openapi.schemas import REF, Json, schema_of
from entrypoints.http.policies import Standing

_JSON: Final = "application/json"
_DESCRIPTIONS: Final = {200: "Done.", 201: "Made.", 202: "Accepted: a job does it.", 204: "Done; nothing to say."}


def operation_object(handler: HTTPRouteHandler, shared: dict[str, Json]) -> Json:
    """The Operation Object of a handler; new shared answers are added to `shared`."""
    operation: Operation = handler.opt[OPERATION]
    summary, description = _texts(handler)
    found: Json = {
        "operationId": operation.id,
        "tags": [str(tag) for tag in handler.resolve_tags()] if hasattr(handler, "resolve_tags") else [],
        "summary": summary,
        "description": description,
        "security": [] if operation.is_public else [{"bearerAuth": []}],
        "parameters": _parameters(handler, operation),
    }
    if operation.policy.permission is not None:
        found["x-permission"] = operation.policy.permission
    if operation.retry != "none":
        found["x-idempotency"] = operation.retry
    if operation.body_type is not None:
        found["requestBody"] = _request_body(operation)
    codes = errors.codes_of(operation, handler.opt.get("problems", ()))
    found["responses"] = {**_successes(handler, operation), **errors.responses_of(codes, shared)}
    return found


def _texts(handler: HTTPRouteHandler) -> tuple[str, str]:
    text = inspect.cleandoc(handler.fn.__doc__ or "")
    summary, _, rest = text.partition("\n")
    rest = " ".join(rest.split())
    return summary.rstrip("."), rest or summary


# ------------------------------------------------------------------------------------------------ what comes in
def _parameters(handler: HTTPRouteHandler, operation: Operation) -> list[Json]:
    declared = {
        _wire_name(name, field.kwarg_definition): field
        for name, field in handler.parsed_fn_signature.parameters.items()
    }
    found = [_parameter(each, declared[each.name]) for each in operation.parameters]
    for each in found:
        if each["name"] == "If-Match" and "precondition_required" in handler.opt.get("problems", ()):
            each["required"] = True
    if operation.policy.standing is Standing.MEMBER:
        found.append({"$ref": "#/components/parameters/Usher-Workspace"})
    if operation.retry != "none":
        suffix = "-Required" if operation.retry == "required" else ""
        found.append({"$ref": f"#/components/parameters/Idempotency-Key{suffix}"})
    if operation.method == "GET" and _has_version(handler):
        found.append({"$ref": "#/components/parameters/If-None-Match"})
    return found


def _wire_name(name: str, definition: object) -> str:
    return definition.name or name if isinstance(definition, ParameterKwarg) else name


def _parameter(parameter: Parameter, field: Any) -> Json:
    definition = cast("ParameterKwarg", field.kwarg_definition)
    schema = schema_of(parameter.type)
    for surplus in ("description", "examples"):
        schema.pop(surplus, None)
    if definition.schema_extra:
        schema.update(definition.schema_extra)
    if field.has_default and field.default is not None:
        schema["default"] = field.default
    examples = [each.value for each in definition.examples or []]
    if parameter.where == "header":
        schema["examples"] = examples
    found: Json = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.is_required,
        "description": definition.description or "",
        "schema": schema,
    }
    if examples:
        found["example"] = examples[0]
    return found


def _request_body(operation: Operation) -> Json:
    reference = {"schema": {"$ref": REF + operation.body_type.__name__}}
    content = {_JSON: reference}
    if operation.method == "PATCH":
        content["application/merge-patch+json"] = reference
    return {"required": not operation.is_body_optional, "content": content}


# ------------------------------------------------------------------------------------------------ what goes out
def answer_type(handler: HTTPRouteHandler) -> Any:
    """The struct that a handler answers with, or None where it says nothing."""
    hint = get_type_hints(handler.fn)["return"]
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Response):
        hint = get_args(hint)[0]
    return None if hint is type(None) else hint


def _has_version(handler: HTTPRouteHandler) -> bool:
    """Whether the answer is about one thing that has versions, so that `tagged` gives it an ETag."""
    kind = answer_type(handler)
    data = get_type_hints(kind).get("data") if kind is not None else None
    return isinstance(data, type) and get_type_hints(data).get("version") is int


def _successes(handler: HTTPRouteHandler, operation: Operation) -> dict[str, Json]:
    kinds: dict[int, Any] = {handler.status_code: answer_type(handler), **handler.opt.get("answers", {})}
    found = {str(status): _success(status, kind, handler, operation) for status, kind in sorted(kinds.items())}
    if operation.method == "GET" and _has_version(handler):
        headers = _headers("ETag", "X-Request-Id")
        found["304"] = {"description": "Not changed since the version that If-None-Match names.", "headers": headers}
    return found


def _success(status: int, kind: Any, handler: HTTPRouteHandler, operation: Operation) -> Json:
    names = ["X-Request-Id"]
    if kind is not None and _has_version(handler):
        names.append("ETag")
    if status in {201, 202}:
        names.append("Location")
    if status == 202:
        names.append("Retry-After")
    if "cursor" in operation.query_names:
        names.append("Link")
    if operation.retry != "none":
        names.append("Idempotency-Replayed")
    if any(each.name == "Prefer" for each in operation.parameters):
        names.append("Preference-Applied")
    found: Json = {"description": _DESCRIPTIONS.get(status, "Done."), "headers": _headers(*names)}
    if kind is not None and status != 204:
        found["content"] = {_JSON: {"schema": {"$ref": REF + kind.__name__}}}
    return found


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}
