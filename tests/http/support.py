"""The real application over memory adapters and fakes, for tests of the door."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

import httpx
from litestar import Controller

from application.shared.once import AnswersTx
from domain.shared.access import Actor
from domain.shared.errors import InvalidCredentials
from domain.shared.ids import UserId, WorkspaceId
from domain.shared.ports import Clock, Transactions
from entrypoints.http.app import create_app
from entrypoints.http.authentication import Authenticator
from entrypoints.http.policies import Policy
from entrypoints.http.settings import HttpSettings

T = TypeVar("T")

WORKSPACE = WorkspaceId(UUID("019a0000-0000-7000-8000-00000000000a"))
OTHER_WORKSPACE = WorkspaceId(UUID("019a0000-0000-7000-8000-00000000000b"))
ADA = UserId(UUID("019a0000-0000-7000-8000-000000000001"))
BOB = UserId(UUID("019a0000-0000-7000-8000-000000000002"))

EVERYTHING = frozenset(
    f"{thing}:{verb}"
    for thing in ("conversations", "sources", "suggestions", "jobs", "events", "things")
    for verb in ("read", "write", "manage")
) | {"workspace:read", "workspace:manage"}


def an_actor(
    user: UserId = ADA,
    workspace: WorkspaceId = WORKSPACE,
    permissions: frozenset[str] = EVERYTHING,
    role: str = "owner",
) -> Actor:
    return Actor(user_id=user, workspace_id=workspace, permissions=permissions, role=role)


class TokenTable:
    """An `Authenticator` that knows its callers by heart; an exception as value is raised."""

    def __init__(self, callers: Mapping[str, Actor | Exception] | None = None) -> None:
        self.callers: dict[str, Actor | Exception] = (
            dict(callers) if callers is not None else {"ada": an_actor(), "bob": an_actor(BOB)}
        )
        self.asked: list[WorkspaceId | None] = []

    async def authenticate(self, token: str, workspace: WorkspaceId | None, /) -> Actor:
        self.asked.append(workspace)
        found = self.callers.get(token)
        if found is None:
            raise InvalidCredentials("no such token")
        if isinstance(found, Exception):
            raise found
        return found


class Offer:
    """A container by hand: `Offer({SendMessage: SendMessage(...), ...})`."""

    def __init__(self, objects: Mapping[Any, Any]) -> None:
        self._objects = dict(objects)

    def resolve(self, service_key: type[T], /) -> T:
        return self._objects[service_key]


def settings(**changes: Any) -> HttpSettings:
    return replace(HttpSettings(secret_key=b"k" * 32, public_url="https://usher.test"), **changes)


def build(
    objects: Mapping[Any, Any],
    *,
    controllers: Sequence[type[Controller]],
    policies: Mapping[str, Policy],
    root: Sequence[type[Controller]] = (),
    clock: Clock,
    answers: Transactions[Any],
    authenticator: Authenticator | None = None,
    http: HttpSettings | None = None,
) -> Any:
    """The application with these controllers under /api/v1, and nothing else there."""
    services = Offer(
        {
            Authenticator: authenticator or TokenTable(),
            Clock: clock,
            Transactions[AnswersTx]: answers,
            **objects,
        }
    )
    return create_app(services, http or settings(), controllers=controllers, root=root, policy_table=policies)


def client(app: Any, token: str | None = "ada", **headers: str) -> httpx.AsyncClient:
    """A client that is signed in; `async with client(app) as http: await http.get("/api/v1/...")`."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="https://usher.test", headers=headers)
