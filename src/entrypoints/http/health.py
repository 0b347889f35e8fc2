"""Is it alive, is it ready, which release is it, and what does it depend on."""

from typing import Annotated, Literal

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from msgspec import Meta

from application.operations.health import Check, CheckHealth, ListMigrations, Migration
from domain.shared.access import Actor
from domain.shared.errors import ProviderUnavailable
from entrypoints.http.cursors import Paging
from entrypoints.http.fields import At, CursorText, Limit, PageInfo, at
from entrypoints.http.settings import HttpSettings
from entrypoints.http.uptime import Uptime

State = Literal["ok", "degraded", "down"]


class LifeBody(msgspec.Struct, frozen=True):
    """A sign of life."""

    state: Annotated[State, Meta(description="Always `ok`: a process that hangs says nothing.", examples=["ok"])]


class LifeEnvelope(msgspec.Struct, frozen=True):
    """A sign of life."""

    data: LifeBody


class CheckBody(msgspec.Struct, frozen=True):
    """One thing that the service depends on."""

    name: Annotated[str, Meta(description="What it is.", examples=["database"])]
    state: Annotated[Literal["ok", "down"], Meta(description="Whether it answers.", examples=["ok"])]
    is_critical: Annotated[bool, Meta(description="Nothing works without it.", examples=[True])]
    milliseconds: Annotated[float, Meta(ge=0, description="How long it took to answer.", examples=[0.8])]

    @classmethod
    def of(cls, check: Check) -> "CheckBody":
        """Its public form."""
        return cls(check.name, check.state, check.is_critical, check.milliseconds)


class StatusBody(msgspec.Struct, frozen=True):
    """The state of the service."""

    state: Annotated[State, Meta(description="`degraded`: slower or less, but nothing is lost.", examples=["ok"])]
    version: Annotated[str, Meta(description="The release.", examples=["0.1.0"])]
    started_at: At
    uptime_seconds: Annotated[int, Meta(ge=0, description="Since this process started.", examples=[3600])]
    checks: Annotated[list[CheckBody], Meta(description="What it depends on.")]


class StatusEnvelope(msgspec.Struct, frozen=True):
    """The state of the service."""

    data: StatusBody


class MigrationBody(msgspec.Struct, frozen=True):
    """One change of the database schema."""

    revision: Annotated[str, Meta(description="Its name.", examples=["0001"])]
    message: Annotated[str, Meta(description="What it does.", examples=["Jobs, events and answers"])]
    is_applied: Annotated[bool, Meta(description="Whether the database has it.", examples=[True])]

    @classmethod
    def of(cls, migration: Migration) -> "MigrationBody":
        """Its public form."""
        return cls(migration.revision, migration.message, migration.is_applied)


class MigrationList(msgspec.Struct, frozen=True):
    """A page of schema changes, oldest first."""

    data: list[MigrationBody]
    page: PageInfo


class ProbeController(Controller):
    """For orchestrators; outside /api/v1."""

    path = "/"
    tags = ("Health",)

    @get("/livez", operation_id="livez_get")
    async def livez(self) -> LifeEnvelope:
        """Say whether the process is alive.

        Looks at nothing else: a database that is down is no reason to restart this process.
        """
        return LifeEnvelope(data=LifeBody("ok"))

    @get("/readyz", operation_id="readyz_get", opt={"problems": ("service_unavailable",)})
    async def readyz(
        self,
        check_health: NamedDependency[CheckHealth],
        uptime: NamedDependency[Uptime],
        http: NamedDependency[HttpSettings],
    ) -> StatusEnvelope:
        """Say whether requests should be sent here.

        503 if the database is gone, or the process is about to stop. Without Redis the service is `degraded`, and
        ready: no job is lost, they only start later.
        """
        health = await check_health()
        if health.state == "down" or uptime.is_draining:
            raise ProviderUnavailable("database")
        return StatusEnvelope(data=_status(health.state, health.checks, uptime, http))


class StatusController(Controller):
    """For people and monitors."""

    path = "/"
    tags = ("Health",)

    @get("/status", operation_id="status_get")
    async def status(
        self,
        check_health: NamedDependency[CheckHealth],
        uptime: NamedDependency[Uptime],
        http: NamedDependency[HttpSettings],
    ) -> StatusEnvelope:
        """Show the state of the service and of what it depends on."""
        health = await check_health()
        return StatusEnvelope(data=_status(health.state, health.checks, uptime, http))

    @get("/migrations", operation_id="migrations_list", opt={"problems": ("service_unavailable",)})
    async def migrations(
        self,
        actor: NamedDependency[Actor],  # noqa: ARG002 -- the route's policy needs it, the list is the same for all
        list_migrations: NamedDependency[ListMigrations],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
    ) -> MigrationList:
        """List schema changes, oldest first."""
        page = await list_migrations(limit=limit, after=paging.after(cursor))
        return MigrationList(data=[MigrationBody.of(each) for each in page.items], page=paging.info(page, limit))


def _status(state: State, checks: tuple[Check, ...], uptime: Uptime, http: HttpSettings) -> StatusBody:
    return StatusBody(
        state=state,
        version=http.version,
        started_at=at(uptime.started_at),
        uptime_seconds=uptime.seconds(),
        checks=[CheckBody.of(check) for check in checks],
    )
