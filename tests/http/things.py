"""A small controller with everything a controller can have; the example of the how-to, and the edge's guinea pig."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, Meta, UnsetType

from adapters.memory.database import MemoryDatabase
from adapters.system import TimeOrderedIds
from application.shared.pages import Page
from domain.shared.access import Actor
from domain.shared.errors import (
    AlreadyExists,
    Conflict,
    Gone,
    InvalidState,
    NotFound,
    PreconditionFailed,
    ProviderUnavailable,
    Refusal,
)
from domain.shared.ids import PREFIXES, private_id, public_id
from domain.shared.ports import Transactions
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import (
    CursorText,
    IfMatch,
    Limit,
    PageInfo,
    Version,
    example_id,
    id_in_path,
    id_meta,
)
from entrypoints.http.once import OnlyOnce
from entrypoints.http.policies import PERSONAL, PUBLIC, member
from tests.http.support import TokenTable, build, settings
from tests.support.people import TurnableClock

assert "tag" in PREFIXES

Color = Literal["red", "green", "blue"]

POLICIES = {
    "things_list": member("things:read"),
    "things_get": member("things:read"),
    "things_create": member("things:write"),
    "things_update": member("things:write"),
    "things_delete": member("things:manage"),
    "things_paint": member("things:write"),
    "things_break": PUBLIC,
    "things_weigh": PUBLIC,
    "things_mine": PERSONAL,
}


# ------------------------------------------------------------------------------------------------ application
@dataclass
class Thing:
    id: UUID
    name: str
    color: Color
    version: int = 1


@dataclass(frozen=True)
class Things:
    """Stands for a port, a query and a use case; real ones live in the application."""

    kept: dict[UUID, Thing] = field(default_factory=dict)

    async def page(self, limit: int, after: tuple[object, ...] | None, colors: list[Color] | None) -> Page[Thing]:
        found = [each for each in self.kept.values() if not colors or each.color in colors]
        found = [each for each in found if after is None or str(each.id) < str(after[0])]
        found.sort(key=lambda each: str(each.id), reverse=True)
        more = (str(found[limit - 1].id),) if len(found) > limit else None
        return Page(items=found[:limit], after=more)

    async def get(self, id: UUID) -> Thing:
        if id not in self.kept:
            raise NotFound("no such thing")
        return self.kept[id]


@dataclass(frozen=True, slots=True)
class CreateThing:
    transactions: Transactions[Any]
    things: Things

    async def __call__(self, *, actor: Actor, id: UUID, name: str, color: Color) -> Thing:
        async with self.transactions.begin(actor.tenant):
            thing = self.things.kept[id] = Thing(id, name, color)
            return thing


@dataclass(frozen=True, slots=True)
class ChangeThing:
    transactions: Transactions[Any]
    things: Things

    async def __call__(self, *, actor: Actor, id: UUID, seen: int | None, changes: dict[str, Any]) -> Thing:
        async with self.transactions.begin(actor.tenant):
            thing = await self.things.get(id)
            if seen is not None and seen != thing.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=thing.version)
            thing = self.things.kept[id] = replace(thing, **changes, version=thing.version + 1)
            return thing


# ------------------------------------------------------------------------------------------------ the door
class Maker(msgspec.Struct, forbid_unknown_fields=True):
    """Who made a thing."""

    name: Annotated[str, Meta(min_length=1, max_length=50, description="Full name.", examples=["Grace"])]
    born_in: Annotated[int, Meta(ge=1800, le=2100, description="A year.", examples=[1906])]


class NewThing(msgspec.Struct, forbid_unknown_fields=True):
    """A thing to make."""

    name: Annotated[str, Meta(min_length=1, max_length=20, description="What it is called.", examples=["Lamp"])]
    color: Annotated[Color, Meta(description="One of three.", examples=["red"])]
    maker: Annotated[Maker | None, Meta(description="Who made it.")] = None
    labels: Annotated[
        list[Annotated[str, Meta(max_length=10)]],
        Meta(max_length=3, description="Up to three words.", examples=[["old"]]),
    ] = []


class ThingChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: absent keeps, null clears."""

    name: (
        Annotated[str, Meta(min_length=1, max_length=20, description="Another name.", examples=["Desk"])] | UnsetType
    ) = UNSET
    color: Annotated[Color, Meta(description="Another color.", examples=["blue"])] | UnsetType = UNSET


class ThingBody(msgspec.Struct, frozen=True):
    """A thing."""

    id: Annotated[str, id_meta("tag", "The thing.")]
    name: Annotated[str, Meta(description="What it is called.", examples=["Lamp"])]
    color: Annotated[Color, Meta(description="One of three.", examples=["red"])]
    version: Version

    @classmethod
    def of(cls, thing: Thing) -> "ThingBody":
        return cls(public_id("tag", thing.id), thing.name, thing.color, thing.version)


class ThingEnvelope(msgspec.Struct, frozen=True):
    """One thing."""

    data: ThingBody


class ThingList(msgspec.Struct, frozen=True):
    """A page of things."""

    data: list[ThingBody]
    page: PageInfo


ThingId = Annotated[str, id_in_path("tag", "The thing.")]


class ThingController(Controller):
    path = "/things"
    tags = ("Things",)

    @get(operation_id="things_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        things: NamedDependency[Things],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
        color: Annotated[
            list[Annotated[str, Meta(pattern="^(red|green|blue)$")]] | None,
            QueryParameter(description="Only these.", max_items=3, examples=[Example(value=["red"])]),
        ] = None,
        created_after: Annotated[
            datetime | None,
            QueryParameter(description="Made later.", examples=[Example(value="2026-11-20T07:33:00.000Z")]),
        ] = None,
        is_old: Annotated[
            bool | None, QueryParameter(description="Older than others.", examples=[Example(value=False)])
        ] = None,
    ) -> ThingList:
        """List things, newest first."""
        assert is_old in {None, True, False}
        assert created_after is None or created_after.tzinfo is not None
        page = await things.page(limit, paging.after(cursor), cast("list[Color] | None", color))
        return ThingList(data=[ThingBody.of(each) for each in page.items], page=paging.info(page, limit))

    @get("/{thing_id:str}", operation_id="things_get")
    async def show(
        self, actor: NamedDependency[Actor], things: NamedDependency[Things], thing_id: ThingId
    ) -> Response[ThingEnvelope]:
        """Show a thing."""
        thing = await things.get(private_id("tag", thing_id))
        return tagged(ThingEnvelope(data=ThingBody.of(thing)), thing.version)

    @post(operation_id="things_create", opt={"retry": "required"})
    async def create(
        self,
        actor: NamedDependency[Actor],
        create_thing: NamedDependency[CreateThing],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[NewThing],
    ) -> Response[ThingEnvelope]:
        """Make a thing."""

        async def act(create_thing: CreateThing) -> Response[ThingEnvelope]:
            made = await create_thing(
                actor=actor, id=UUID(int=len(create_thing.things.kept) + 1), name=data.name, color=data.color
            )
            body = ThingBody.of(made)
            return created(ThingEnvelope(data=body), f"/api/v1/things/{body.id}", version=made.version)

        return await once(create_thing, act)

    @patch("/{thing_id:str}", operation_id="things_update", opt={"problems": ("precondition_required",)})
    async def update(
        self,
        actor: NamedDependency[Actor],
        change_thing: NamedDependency[ChangeThing],
        once: NamedDependency[OnlyOnce],
        thing_id: ThingId,
        data: JSONBody[ThingChanges],
        if_match: IfMatch = None,
    ) -> Response[ThingEnvelope]:
        """Change a thing."""
        seen = seen_version(if_match, required=True)
        changes = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}

        async def act(change_thing: ChangeThing) -> Response[ThingEnvelope]:
            thing = await change_thing(actor=actor, id=private_id("tag", thing_id), seen=seen, changes=changes)
            return tagged(ThingEnvelope(data=ThingBody.of(thing)), thing.version)

        return await once(change_thing, act)

    @delete("/{thing_id:str}", operation_id="things_delete")
    async def remove(self, actor: NamedDependency[Actor], things: NamedDependency[Things], thing_id: ThingId) -> None:
        """Forget a thing."""
        things.kept.pop((await things.get(private_id("tag", thing_id))).id)

    @post(
        "/{thing_id:str}/paint",
        operation_id="things_paint",
        status_code=200,
        # No key: painting twice is refused by the thing's own state.
        opt={"retry": "none", "problems": ("invalid_state",)},
    )
    async def paint(
        self, actor: NamedDependency[Actor], things: NamedDependency[Things], thing_id: ThingId
    ) -> ThingEnvelope:
        """Paint a thing red."""
        thing = await things.get(private_id("tag", thing_id))
        if thing.color == "red":
            raise InvalidState("it is red already", current="red", allowed=["green", "blue"])
        thing.color = "red"
        return ThingEnvelope(data=ThingBody.of(thing))

    # No key: whoever reads raw bytes has its own way to know them again.
    @post(
        "/weigh",
        operation_id="things_weigh",
        status_code=200,
        opt={"raw": True, "retry": "none"},
        include_in_schema=False,
    )
    async def weigh(self, request: Request[Any, Any, Any]) -> ThingEnvelope:
        """Read the bytes as they came, whatever they are."""
        return ThingEnvelope(data=ThingBody(example_id("tag"), str(len(await request.body())), "red", 1))

    @get("/mine", operation_id="things_mine")
    async def mine(self, actor: NamedDependency[Actor], things: NamedDependency[Things]) -> ThingEnvelope:
        """Show the caller's own thing."""
        return ThingEnvelope(data=ThingBody(example_id("tag"), actor.caller, "red", 1))

    @get("/break", operation_id="things_break", opt={"problems": ("service_unavailable",)})
    async def fail(
        self,
        how: Annotated[
            str, QueryParameter(max_length=20, description="Which way.", examples=[Example(value="bug")])
        ] = "bug",
    ) -> ThingEnvelope:
        """Fail in a chosen way."""
        if how == "bug":
            raise ZeroDivisionError("secret detail")
        for refusal in (Conflict, AlreadyExists, Gone, Refusal):
            if how == refusal.code:
                raise refusal("it is so")
        raise ProviderUnavailable(how, retry_after_seconds=7)


# ------------------------------------------------------------------------------------------------ a house of things
@dataclass
class House:
    """An application with this controller, and what is behind it."""

    app: Any
    things: Things
    database: MemoryDatabase
    clock: TurnableClock
    tokens: TokenTable

    def thing(self, number: int) -> str:
        """The public id of a thing that is there."""
        return public_id("tag", UUID(int=number))


def a_house(count: int = 3, *, tokens: TokenTable | None = None, **changes: Any) -> House:
    """A house with `count` things, numbered from 1; odd ones are red."""
    clock = TurnableClock()
    database = MemoryDatabase(clock, TimeOrderedIds())
    kept = {UUID(int=n): Thing(UUID(int=n), f"Thing {n}", "red" if n % 2 else "blue") for n in range(1, count + 1)}
    things = Things(kept)
    table = tokens or TokenTable()
    app = build(
        {Things: things, CreateThing: CreateThing(database, things), ChangeThing: ChangeThing(database, things)},
        controllers=[ThingController],
        policies=POLICIES,
        clock=clock,
        answers=database,
        authenticator=table,
        http=settings(**changes),
    )
    return House(app, things, database, clock, table)
