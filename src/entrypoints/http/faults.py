"""All that is wrong with a request, field by field. Decoders stop at the first fault; clients want the whole list.

Only refused requests come here, so it may take its time. Each field is converted by the same msgspec types that
refused the whole, so the two cannot disagree.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from domain.shared.errors import FieldProblem
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.edge.operations import Operation, Parameter

_PATH: Final = re.compile(r" - at `(?:key in )?\$(.*?)`$")
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_MOST: Final = 100


# ------------------------------------------------------------------------------------------------ bodies
def of_body(body: bytes, kind: Any) -> list[FieldProblem]:
    """Every bad field of a JSON body that is not a `kind`, by its JSON pointer; at most a hundred."""
    found: list[FieldProblem] = []
    for problem in _walk(json.loads(body), kind, ""):
        found.append(problem)
        if len(found) == _MOST:
            break
    return found


def _walk(value: Any, kind: Any, pointer: str) -> Iterator[FieldProblem]:
    bare = _bare(kind, value)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        yield from _walk_struct(value, bare, pointer)
        return
    if get_origin(bare) in {list, tuple, set, frozenset} and isinstance(value, list) and _holds_structs(bare):
        inner = get_args(bare)[0]
        for index, each in enumerate(cast("list[Any]", value)[:_MOST]):
            yield from _walk(each, inner, f"{pointer}/{index}")
    if get_origin(bare) in {dict, Mapping} and isinstance(value, dict) and _holds_structs(bare):
        for name, each in islice(cast("dict[str, Any]", value).items(), _MOST):
            yield from _walk(each, get_args(bare)[1], f"{pointer}/{_escape(name)}")
        return
    yield from _convert(value, kind, pointer)


def _walk_struct(value: Any, kind: type[msgspec.Struct], pointer: str) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield from _convert(value, kind, pointer)
        return
    sent = cast("dict[str, Any]", value)
    config = kind.__struct_config__
    hints = get_type_hints(kind, include_extras=True)
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    known_names = {*known, config.tag_field}
    for name, field in known.items():
        where = f"{pointer}/{_escape(name)}"
        if name in sent:
            yield from _walk(sent[name], hints[field.name], where)
        elif field.required:
            yield FieldProblem(pointer=where, code="required", message="is required")
    if config.forbid_unknown_fields:
        for name in sent.keys() - known_names:
            yield FieldProblem(
                pointer=f"{pointer}/{_escape(name)}", code="unknown_field", message="is not a field here"
            )


def _convert(value: Any, kind: Any, pointer: str) -> Iterator[FieldProblem]:
    try:
        msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        yield from_message(pointer, str(error))


def _bare(kind: Any, value: Any) -> Any:
    """The type behind `Annotated` and behind `| None`; in a union of structs, the one that the value's tag names."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0], value)
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    options = [each for each in get_args(kind) if each not in {type(None), msgspec.UnsetType}]
    if value is None:
        return kind
    if len(options) == 1:
        return _bare(options[0], value)
    for option in options:
        config = getattr(option, "__struct_config__", None)
        if config is not None and isinstance(value, dict) and config.tag_field is not None:
            sent = cast("dict[str, Any]", value)
            if sent.get(config.tag_field) == config.tag:
                return option
    return kind


def _holds_structs(kind: Any) -> bool:
    inner = _bare(get_args(kind)[-1] if get_origin(kind) is dict else get_args(kind)[0], ...)
    return (isinstance(inner, type) and issubclass(inner, msgspec.Struct)) or get_origin(inner) in {list, dict}


def _escape(name: str) -> str:
    # RFC 6901, section 3.
    return name.replace("~", "~0").replace("/", "~1")


# ------------------------------------------------------------------------------------------------ parameters
def of_parameters(exchange: Exchange, operation: Operation) -> list[FieldProblem]:
    """Every bad query and header parameter of the request."""
    query = parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True)
    found: list[FieldProblem] = []
    for parameter in operation.parameters:
        value = _sent(parameter, exchange, query)
        if value is None:
            if parameter.is_required and parameter.where != "path":
                found.append(FieldProblem(parameter=parameter.name, code="required", message="is required"))
            continue
        try:
            msgspec.convert(value, parameter.type, strict=parameter.is_moment)
        except msgspec.ValidationError as error:
            problem = from_message("", str(error))
            found.append(
                FieldProblem(parameter=parameter.name, code=problem.code, message=problem.message, meta=problem.meta)
            )
    return found


def _sent(parameter: Parameter, exchange: Exchange, query: list[tuple[str, str]]) -> Any:
    if parameter.where == "header":
        return exchange.header(parameter.name.lower().encode("latin-1"))
    if parameter.where == "query":
        values = [value for name, value in query if name == parameter.name]
        return None if not values else values if parameter.is_list else values[-1]
    return None


def of_query_names(pairs: list[tuple[str, str]], operation: Operation) -> list[FieldProblem]:
    """Query names that the route does not know, that came twice where one is meant, or that say `null`."""
    lists = {each.name for each in operation.parameters if each.is_list}
    found: dict[str, FieldProblem] = {}
    for name, value in pairs:
        if value.lower() == "null" and name in operation.no_null_names:
            found[name] = FieldProblem(parameter=name, code="wrong_type", message="leave it out for nothing")
        if name not in operation.query_names:
            found[name] = FieldProblem(parameter=name, code="unknown_parameter", message="is not a parameter here")
        elif name not in lists and sum(other == name for other, _ in pairs) > 1:
            found[name] = FieldProblem(parameter=name, code="repeated", message="may be given once")
    return list(found.values())


# ------------------------------------------------------------------------------------------------ messages
_NUMBER: Final = r"(-?\d+(?:\.\d+)?)"
_MESSAGES: Final[tuple[tuple[re.Pattern[str], str, str, str | None], ...]] = (
    (re.compile(r"^Expected `str` of length >= (\d+)"), "too_short", "must have at least {0} characters", "min"),
    (re.compile(r"^Expected `str` of length <= (\d+)"), "too_long", "must have at most {0} characters", "max"),
    (re.compile(r"^Expected `\w+` of length >= (\d+)"), "too_few", "must have at least {0} items", "min"),
    (re.compile(r"^Expected `\w+` of length <= (\d+)"), "too_many", "must have at most {0} items", "max"),
    (re.compile(rf"^Expected `\w+` >= {_NUMBER}"), "out_of_range", "must be at least {0}", "min"),
    (re.compile(rf"^Expected `\w+` <= {_NUMBER}"), "out_of_range", "must be at most {0}", "max"),
    (re.compile(rf"^Expected `\w+` > {_NUMBER}"), "out_of_range", "must be more than {0}", "above"),
    (re.compile(rf"^Expected `\w+` < {_NUMBER}"), "out_of_range", "must be less than {0}", "below"),
    (re.compile(r"with a timezone component"), "invalid_format", "needs an offset from UTC, such as Z", None),
    (re.compile(r"^Expected `str` matching regex (.*)$"), "invalid_format", "does not have the right form", None),
    (re.compile(r"^Invalid enum value (.*)$"), "unknown_value", "is not one of the allowed values", None),
    (re.compile(r"^Invalid value (.*)$"), "unknown_value", "is not one of the allowed values", None),
    (re.compile(r"^Object missing required field `(.*)`"), "required", "is required", None),
    (re.compile(r"^Object contains unknown field `(.*)`"), "unknown_field", "is not a field here", None),
    (re.compile(r"^Expected `(.+?)`, got `(.+?)`"), "wrong_type", "must be {0}, not {1}", None),
    (re.compile(r"out of range"), "out_of_range", "is too large", None),
    (re.compile(r"^Invalid (.+)$"), "invalid_format", "is not a valid {0}", None),
)
_JSON_NAMES: Final = {
    "str": "a string", "int": "an integer", "float": "a number", "bool": "true or false", "null": "null",
    "object": "an object", "array": "an array", "datetime": "a date and time", "date": "a date", "uuid": "a UUID",
}  # fmt: skip


def from_message(pointer: str, text: str) -> FieldProblem:
    """A fault in our words, from one in msgspec's; never the value that was sent."""
    match = _PATH.search(text)
    if match:
        text = text[: match.start()]
        for name, index in _STEP.findall(match[1]):
            pointer += f"/{_escape(name) if name else index}"
    for pattern, code, message, key in _MESSAGES:
        if hit := pattern.search(text):
            groups = [_plain(each) for each in hit.groups()]
            meta = {key: float(hit[1]) if "." in hit[1] else int(hit[1])} if key else {}
            return FieldProblem(pointer=pointer, code=code, message=message.format(*groups), meta=meta)
    return FieldProblem(pointer=pointer, code="invalid", message="is not valid")


def _plain(name: str) -> str:
    return " or ".join(_JSON_NAMES.get(each.strip(), each.strip()) for each in name.split("|"))
