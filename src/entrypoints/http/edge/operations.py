"""What the edge knows about each route, worked out once at the start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from litestar import Litestar
from litestar.enums import ParamType
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from entrypoints.http.policies import Policy, Standing

Retry = Literal["required", "optional", "none"]
"""Whether an `Idempotency-Key` is demanded, taken, or has no meaning here."""

_MOMENT: Final = Annotated[datetime, msgspec.Meta(tz=True)]

OPERATION: Final = "operation"
"""Where a handler's `opt` keeps its `Operation`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter: its name on the wire, where it stands, and the type that bounds it."""

    name: str
    where: Literal["query", "header", "path", "cookie"]
    type: Any
    is_required: bool
    is_list: bool

    @property
    def is_moment(self) -> bool:
        """Whether it is a time point: RFC 3339 with an offset."""
        return self.type is _MOMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path."""

    id: str
    method: str
    template: str
    policy: Policy
    parameters: tuple[Parameter, ...]
    query_names: frozenset[str]
    close_names: frozenset[str]
    """Query names that Litestar is too kind to, so the edge checks them: it forgets the bounds of the items of a list,
    and takes any number for a time point."""
    no_null_names: frozenset[str]
    """Query names whose values are no text; msgspec takes the text `null` for nothing there, and we do not."""
    body_type: Any
    """What the JSON body must be; None where the route takes no body."""
    is_body_optional: bool
    decoder: msgspec.json.Decoder[Any] | None
    retry: Retry
    is_raw: bool
    """The route reads its body itself: uploads and webhooks."""
    answers_json: bool
    """False for pages and files."""

    @property
    def is_public(self) -> bool:
        """Whether anybody may call it."""
        return self.policy.standing is Standing.PUBLIC


def handlers_of(app: Litestar) -> Iterator[tuple[HTTPRoute, str, HTTPRouteHandler, Any]]:
    """(route, method, handler, its parameters) of all routes that were declared; Litestar adds OPTIONS by itself."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, kwargs) in route.route_handler_map.items():
                if method != "OPTIONS":
                    yield route, str(method), handler, kwargs


def read(route: HTTPRoute, method: str, handler: HTTPRouteHandler, kwargs: Any, policy: Policy) -> Operation:
    """Work out what the edge must know about one handler."""
    parameters = tuple(_parameters(handler, kwargs))
    body = handler.parsed_fn_signature.parameters.get("data")
    body_type = None if body is None else _without_none(body.annotation)
    return Operation(
        id=str(handler.operation_id),
        method=method,
        template=route.path_format,
        policy=policy,
        parameters=parameters,
        query_names=frozenset(each.name for each in parameters if each.where == "query"),
        close_names=frozenset(
            each.name for each in parameters if each.where == "query" and (each.is_list or each.is_moment)
        ),
        no_null_names=frozenset(each.name for each in parameters if each.where == "query" and not _is_text(each)),
        body_type=body_type,
        is_body_optional=body is not None and body.is_optional,
        decoder=None if body_type is None else msgspec.json.Decoder(body_type),
        retry=handler.opt.get("retry") or _default_retry(method, policy),
        is_raw=bool(handler.opt.get("raw")),
        answers_json=not handler.opt.get("page"),
    )


def _default_retry(method: str, policy: Policy) -> Retry:
    # Without a caller there is nobody to keep an answer for.
    return "optional" if method in {"POST", "PATCH"} and policy.standing is not Standing.PUBLIC else "none"


_WHERE: Final[Mapping[ParamType, Literal["query", "header", "path", "cookie"]]] = {
    ParamType.QUERY: "query",
    ParamType.HEADER: "header",
    ParamType.PATH: "path",
    ParamType.COOKIE: "cookie",
}


def _parameters(handler: HTTPRouteHandler, kwargs: Any) -> Iterator[Parameter]:
    known: dict[str, Any] = handler.signature_model.__annotations__
    hints = get_type_hints(handler.fn, include_extras=True)
    found = [
        *kwargs.expected_path_params,
        *kwargs.expected_query_params,
        *kwargs.expected_header_params,
        *kwargs.expected_cookie_params,
    ]
    for each in sorted(found, key=lambda definition: str(definition.field_alias)):
        yield Parameter(
            name=each.field_alias,
            where=_WHERE[each.param_type],
            type=_type(known.get(each.field_name, str), hints.get(each.field_name), is_list=each.is_sequence),
            is_required=each.is_required,
            is_list=each.is_sequence,
        )


def _type(known: Any, hint: Any, *, is_list: bool) -> Any:
    if is_list:
        return _list_type(hint)
    return _MOMENT if _bare(_without_none(_bare(known))) is datetime else known


def _list_type(hint: Any) -> Any:
    """`list[...]` with all bounds, from `Annotated[list[...] | None, QueryParameter(...)]`."""
    kind, marker = get_args(hint)[:2]
    return Annotated[_without_none(kind), msgspec.Meta(min_length=marker.min_items, max_length=marker.max_items)]


def _is_text(parameter: Parameter) -> bool:
    bare = _bare(parameter.type)
    return bare is str or any(_bare(option) is str for option in get_args(bare))


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _without_none(annotation: Any) -> Any:
    arguments = getattr(annotation, "__args__", ())
    kept = [each for each in arguments if each is not type(None)]
    return kept[0] if len(kept) == 1 and len(arguments) == 2 else annotation
