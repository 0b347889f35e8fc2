"""The whole document."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from entrypoints.http.edge.operations import OPERATION, Operation, handlers_of
from entrypoints.http.edge.outer import Edge
from entrypoints.http.openapi import shared
from entrypoints.http.openapi.errors import problem_schemas
from entrypoints.http.openapi.paths import answer_type, operation_object
from entrypoints.http.openapi.schemas import Json, components, example_of

_ABOUT = """Customer conversations with AI drafts that state only facts from given sources, checked before use.

Answers are `{"data": ...}`; lists add `page`. Errors are problems (RFC 9457): branch on `code`, show `detail`.
Ids are opaque names with a prefix. Time points are UTC with three decimals. Unknown fields and query names are refused.
"""


def document(app: Edge, version: str) -> Json:
    """The OpenAPI 3.1 document of this application, as plain data in a stable order."""
    handlers = list(_documented(app))
    answers: dict[str, Json] = {}
    paths: dict[str, Json] = {}
    for template, method, handler in sorted(handlers, key=lambda each: (each[0], each[1])):
        paths.setdefault(template, {})[method.lower()] = operation_object(handler, answers)
    schemas = {**_schemas([handler for _, _, handler in handlers]), **problem_schemas()}
    _add_examples(paths, schemas)
    used = {tag for path in paths.values() for operation in path.values() for tag in operation["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Usher API",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This host."}],
        "tags": [{"name": name, "description": text} for name, text in shared.TAGS.items() if name in used],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": dict(sorted(answers.items())),
            "headers": shared.HEADERS,
            "parameters": shared.PARAMETERS,
            "securitySchemes": shared.SECURITY,
        },
    }


def encode(found: Json) -> bytes:
    """The document as it is served and committed: readable, and the same each time."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def _documented(app: Edge) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route, method, handler, _ in handlers_of(app.litestar):
        if handler.resolve_include_in_schema():
            yield route.path_format, method, handler


def _schemas(handlers: list[HTTPRouteHandler]) -> dict[str, Json]:
    inputs: list[Any] = []
    outputs: list[Any] = []
    for handler in handlers:
        operation: Operation = handler.opt[OPERATION]
        if operation.body_type is not None:
            inputs.append(operation.body_type)
        outputs += [each for each in (answer_type(handler), *handler.opt.get("answers", {}).values()) if each]
    return components(dict.fromkeys(inputs), dict.fromkeys(outputs))


def _add_examples(paths: dict[str, Json], schemas: dict[str, Json]) -> None:
    for path in paths.values():
        for operation in path.values():
            for holder in (operation.get("requestBody"), *operation["responses"].values()):
                content: dict[str, Json] = holder.get("content", {}) if holder else {}
                for media in content.values():
                    media["example"] = example_of(media["schema"], schemas)
