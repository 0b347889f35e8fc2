"""The rules of the contract, each over the whole document: ours, and that of the sample controller."""

import itertools
import re
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from litestar.handlers import HTTPRouteHandler
from openapi_spec_validator import validate

from entrypoints.http import documents
from entrypoints.http.app import CONTROLLERS, ROOT, create_app
from entrypoints.http.edge.operations import OPERATION, handlers_of
from entrypoints.http.openapi.document import document
from entrypoints.http.openapi.export import Nobody, export
from entrypoints.http.policies import Standing
from entrypoints.http.settings import HttpSettings
from tests.http.contract import Json, Op, is_bounded, kinds, operations, resolve, schemas_below
from tests.http.things import a_house

DOCS = Path(__file__).resolve().parents[2] / "docs"
USHER = create_app(Nobody(), HttpSettings(secret_key=b""), controllers=CONTROLLERS, root=ROOT)
THINGS = a_house().app
APPS = {"usher": USHER, "things": THINGS}
DOCUMENTS: dict[str, Json] = {name: document(app, "0") for name, app in APPS.items()}
DOCUMENTS["things"]["tags"].append({"name": "Things", "description": "Of the tests."})
OPERATIONS = [pytest.param(op, id=f"{op.method} {op.path}") for each in DOCUMENTS.values() for op in operations(each)]
SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
SPELLED = {"/api/v1", "/api/v1/status", "/livez", "/readyz"}
"""Paths that the issue spells out, or that are no resource."""

every_operation = pytest.mark.parametrize("op", OPERATIONS)
every_document = pytest.mark.parametrize("name", DOCUMENTS)


def inputs(found: Json) -> list[tuple[str, Json]]:
    bodies = [op.spec["requestBody"]["content"] for op in operations(found) if "requestBody" in op.spec]
    seen: set[str] = set()
    return [pair for body in bodies for media in body.values() for pair in schemas_below(media["schema"], found, seen)]


def outputs(found: Json) -> list[tuple[str, Json]]:
    seen: set[str] = set()
    return [
        pair
        for op in operations(found)
        for status, response in op.responses.items()
        if status < 400
        for media in response.get("content", {}).values()
        for pair in schemas_below(media["schema"], found, seen)
    ]


# ------------------------------------------------------------------------------------------------ the whole
@every_document
def test_is_a_valid_document(name: str) -> None:
    validate(cast("Any", DOCUMENTS[name]))


def test_is_committed_fresh() -> None:
    assert (DOCS / "openapi.json").read_bytes() == export(documents.release()), (
        "run `python -m entrypoints.http.documents`"
    )


def test_has_its_list_of_problems_committed_fresh() -> None:
    assert (DOCS / "problems.md").read_text(encoding="utf-8") == documents.problems_page()


@every_document
def test_names_each_operation_once(name: str) -> None:
    ids = [op.id for op in operations(DOCUMENTS[name])]

    assert len(ids) == len(set(ids))


# ------------------------------------------------------------------------------------------------ operations
@every_operation
def test_has_a_path_of_plural_kebab_nouns(op: Op) -> None:
    segments = op.path.removeprefix("/api/v1").strip("/").split("/")

    assert op.path in SPELLED or op.path.startswith("/api/v1/")
    assert all(re.fullmatch(r"\{[a-z_]+\}|[a-z][a-z0-9]*(-[a-z0-9]+)*", each) for each in segments if each)
    assert sum(each.startswith("{") for each in segments) <= 2
    for noun, following in itertools.pairwise(segments):
        assert not following.startswith("{") or noun.endswith("s"), f"{noun} is no plural"


@every_operation
def test_says_what_it_does(op: Op) -> None:
    known = {tag["name"] for tag in op.document["tags"]}

    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", op.id)
    assert len(op.spec["tags"]) == 1
    assert set(op.spec["tags"]) <= known, "describe the tag in openapi/shared.py"
    assert 0 < len(op.spec["summary"]) <= 60
    assert not op.spec["summary"].endswith(".")
    assert op.spec["description"]


@every_operation
def test_describes_bounds_and_shows_every_parameter(op: Op) -> None:
    for each in op.parameters:
        assert each["description"], each["name"]
        assert "example" in each, each["name"]
        assert is_bounded(each["schema"], op.document), each["name"]
        if each["in"] == "query":
            assert SNAKE.match(each["name"])
        validator = Draft202012Validator({**each["schema"], "components": op.document["components"]})
        assert validator.is_valid(each["example"]), each["name"]


@every_operation
def test_pages_every_list(op: Op) -> None:
    answer = op.answer
    is_list = answer is not None and any(
        kind.get("type") == "array" for kind in kinds(answer["properties"]["data"], op.document)
    )
    names = {each["name"]: each for each in op.parameters}

    assert is_list == ("cursor" in names)
    if answer is not None:
        assert ("page" in answer["properties"]) == is_list
        assert set(answer["properties"]) <= {"data", "page", "meta"}
    if is_list:
        assert {"minimum": 1, "maximum": 100, "default": 20}.items() <= names["limit"]["schema"].items()


@every_operation
def test_speaks_json_and_problems_only(op: Op) -> None:
    for status, response in op.responses.items():
        media = set(response.get("content", {}))
        assert media <= {"application/problem+json" if status >= 400 else "application/json"}
        if status >= 400:
            assert "$ref" in op.spec["responses"][str(status)]
    if "requestBody" in op.spec:
        allowed = {"application/json", "application/merge-patch+json"} if op.method == "patch" else {"application/json"}
        assert set(op.spec["requestBody"]["content"]) == allowed


@every_operation
def test_declares_the_refusals_that_can_happen(op: Op) -> None:
    statuses = set(op.responses)

    assert {400, 500} <= statuses
    assert {401, 403} <= statuses or op.spec["security"] == []
    assert 404 in statuses or "{" not in op.path
    assert {408, 413, 415} <= statuses or op.method not in {"post", "put", "patch"}
    if "x-idempotency" in op.spec:
        assert {409, 422} <= statuses
        (key,) = [each for each in op.parameters if each["name"] == "Idempotency-Key"]
        assert key["required"] is (op.spec["x-idempotency"] == "required")


@every_operation
def test_takes_if_match_where_it_changes_what_has_a_version(op: Op) -> None:
    answer = op.answer
    data = {} if answer is None else resolve(answer["properties"]["data"], op.document)
    if op.method in {"patch", "put", "delete"} and "version" in data.get("properties", {}):
        assert "If-Match" in {each["name"] for each in op.parameters}
        assert 412 in op.responses


@every_operation
def test_says_where_new_things_are(op: Op) -> None:
    for status in {201, 202} & set(op.responses):
        assert "Location" in op.responses[status]["headers"] or "/auth/" in op.path


@every_operation
def test_shows_bodies_that_fit_their_schemas(op: Op) -> None:
    holders = [op.spec.get("requestBody", {}), *op.responses.values()]
    for holder in holders:
        for media in holder.get("content", {}).values():
            validator = Draft202012Validator({**media["schema"], "components": op.document["components"]})
            examples = [each["value"] for each in media.get("examples", {}).values()] or [media["example"]]
            for example in examples:
                assert not [error.message for error in validator.iter_errors(example)]


# ------------------------------------------------------------------------------------------------ schemas
@every_document
def test_describes_and_shows_every_schema(name: str) -> None:
    for schema_name, schema in DOCUMENTS[name]["components"]["schemas"].items():
        assert schema.get("description"), f"{schema_name} has no docstring"
        assert "properties" not in schema or schema.get("examples"), schema_name
        for field, inner in schema.get("properties", {}).items():
            assert resolve(inner, DOCUMENTS[name]).get("description"), f"{schema_name}.{field} has no description"
            assert SNAKE.match(field), f"{schema_name}.{field}"
            assert not any("properties" in kind for kind in [inner, *inner.get("anyOf", [])]), "name the inner object"


@every_document
def test_closes_and_bounds_every_input(name: str) -> None:
    for schema_name, schema in inputs(DOCUMENTS[name]):
        if "properties" not in schema:
            continue
        assert schema.get("additionalProperties") is False, f"{schema_name}: forbid_unknown_fields=True"
        for field, inner in schema["properties"].items():
            assert is_bounded(inner, DOCUMENTS[name]), f"{schema_name}.{field} has no bounds"


@every_document
def test_always_gives_every_field_of_an_output(name: str) -> None:
    for schema_name, schema in outputs(DOCUMENTS[name]):
        assert set(schema.get("required", [])) == set(schema.get("properties", {})), schema_name


@every_document
def test_names_fields_for_what_they_hold(name: str) -> None:
    found = DOCUMENTS[name]
    for schema_name, schema in [*inputs(found), *outputs(found)]:
        for field, inner in schema.get("properties", {}).items():
            types = {kind.get("type") for kind in kinds(inner, found)}
            formats = {kind.get("format") for kind in kinds(inner, found)}
            where = f"{schema_name}.{field}"
            assert ("date-time" in formats) == field.endswith("_at"), where
            assert ("date" in formats) == field.endswith("_on"), where
            assert not field.endswith("_seconds") or types <= {"integer", "null"}, where
            assert not (types & {"array", "boolean"} and "null" in types), f"{where} may not be null"
            assert "boolean" not in types or re.match(r"(is|has|was|can|may|needs|includes)_", field), where


@every_document
def test_writes_values_of_enums_in_snake_case(name: str) -> None:
    found = DOCUMENTS[name]
    for schema_name, schema in [*inputs(found), *outputs(found)]:
        for inner in schema.get("properties", {}).values():
            for kind in kinds(inner, found):
                values = kind.get("enum", [])
                assert len(values) == 1 or all(SNAKE.match(str(value)) for value in values), schema_name


# ------------------------------------------------------------------------------------------------ handlers
@pytest.mark.parametrize("name", APPS)
def test_runs_every_retry_safe_operation_through_once(name: str) -> None:
    for _, _, handler, _ in handlers_of(APPS[name].litestar):
        _check_once(handler)


def _check_once(handler: HTTPRouteHandler) -> None:
    operation = handler.opt[OPERATION]
    if operation.retry != "none":
        assert "once" in handler.parsed_fn_signature.parameters, f"{operation.id} takes a key and does nothing with it"
    if operation.policy.standing is Standing.PUBLIC:
        assert operation.retry == "none"
