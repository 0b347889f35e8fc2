"""Looking around in an OpenAPI document."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
NO_NUL = "^[^\\u0000]*$"


class Op(NamedTuple):
    """One operation, with what it says already resolved."""

    path: str
    method: str
    spec: Json
    document: Json

    @property
    def id(self) -> str:
        return self.spec["operationId"]

    @property
    def parameters(self) -> list[Json]:
        return [resolve(each, self.document) for each in self.spec["parameters"]]

    @property
    def responses(self) -> dict[int, Json]:
        return {int(status): resolve(each, self.document) for status, each in self.spec["responses"].items()}

    @property
    def answer(self) -> Json | None:
        """The schema of its success, or None where it has no body."""
        for status, response in sorted(self.responses.items()):
            if status < 300 and "content" in response:
                return resolve(response["content"]["application/json"]["schema"], self.document)
        return None


def resolve(node: Json, document: Json) -> Json:
    """The node behind a `$ref`; its siblings win."""
    if "$ref" not in node:
        return node
    target: Any = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return {**target, **{name: value for name, value in node.items() if name != "$ref"}}


def operations(document: Json) -> list[Op]:
    return [
        Op(path, method, spec, document)
        for path, methods in document["paths"].items()
        for method, spec in methods.items()
    ]


def schemas_below(schema: Json, document: Json, seen: set[str] | None = None) -> Iterator[tuple[str, Json]]:
    """(name, schema) of all named objects that a schema is made of."""
    seen = set() if seen is None else seen
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in seen:
            return
        seen.add(name)
        target = resolve({"$ref": schema["$ref"]}, document)
        yield name, target
        yield from schemas_below(target, document, seen)
        return
    for inner in (
        *schema.get("properties", {}).values(),
        *schema.get("anyOf", []),
        *([schema["items"]] if isinstance(schema.get("items"), dict) else []),
        *([schema["additionalProperties"]] if isinstance(schema.get("additionalProperties"), dict) else []),
    ):
        yield from schemas_below(inner, document, seen)


def kinds(schema: Json, document: Json) -> list[Json]:
    """The schema, or the alternatives of a union, resolved."""
    found = resolve(schema, document)
    return [kind for each in found["anyOf"] for kind in kinds(each, document)] if "anyOf" in found else [found]


def is_bounded(schema: Json, document: Json) -> bool:
    """Whether everything in it that could grow has a limit."""
    for kind in kinds(schema, document):
        match kind.get("type"):
            case "string":
                bounds = kind.keys() & {"maxLength", "enum", "const", "pattern", "format"}
                if not bounds or (bounds == {"pattern"} and kind["pattern"] == NO_NUL):
                    return False
            case "integer" | "number":
                if not (
                    kind.keys() & {"minimum", "exclusiveMinimum"} and kind.keys() & {"maximum", "exclusiveMaximum"}
                ):
                    return False
            case "array":
                if "maxItems" not in kind or not is_bounded(kind["items"], document):
                    return False
            case _:
                pass
    return True
