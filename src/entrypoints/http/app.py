"""Builds the HTTP application: routes, their policies, and the edge around them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from litestar import Controller, Litestar, Request, Router
from litestar.di import Provide

from application.shared.once import AnswersTx
from domain.shared.ports import Clock, Transactions
from entrypoints.http import policies, wiring
from entrypoints.http.authentication import Authenticator
from entrypoints.http.cursors import Paging
from entrypoints.http.edge.gate import Gate
from entrypoints.http.edge.operations import OPERATION, handlers_of, read
from entrypoints.http.edge.outer import Edge
from entrypoints.http.edge.request import ReadRequest
from entrypoints.http.once import OnlyOnce
from entrypoints.http.policies import Policy
from entrypoints.http.settings import HttpSettings
from entrypoints.http.wiring import Services

CONTROLLERS: Final[Sequence[type[Controller]]] = ()
"""Every controller under /api/v1. Add yours here, and its operations to `policies.py`."""


def create_app(
    services: Services,
    settings: HttpSettings,
    *,
    controllers: Sequence[type[Controller]] = CONTROLLERS,
    policy_table: Mapping[str, Policy] = policies.POLICIES,
) -> Edge:
    """The ASGI application.

    Args:
        services: where use cases and adapters come from; a `punq.Container`.
        controllers: what is mounted under /api/v1; tests mount their own.
        policy_table: the policy of each operation.

    Raises:
        PolicyMissing: an operation has no policy, or a policy no operation.
    """
    authenticator = services.resolve(Authenticator)

    def gate(app: Any) -> Gate:
        return Gate(app, authenticator, settings)

    app = Litestar(
        route_handlers=[Router("/api/v1", route_handlers=list(controllers))],
        dependencies=_dependencies(controllers, services, settings),
        middleware=[gate],
        exception_handlers={Exception: _let_out},
        request_class=ReadRequest,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
        debug=False,
    )
    wiring.resolve_one_by_one(app)
    return Edge(app, settings, _attach(app, policy_table))


def _dependencies(
    controllers: Sequence[type[Controller]], services: Services, settings: HttpSettings
) -> dict[str, Provide]:
    clock = services.resolve(Clock)
    own: dict[type[Any], Any] = {
        Paging: Paging(settings.secret_key, clock, settings.cursor_hours),
        OnlyOnce: OnlyOnce(services.resolve(Transactions[AnswersTx])),
        HttpSettings: settings,
    }
    return wiring.dependencies(controllers, services, own)


def _attach(app: Litestar, table: Mapping[str, Policy]) -> dict[str, str]:
    """Give each handler its `Operation`; returns the `Allow` header of each path."""
    found = list(handlers_of(app))
    unnamed = [str(handler) for _, _, handler, _ in found if not handler.operation_id]
    if unnamed:
        raise policies.PolicyMissing(f"these handlers have no operation_id: {', '.join(unnamed)}")
    policies.check([str(handler.operation_id) for _, _, handler, _ in found], table)
    methods: dict[str, set[str]] = {}
    for route, method, handler, kwargs in found:
        handler.opt[OPERATION] = read(route, method, handler, kwargs, table[str(handler.operation_id)])
        extra = {"HEAD"} if method == "GET" else set[str]()
        methods.setdefault(route.path_format, {"OPTIONS"}).update({method, *extra})
    return {template: ", ".join(sorted(names)) for template, names in methods.items()}


def _let_out(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    """Litestar would answer itself; problems are made in one place only, at the edge."""
    raise error
