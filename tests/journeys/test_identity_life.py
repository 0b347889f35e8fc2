"""A person's way through the product's door: PostgreSQL, Argon2id and signed tokens, nothing made up."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from entrypoints import logs
from entrypoints.composition.services import open_services
from entrypoints.http.app import create_app
from entrypoints.http.policies import POLICIES
from entrypoints.http.settings import HttpSettings
from entrypoints.settings import load_settings
from tests.http.identity_house import CONTROLLERS

pytestmark = pytest.mark.journey

PASSWORD = "a long walk by the harbour"
_CONTEXT = ("auth_", "users_", "workspaces_", "members_", "api_keys_")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logs.configure("warning", io.BytesIO())
    yield
    logs.configure("error", io.BytesIO())


@pytest.fixture
async def http(database_url: str, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = load_settings(
        {
            "USHER_DATABASE_URL": database_url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "USHER_TOKEN_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY",
        }
    )
    async with open_services(settings) as services:
        app: Any = create_app(
            services,
            HttpSettings(secret_key=b"k" * 32, public_url="https://usher.test"),
            controllers=CONTROLLERS,
            root=(),
            policy_table={name: policy for name, policy in POLICIES.items() if name.startswith(_CONTEXT)},
        )
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://usher.test/api/v1") as client:
            yield client


async def sign_in(http: httpx.AsyncClient, name: str) -> tuple[dict[str, str], str, str]:
    """A new person: authorization header, address, refresh token."""
    asked = {"email": f"{name}.{uuid4().hex}@example.test", "password": PASSWORD}
    assert (await http.post("/auth/register", json=asked)).status_code == 201
    tokens = (await http.post("/auth/login", json=asked)).json()["data"]
    return {"Authorization": f"Bearer {tokens['access_token']}"}, asked["email"], tokens["refresh_token"]


async def test_founds_a_workspace_lets_somebody_in_and_hands_out_a_key(http):
    ada, _, _ = await sign_in(http, "ada")
    bob, bobs_address, _ = await sign_in(http, "bob")
    once = {"Idempotency-Key": uuid4().hex}

    founded = await http.post("/workspaces", json={"name": "Quay"}, headers={**ada, **once})
    again = await http.post("/workspaces", json={"name": "Quay"}, headers={**ada, **once})
    place = f"/workspaces/{founded.json()['data']['id']}"
    added = await http.post(f"{place}/members", json={"email": bobs_address}, headers={**ada, **once})
    made = await http.post("/api-keys", json={"name": "Till", "scopes": ["members:read"]}, headers={**ada, **once})
    replayed = await http.post("/api-keys", json={"name": "Till", "scopes": ["members:read"]}, headers={**ada, **once})
    seen_by_bob = await http.get("/workspaces", headers=bob)
    seen_by_key = await http.get(f"{place}/members", headers={"Authorization": f"Bearer {made.json()['data']['key']}"})

    assert [answer.status_code for answer in (founded, again, added, made, replayed)] == [201] * 5
    assert founded.json() == again.json()
    assert replayed.json()["data"] == {**made.json()["data"], "key": None}
    assert [(line["name"], line["role"]) for line in seen_by_bob.json()["data"]] == [("Quay", "staff")]
    assert [line["role"] for line in seen_by_key.json()["data"]] == ["owner", "staff"]


async def test_changes_a_name_once_however_many_try(http):
    ada, _, _ = await sign_in(http, "ada")

    answers = await asyncio.gather(
        *[
            http.patch("/users/me", json={"display_name": f"Ada {n}"}, headers={**ada, "If-Match": '"1"'})
            for n in range(6)
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]


async def test_stays_in_by_refreshing_and_is_out_after_leaving(http):
    ada, _, refresh_token = await sign_in(http, "ada")

    pairs = await asyncio.gather(
        *[http.post("/auth/refresh", json={"refresh_token": refresh_token}) for _ in range(20)]
    )
    (successor,) = {pair.json()["data"]["refresh_token"] for pair in pairs}
    out = await http.post("/auth/logout", headers=ada)
    after = await http.get("/users/me", headers=ada)
    dead = await http.post("/auth/refresh", json={"refresh_token": successor})

    assert out.status_code == 204
    assert (after.status_code, after.json()["code"]) == (401, "token_revoked")
    assert (dead.status_code, dead.json()["code"]) == (401, "token_revoked")


async def test_answers_others_while_a_flood_of_logins_waits(http):
    ada, _, _ = await sign_in(http, "ada")
    flood = [
        asyncio.create_task(http.post("/auth/login", json={"email": "x@example.test", "password": "guess"}))
        for _ in range(150)
    ]
    await asyncio.sleep(0.05)

    answer = await http.get("/users/me", headers=ada)
    still_waiting = sum(not each.done() for each in flood)

    statuses = [(await each).status_code for each in flood]
    assert answer.status_code == 200
    assert still_waiting
    assert set(statuses) == {401, 503}
