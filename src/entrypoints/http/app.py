"""Builds the HTTP application: routes, their policies, and the edge around them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NoReturn

from litestar import Controller, Litestar, Request, Router

from application.shared.once import AnswersTx
from domain.shared.ports import Clock, Transactions
from entrypoints.http import policies, wiring
from entrypoints.http.assistance.controllers import DraftController, SuggestController
from entrypoints.http.authentication import Authenticator
from entrypoints.http.conversations.conversations import ConversationController
from entrypoints.http.conversations.messages import MessageController, ThreadController
from entrypoints.http.conversations.moves import MoveController, TransitionController
from entrypoints.http.cursors import Paging
from entrypoints.http.edge.gate import Gate
from entrypoints.http.edge.operations import OPERATION, handlers_of, read
from entrypoints.http.edge.outer import Edge
from entrypoints.http.edge.request import ReadRequest
from entrypoints.http.health import ProbeController, StatusController
from entrypoints.http.identity import (
    ApiKeyController,
    AuthController,
    MemberController,
    UserController,
    WorkspaceController,
)
from entrypoints.http.knowledge.sources import SourceController
from entrypoints.http.once import OnlyOnce
from entrypoints.http.operations import EventController, JobController
from entrypoints.http.pages import ApiDocument, IndexController, PageController
from entrypoints.http.policies import Policy
from entrypoints.http.prefer import Waits
from entrypoints.http.responses import JsonResponse
from entrypoints.http.settings import HttpSettings
from entrypoints.http.uptime import Uptime
from entrypoints.http.wiring import Services

Controllers = Sequence[type[Controller]]

CONTROLLERS: Final[Controllers] = (
    IndexController,
    StatusController,
    AuthController,
    UserController,
    WorkspaceController,
    MemberController,
    ApiKeyController,
    ConversationController,
    MoveController,
    ThreadController,
    MessageController,
    TransitionController,
    SourceController,
    SuggestController,
    DraftController,
    JobController,
    EventController,
)
"""Every controller under /api/v1. Add yours here, and its operations to `policies.py`."""

ROOT: Final[Controllers] = (ProbeController, PageController)
"""What stands outside /api/v1: for orchestrators and for people."""


def create_app(
    services: Services,
    settings: HttpSettings,
    *,
    controllers: Controllers = CONTROLLERS,
    root: Controllers = ROOT,
    policy_table: Mapping[str, Policy] = policies.POLICIES,
) -> Edge:
    """The ASGI application.

    Args:
        services: where use cases and adapters come from; a `punq.Container`.
        settings: of the door.
        controllers: what is mounted under /api/v1.
        root: what is mounted beside it.
        policy_table: the policy of each operation.

    Raises:
        PolicyMissing: an operation has no policy, or a policy no operation.
    """
    authenticator = services.resolve(Authenticator)
    uptime = Uptime(services.resolve(Clock))
    edges: list[Edge] = []

    @cache
    def contract() -> bytes:
        from entrypoints.http.openapi.document import document, encode  # noqa: PLC0415 -- seldom needed, 40 ms

        return encode(document(edges[0], settings.version))

    def gate(app: Any) -> Gate:
        return Gate(app, authenticator, settings)

    own = {**_own(services, settings), Uptime: uptime, ApiDocument: ApiDocument(contract)}
    app = Litestar(
        route_handlers=[Router("/api/v1", route_handlers=list(controllers)), *root],
        dependencies=wiring.dependencies([*controllers, *root], services, own),
        middleware=[gate],
        exception_handlers={Exception: _let_out},
        request_class=ReadRequest,
        response_class=JsonResponse,
        on_startup=[uptime.begin],
        openapi_config=None,
        logging_config=None,
        # For routes that read their body themselves; the gate reads all others.
        request_max_body_size=settings.largest_body,
    )
    wiring.resolve_one_by_one(app)
    edges.append(Edge(app, settings, _attach(app, policy_table), uptime))
    return edges[0]


def _own(services: Services, settings: HttpSettings) -> dict[type[Any], Any]:
    """What controllers ask the door itself for, by type."""
    return {
        Paging: Paging(settings.secret_key, services.resolve(Clock), settings.cursor_hours),
        OnlyOnce: OnlyOnce(services.resolve(Transactions[AnswersTx])),
        Waits: Waits(settings.longest_wait_seconds, settings.most_waiting, settings.most_waiting_each),
        HttpSettings: settings,
    }


def _attach(app: Litestar, table: Mapping[str, Policy]) -> dict[str, str]:
    """Give each handler its `Operation`; returns the `Allow` header of each path."""
    found = list(handlers_of(app))
    policies.check({str(handler): handler.operation_id for _, _, handler, _ in found}, table)
    methods: dict[str, set[str]] = {}
    for route, method, handler, kwargs in found:
        handler.opt[OPERATION] = read(route, method, handler, kwargs, table[str(handler.operation_id)])
        extra = {"HEAD"} if method == "GET" else set[str]()
        methods.setdefault(route.path_format, {"OPTIONS"}).update({method, *extra})
    return {template: ", ".join(sorted(names)) for template, names in methods.items()}


def _let_out(_: Request[Any, Any, Any], error: Exception) -> NoReturn:
    """Litestar would answer itself; problems are made in one place only, at the edge."""
    raise error
