"""Every route of the contract, tried by everybody who must not get in, on the real thing.

The routes come from the OpenAPI document and the policy file, so a new one is in the matrix by itself.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from domain.identity.roles import PERMISSIONS, Role
from domain.shared.ids import public_id
from entrypoints.composition.services import open_services
from entrypoints.http.app import create_app
from entrypoints.http.documents import release
from entrypoints.http.openapi.export import export
from entrypoints.http.policies import POLICIES, Standing
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings

pytestmark = pytest.mark.journey

PASSWORD = "a long walk by the harbour"
IN_PATH = re.compile(r"\{(\w+)\}")
PREFIXES = {
    "api_key_id": "key",
    "conversation_id": "conv",
    "job_id": "job",
    "message_id": "msg",
    "source_id": "src",
    "user_id": "usr",
    "workspace_id": "wsp",
}
MARK = "canary-of-ada"
"""Stands in all that the first workspace has; nobody else may ever read it."""


@dataclass(frozen=True)
class Route:
    """One operation, with a body that it would take."""

    name: str
    method: str
    template: str
    body: Any

    def path(self, ids: dict[str, str]) -> str:
        return IN_PATH.sub(lambda match: ids[match[1]], self.template)

    @property
    def has_ids(self) -> bool:
        return "{" in self.template


def _routes() -> Iterator[Route]:
    document = msgspec.json.decode(export(release()))
    for template, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in {"get", "post", "put", "patch", "delete"} and template.startswith("/api/v1"):
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                yield Route(operation["operationId"], method.upper(), template, content.get("example"))


ROUTES = [route for route in _routes() if POLICIES[route.name].standing is not Standing.PUBLIC]
IN_WORKSPACE = [route for route in ROUTES if POLICIES[route.name].standing is Standing.MEMBER]


@dataclass
class City:
    """Two workspaces that know nothing of each other, and what the first one has."""

    http: httpx.AsyncClient
    ids: dict[str, str]
    tokens: dict[str, str]
    other: str
    """The second workspace's id."""

    async def call(self, route: Route, token: str | None, ids: dict[str, str], **headers: str) -> httpx.Response:
        given = {"Idempotency-Key": uuid4().hex, "If-Match": '"1"', **headers}
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        body = {} if route.body is None else {"json": route.body}
        return await self.http.request(route.method, route.path(ids), headers=given, **body)


async def _signed_in(http: httpx.AsyncClient) -> tuple[str, str]:
    """An access token, and the address of its owner."""
    person = {"email": f"{uuid4().hex}@example.test", "password": PASSWORD}
    await http.post("/api/v1/auth/register", json=person)
    login = await http.post("/api/v1/auth/login", json=person)
    return login.json()["data"]["access_token"], person["email"]


async def _made(http: httpx.AsyncClient, token: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    answer = await http.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()["data"]


async def _a_city(http: httpx.AsyncClient) -> City:
    people = {name: await _signed_in(http) for name in ("ada", "eve", "rob", "sam", "zoe")}
    tokens = {name: token for name, (token, _) in people.items()}
    workspace = (await _made(http, tokens["ada"], "/workspaces", {"name": MARK}))["id"]
    other = (await _made(http, tokens["eve"], "/workspaces", {"name": "Quay"}))["id"]
    members = {
        name: await _made(
            http, tokens["ada"], f"/workspaces/{workspace}/members", {"email": people[name][1], "role": role}
        )
        for name, role in (("rob", "viewer"), ("sam", "staff"), ("zoe", "staff"))
    }
    opened = {"customer": {"name": MARK}, "channel": "chat", "subject": MARK, "text": MARK}
    conversation = await _made(http, tokens["ada"], "/conversations", opened)
    message = await _made(http, tokens["ada"], f"/conversations/{conversation['id']}/messages", {"text": MARK})
    source = await _made(http, tokens["ada"], "/sources", {"kind": "article", "title": MARK, "text": MARK})
    job = await _made(http, tokens["ada"], f"/conversations/{conversation['id']}/ai-suggest")
    scopes = sorted(PERMISSIONS[Role.OWNER])
    key = await _made(http, tokens["ada"], "/api-keys", {"name": MARK, "scopes": scopes})
    tokens["machine"] = key["key"]
    ids = {
        "workspace_id": workspace,
        "user_id": members["sam"]["user_id"],
        "conversation_id": conversation["id"],
        "message_id": message["id"],
        "source_id": source["id"],
        "job_id": job["id"],
        "api_key_id": key["id"],
    }
    return City(http, ids, tokens, other)


@pytest.fixture(scope="module")
async def city(database_url: str, redis_url: str) -> AsyncIterator[City]:
    settings = load_settings(
        {
            "USHER_DATABASE_URL": database_url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        }
    )
    async with open_services(settings) as services:
        door = HttpSettings(secret_key=b"k" * 32, public_url="http://usher.test")
        transport = httpx.ASGITransport(app=create_app(services, door), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://usher.test") as http:
            yield await _a_city(http)


def _same_for_all(answer: httpx.Response) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    return {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}


def test_knows_every_kind_of_id_in_a_path():
    assert {name for route in ROUTES for name in IN_PATH.findall(route.template)} == PREFIXES.keys()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_asks_everybody_who_they_are(city: City, route: Route):
    answer = await city.call(route, None, city.ids)

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_required")
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("route", [route for route in IN_WORKSPACE if route.has_ids], ids=lambda route: route.name)
async def test_tells_strangers_nothing_that_it_would_not_tell_of_what_is_not_there(city: City, route: Route):
    absent = {name: public_id(prefix, UUID(int=uuid4().int)) for name, prefix in PREFIXES.items()}
    # Their own workspace in the path, so that what is behind it is asked for as well.
    theirs, nothing = ({**ids, "workspace_id": city.other} for ids in (city.ids, absent))

    strange = await city.call(route, city.tokens["eve"], city.ids)
    inside = await city.call(route, city.tokens["eve"], theirs)
    missing = await city.call(route, city.tokens["eve"], absent if "workspace" in route.template else nothing)

    assert (strange.status_code, strange.json()["code"]) == (404, "not_found")
    assert _same_for_all(strange) == _same_for_all(missing)
    assert MARK not in strange.text + inside.text


@pytest.mark.parametrize("route", [route for route in IN_WORKSPACE if not route.has_ids], ids=lambda route: route.name)
async def test_shows_strangers_only_what_is_theirs(city: City, route: Route):
    chosen = await city.call(route, city.tokens["eve"], city.ids, **{"Usher-Workspace": city.ids["workspace_id"]})
    own = await city.call(route, city.tokens["eve"], city.ids)

    assert (chosen.status_code, chosen.json()["code"]) == (404, "not_found")
    assert MARK not in own.text


@pytest.mark.parametrize("route", IN_WORKSPACE, ids=lambda route: route.name)
async def test_keeps_a_key_in_its_own_workspace(city: City, route: Route):
    ids = {**city.ids, "workspace_id": city.other}

    answer = await city.call(route, city.tokens["machine"], ids, **{"Usher-Workspace": city.other})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def _for(role: Role, *, allowed: bool) -> list[Route]:
    return [route for route in IN_WORKSPACE if (POLICIES[route.name].permission in PERMISSIONS[role]) is allowed]


@pytest.mark.parametrize("route", _for(Role.VIEWER, allowed=False), ids=lambda route: route.name)
async def test_lets_viewers_only_look(city: City, route: Route):
    answer = await city.call(route, city.tokens["rob"], city.ids)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert answer.json()["permission"] == POLICIES[route.name].permission


@pytest.mark.parametrize("route", _for(Role.STAFF, allowed=False), ids=lambda route: route.name)
async def test_lets_staff_manage_nothing(city: City, route: Route):
    answer = await city.call(route, city.tokens["zoe"], city.ids)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    "route",
    [route for route in _for(Role.VIEWER, allowed=True) if route.method == "GET" and route.name != "suggestions_get"],
    ids=lambda route: route.name,
)
async def test_shows_viewers_the_work(city: City, route: Route):
    answer = await city.call(route, city.tokens["rob"], city.ids)

    assert answer.status_code == 200, answer.text


async def test_lets_nobody_in_after_they_signed_out(city: City):
    token, _ = await _signed_in(city.http)
    await city.http.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {token}"})

    answers = {route.name: await city.call(route, token, city.ids) for route in ROUTES}

    said = {name: (answer.status_code, answer.json()["code"]) for name, answer in answers.items()}
    assert set(said.values()) == {(401, "token_revoked")}, said
