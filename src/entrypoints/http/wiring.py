"""Hands application objects to controllers: whatever a handler asks for as `NamedDependency[X]` is resolved once, at
the start, from the container. So a missing adapter stops the boot, and a request costs no look-up.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Protocol, TypeVar, cast, get_args, get_origin, get_type_hints

from litestar import Controller, Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from domain.shared.access import Actor
from entrypoints.http.edge.exchange import current

T = TypeVar("T")


class Services(Protocol):
    """What the composition root offers; a `punq.Container` is one."""

    def resolve(self, service_key: type[T], /) -> T:
        """The one object of this kind. Raises where there is none."""
        ...


class WiringError(Exception):
    """Two handlers mean different things by one name."""


def dependencies(
    controllers: Iterable[type[Controller]], services: Services, own: Mapping[type[Any], Any]
) -> dict[str, Provide]:
    """A provider for each name that the controllers ask for.

    Args:
        own: objects of the door itself, by type; everything else comes from `services`.
    """
    wanted: dict[str, type[Any]] = {}
    for controller in controllers:
        for name, kind in _asked_for(controller):
            if wanted.setdefault(name, kind) is not kind:
                raise WiringError(f"{name} is a {kind.__name__} here and a {wanted[name].__name__} elsewhere")
    providers = {"actor": Provide(_actor, sync_to_thread=False)}
    for name, kind in wanted.items():
        if kind is not Actor:
            providers[name] = _always(own[kind] if kind in own else services.resolve(kind))
    return providers


def _asked_for(controller: type[Controller]) -> Iterable[tuple[str, type[Any]]]:
    for member in vars(controller).values():
        if isinstance(member, HTTPRouteHandler):
            hints = get_type_hints(member.fn, include_extras=True)
            for name, hint in hints.items():
                if get_origin(hint) is Annotated and any(
                    type(mark).__name__ == "Dependency" for mark in get_args(hint)[1:]
                ):
                    yield name, cast("type[Any]", get_args(hint)[0])


def _actor() -> Actor:
    actor = current().actor
    if actor is None:
        raise RuntimeError("a public route has no actor")
    return actor


def _always(value: object) -> Provide:
    def give() -> object:
        return value

    return Provide(give, sync_to_thread=False)


def resolve_one_by_one(app: Litestar) -> None:
    """Let dependencies be resolved in turn. Litestar opens a task group for two that do not depend on each other,
    which costs 50 µs per request; ours never wait, so there is nothing to gain from it.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, kwargs in route.route_handler_map.values():
                kwargs.dependency_batches = [{each} for batch in kwargs.dependency_batches for each in batch]
