"""Schemas: those that msgspec gives for the types that it decodes and encodes, finished."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

Json = dict[str, Any]

REF: Final = "#/components/schemas/"
_ENVELOPE: Final = {"data": "What was asked for."}
_NO_NUL: Final = "^[^\\u0000]*$"
GROWING: Final = "More values may come; accept unknown ones."


def components(inputs: Iterable[Any], outputs: Iterable[Any]) -> dict[str, Json]:
    """The named schemas of all bodies.

    Answers always carry all their fields, so these are all required; what clients send may leave defaults out.
    """
    _, sent = msgspec.json.schema_components(list(inputs), ref_template=REF + "{name}")
    _, given = msgspec.json.schema_components(list(outputs), ref_template=REF + "{name}")
    for schema in given.values():
        if "properties" in schema:
            schema["required"] = list(schema["properties"])
            for name, field in schema["properties"].items():
                field.pop("default", None)
                if "$ref" not in field and name in _ENVELOPE:
                    field.setdefault("description", _ENVELOPE[name])
    both = {**sent, **given}
    for schema in both.values():
        _finish(schema)
    for schema in sent.values():
        without_nul(schema)
    for name, schema in both.items():
        if "properties" in schema:
            schema["examples"] = [example_of({"$ref": REF + name}, both)]
    return dict(sorted(both.items()))


def without_nul(schema: Json) -> None:
    """Say of all text within that U+0000 is refused, which the edge does before anything is decoded."""
    if schema.get("type") == "string" and not schema.keys() & {"pattern", "enum", "const", "format"}:
        schema["pattern"] = _NO_NUL
    for each in _inner(schema):
        without_nul(each)


def schema_of(kind: Any) -> Json:
    """The inline schema of a parameter; what may be left out is not null on the wire."""
    schema, _ = msgspec.json.schema_components([kind], ref_template=REF + "{name}")
    found: Json = schema[0]
    options = [each for each in found.get("anyOf", []) if each != {"type": "null"}]
    if "anyOf" in found and len(options) == 1:
        found = options[0]
    _finish(found)
    without_nul(found)
    return found


def _finish(schema: Json) -> None:
    """Say what msgspec leaves to the reader, in this schema and all within."""
    schema.pop("title", None)
    _finish_enum(schema)
    _hoist(schema)
    for each in _inner(schema):
        _finish(each)


def _inner(schema: Json) -> list[Json]:
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("prefixItems", [])]
    return inner + [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]


def _finish_enum(schema: Json) -> None:
    values = schema.get("enum", [])
    if values and all(isinstance(value, str) for value in values):
        schema.setdefault("type", "string")
    if len(values) > 1:
        described = schema.get("description", "")
        schema["description"] = described if GROWING in described else f"{described} {GROWING}".strip()


def _hoist(schema: Json) -> None:
    """What `Annotated[X, ...] | None` says about X is said about the field."""
    options = schema.get("anyOf", [])
    if len(options) == 2 and options[1] == {"type": "null"} and "$ref" not in options[0]:
        for name in ("description", "examples"):
            if name in options[0]:
                schema.setdefault(name, options[0].pop(name))


def example_of(schema: Json, known: Mapping[str, Json]) -> Any:
    """A value that fits, put together from the examples of the fields."""
    found: Any = {} if schema.get("type") == "object" else None
    if simple := schema.get("examples") or schema.get("enum"):
        found = simple[0]
    elif "$ref" in schema:
        found = example_of(known[schema["$ref"].removeprefix(REF)], known)
    elif "anyOf" in schema:
        found = example_of(schema["anyOf"][0], known)
    elif "properties" in schema:
        fields: dict[str, Json] = schema["properties"]
        found = {name: example_of(field, known) for name, field in fields.items()}
    elif "items" in schema:
        found = [example_of(schema["items"], known)]
    return found
