"""Who is asking, and whether the route's policy admits them."""

import pytest

from domain.shared.errors import Forbidden, NotFound, TokenExpired, TokenRevoked
from domain.shared.ids import PLATFORM, public_id
from entrypoints.http.app import create_app
from entrypoints.http.policies import POLICIES, PUBLIC, PolicyMissing, check, member
from tests.http import things
from tests.http.support import OTHER_WORKSPACE, TokenTable, an_actor, build, client
from tests.http.things import a_house


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic YWRhOng=", "ada", "Token ada", "Bearer " + "x" * 5000]
)
async def test_asks_for_a_bearer_token(header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    async with client(a_house().app, token=None) as http:
        answer = await http.get("/api/v1/things", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_required")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="usher"')


async def test_gives_no_error_code_where_no_token_was_sent() -> None:
    async with client(a_house().app, token=None) as http:
        answer = await http.get("/api/v1/things")

    assert answer.headers["www-authenticate"] == 'Bearer realm="usher"'


@pytest.mark.parametrize(
    ("token", "code"),
    [("forged", "invalid_credentials"), ("old", "token_expired"), ("withdrawn", "token_revoked")],
)
async def test_refuses_tokens_that_do_not_count(token: str, code: str) -> None:
    tokens = TokenTable({"old": TokenExpired("it was good until noon"), "withdrawn": TokenRevoked("signed out")})
    async with client(a_house(tokens=tokens).app, token=token) as http:
        answer = await http.get("/api/v1/things")

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_takes_the_scheme_in_any_case() -> None:
    async with client(a_house().app, token=None) as http:
        assert (await http.get("/api/v1/things", headers={"Authorization": "bearer ada"})).status_code == 200


async def test_asks_before_it_reads_the_body_or_the_key() -> None:
    async with client(a_house().app, token=None) as http:
        answer = await http.post("/api/v1/things", content=b"{", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 401


async def test_refuses_callers_without_the_permission_of_the_route() -> None:
    tokens = TokenTable({"reader": an_actor(permissions=frozenset({"things:read"}))})
    house = a_house(tokens=tokens)
    async with client(house.app, token="reader") as http:
        seen = await http.get("/api/v1/things")
        refused = await http.delete(f"/api/v1/things/{house.thing(1)}")

    assert seen.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert refused.json()["permission"] == "things:manage"
    assert len(house.things.kept) == 3


async def test_passes_the_chosen_workspace_on() -> None:
    house = a_house()
    async with client(house.app) as http:
        await http.get("/api/v1/things", headers={"Usher-Workspace": public_id("wsp", OTHER_WORKSPACE)})
        await http.get("/api/v1/things")
        await http.get("/api/v1/things/mine", headers={"Usher-Workspace": public_id("wsp", OTHER_WORKSPACE)})

    assert house.tokens.asked == [OTHER_WORKSPACE, None, PLATFORM]


async def test_finds_nothing_in_a_workspace_that_is_no_id() -> None:
    async with client(a_house().app) as http:
        answer = await http.get("/api/v1/things", headers={"Usher-Workspace": "acme"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("refusal", "status"), [(NotFound("no such workspace"), 404), (Forbidden("persons only"), 403)]
)
async def test_passes_on_what_the_authenticator_refuses(refusal: Exception, status: int) -> None:
    async with client(a_house(tokens=TokenTable({"ada": refusal})).app) as http:
        assert (await http.get("/api/v1/things")).status_code == status


async def test_does_not_look_at_tokens_on_public_routes() -> None:
    house = a_house()
    async with client(house.app, token="forged") as http:
        await http.get("/api/v1/things/break")

    assert house.tokens.asked == []


def test_does_not_start_with_a_route_that_has_no_policy() -> None:
    table = {name: policy for name, policy in things.POLICIES.items() if name != "things_delete"}

    with pytest.raises(PolicyMissing, match="things_delete has no policy"):
        build(
            {things.Things: things.Things(), things.CreateThing: None, things.ChangeThing: None},
            controllers=[things.ThingController],
            policies=table,
            clock=things.TurnableClock(),
            answers=a_house().database,
        )


def test_names_everything_that_is_wrong_with_the_policies() -> None:
    with pytest.raises(PolicyMissing, match=r"a handler has no operation_id; b has no policy; c has a policy but no"):
        check({"a handler": None, "B.b": "b"}, {"c": PUBLIC})


def test_does_not_start_without_a_service_that_a_controller_asks_for() -> None:
    with pytest.raises(KeyError, match="CreateThing"):
        build(
            {things.Things: things.Things()},
            controllers=[things.ThingController],
            policies=things.POLICIES,
            clock=things.TurnableClock(),
            answers=a_house().database,
        )


def test_says_public_only_where_it_is_meant() -> None:
    public = {name for name, policy in POLICIES.items() if policy == PUBLIC}

    assert not any(name.split("_")[-1] in {"update", "delete"} for name in public)
    assert member("things:read").permission == "things:read"
    assert create_app is not None
