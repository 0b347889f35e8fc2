"""Liveness, readiness, status, migrations."""

from dataclasses import dataclass
from typing import Any

import pytest

from adapters.memory.database import MemoryDatabase
from adapters.system import TimeOrderedIds
from application.operations.health import CheckHealth, ListMigrations, Migration, Probes
from domain.shared.errors import ProviderUnavailable
from entrypoints.http.app import ROOT
from entrypoints.http.health import StatusController
from entrypoints.http.pages import IndexController
from entrypoints.http.policies import POLICIES
from tests.http.support import TokenTable, an_actor, build, client, settings
from tests.support.people import TurnableClock

DOOR = {name: POLICIES[name] for name in (
    "index_get", "livez_get", "readyz_get", "status_get", "docs_show", "docs_asset", "openapi_get", "problems_list",
    "problems_get", "migrations_list",
)}  # fmt: skip


@dataclass
class Switch:
    """A `Probe` that is on or off."""

    name: str
    is_critical: bool
    is_on: bool = True
    asked: int = 0

    async def check(self) -> None:
        self.asked += 1
        if not self.is_on:
            raise ProviderUnavailable(self.name)


@dataclass
class Known:
    """`Migrations` by heart."""

    known: list[Migration]

    async def all(self) -> list[Migration]:
        return self.known


@dataclass
class Service:
    app: Any
    database: Switch
    redis: Switch
    clock: TurnableClock


def a_service(**permissions: Any) -> Service:
    clock = TurnableClock()
    database, redis = Switch("database", is_critical=True), Switch("redis", is_critical=False)
    migrations = [Migration(f"000{n}", f"Change {n}", n < 3) for n in range(1, 4)]
    objects = {
        CheckHealth: CheckHealth(Probes((database, redis))),
        ListMigrations: ListMigrations(Known(migrations)),
    }
    app = build(
        objects,
        controllers=[IndexController, StatusController],
        root=ROOT,
        policies=DOOR,
        clock=clock,
        answers=MemoryDatabase(clock, TimeOrderedIds()),
        authenticator=TokenTable({"ada": an_actor(**permissions)}),
        http=settings(version="1.2.3"),
    )
    return Service(app, database, redis, clock)


async def test_is_alive_whatever_else_is_down() -> None:
    service = a_service()
    service.database.is_on = False
    async with client(service.app, token=None) as http:
        answer = await http.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"data": {"state": "ok"}})


async def test_is_ready_with_database_and_redis() -> None:
    async with client(a_service().app, token=None) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "ok")


async def test_is_ready_but_degraded_without_redis() -> None:
    service = a_service()
    service.redis.is_on = False
    async with client(service.app, token=None) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.json()["data"]["state"]) == (200, "degraded")


async def test_is_not_ready_without_the_database() -> None:
    service = a_service()
    service.database.is_on = False
    async with client(service.app, token=None) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert "retry-after" in answer.headers


async def test_is_not_ready_when_it_is_about_to_stop() -> None:
    service = a_service()
    service.app.uptime.is_draining = True
    async with client(service.app, token=None) as http:
        assert (await http.get("/readyz")).status_code == 503


async def test_shows_release_uptime_and_what_it_depends_on() -> None:
    service = a_service()
    async with client(service.app, token=None) as http:
        await http.get("/api/v1/status")
        service.redis.is_on = False
        service.clock.turn(seconds=90)
        data = (await http.get("/api/v1/status")).json()["data"]

    assert (data["version"], data["uptime_seconds"], data["started_at"]) == ("1.2.3", 90, "2026-11-20T12:00:00.000Z")
    assert [(each["name"], each["is_critical"]) for each in data["checks"]] == [("database", True), ("redis", False)]


async def test_asks_its_servers_once_a_second_however_often_it_is_asked() -> None:
    service = a_service()
    async with client(service.app, token=None) as http:
        for _ in range(20):
            await http.get("/api/v1/status")

    assert service.database.asked == 1


async def test_counts_a_probe_that_hangs_as_down() -> None:
    @dataclass
    class Hanging(Switch):
        async def check(self) -> None:
            raise TimeoutError

    health = await CheckHealth(Probes((Hanging("database", is_critical=True),)))()

    assert health.state == "down"


async def test_lists_migrations_by_page() -> None:
    async with client(a_service(permissions=frozenset({"operations:read"})).app) as http:
        first = await http.get("/api/v1/migrations?limit=2")
        second = await http.get(first.links["next"]["url"])

    assert [each["is_applied"] for each in first.json()["data"]] == [True, True]
    assert second.json()["data"] == [{"revision": "0003", "message": "Change 3", "is_applied": False}]


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("ada", 403)])
async def test_shows_migrations_to_operators_only(token: str | None, status: int) -> None:
    async with client(a_service(permissions=frozenset({"jobs:read"})).app, token=token) as http:
        assert (await http.get("/api/v1/migrations")).status_code == status


async def test_says_where_everything_is() -> None:
    async with client(a_service().app, token=None) as http:
        data = (await http.get("/api/v1")).json()["data"]

        assert data["docs_url"] == "https://usher.test/docs"
        for url in (data["docs_url"], data["openapi_url"], data["problems_url"], data["status_url"]):
            assert (await http.get(url)).status_code == 200
