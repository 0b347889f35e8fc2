"""The own account, workspaces, members and keys, over HTTP."""

from typing import get_args

from adapters.memory.database import MemoryDatabase
from domain.identity.roles import ALL_PERMISSIONS, Role
from domain.shared.ids import public_id
from entrypoints.http.identity.api_keys import Scope
from tests.http.identity_house import a_house, path_of
from tests.http.support import client
from tests.http.test_identity_auth import fields, refused
from tests.support.people import who

ME, WORKSPACES, KEYS = "/api/v1/users/me", "/api/v1/workspaces", "/api/v1/api-keys"


class TestMe:
    async def test_shows_the_account_with_its_version(self):
        house = a_house()
        user = await house.desk.a_user()
        async with await house.person(user) as http:
            answer = await http.get(ME)
            unchanged = await http.get(ME, headers={"If-None-Match": answer.headers["etag"]})

        assert answer.json() == {
            "data": {
                "id": public_id("usr", user.id),
                "email": user.email,
                "display_name": "ada",
                "is_admin": False,
                "created_at": "2026-11-20T12:00:00.000Z",
                "version": 1,
            }
        }
        assert answer.headers["etag"] == '"1"'
        assert unchanged.status_code == 304

    async def test_changes_the_name(self):
        house = a_house()
        async with await house.person(await house.desk.a_user()) as http:
            answer = await http.patch(ME, json={"display_name": "Ada L."}, headers={"If-Match": '"1"'})
            stale = await http.patch(ME, json={"display_name": "Ada K."}, headers={"If-Match": '"1"'})
            nothing = await http.patch(ME, json={})
            blank = await http.patch(ME, json={"display_name": " "})
            others = await http.patch(ME, json={"is_admin": True, "email": "x@y.test"})

        assert answer.json()["data"]["display_name"] == "Ada L."
        assert answer.headers["etag"] == nothing.headers["etag"] == '"2"'
        assert refused(stale) == (412, "precondition_failed")
        assert stale.json()["current_version"] == 2
        assert fields(blank) == [("/display_name", "required")]
        assert {where for where, _ in fields(others)} == {"/is_admin", "/email"}

    async def test_is_not_for_machines(self):
        house = a_house()
        _, actor = await house.owner()
        _, key = await house.desk.create_key(actor=actor, name="Till", scopes=["jobs:read"])

        async with client(house.app, key.text) as http:
            assert refused(await http.get(ME)) == (403, "permission_denied")


class TestWorkspaces:
    async def test_is_founded_once_for_one_key(self):
        house = a_house()
        async with await house.person(await house.desk.a_user()) as http:
            first = await http.post(WORKSPACES, json={"name": "Quay"}, headers={"Idempotency-Key": "k1"})
            again = await http.post(WORKSPACES, json={"name": "Quay"}, headers={"Idempotency-Key": "k1"})
            listed = await http.get(WORKSPACES)

        assert first.status_code == again.status_code == 201
        assert first.json() == again.json()
        assert again.headers["idempotency-replayed"] == "true"
        assert first.headers["location"] == f"{WORKSPACES}/{first.json()['data']['id']}"
        assert [(line["name"], line["role"]) for line in listed.json()["data"]] == [("Quay", "owner")]

    async def test_is_found_by_its_path_without_the_header(self):
        house = a_house()
        user = await house.desk.a_user()
        places = [await house.desk.a_workspace(user, name) for name in ("One", "Two")]
        async with await house.person(user) as http:
            answers = [await http.get(path_of(place)) for place in places]
            unclear = await http.get(KEYS)
            chosen = await http.get(KEYS, headers={"Usher-Workspace": public_id("wsp", places[1].tenant)})

        assert [answer.json()["data"]["name"] for answer in answers] == ["One", "Two"]
        assert refused(unclear) == (400, "validation_failed")
        assert fields(unclear) == [("Usher-Workspace", "required")]
        assert chosen.status_code == 200

    async def test_hides_those_of_others(self):
        house = a_house()
        http, _ = await house.owner()
        _, theirs = await house.owner()
        async with http:
            foreign = await http.get(path_of(theirs))
            absent = await http.get(f"{WORKSPACES}/{public_id('wsp', house.desk.ids.new())}")
            wrong = await http.get(f"{WORKSPACES}/usr_nonsense")
            changed = await http.patch(path_of(theirs), json={"name": "Mine"})
            keys = await http.get(KEYS, headers={"Usher-Workspace": public_id("wsp", theirs.tenant)})

        found = {refused(answer) for answer in (foreign, absent, wrong, changed, keys)}
        assert found == {(404, "not_found")}
        assert foreign.json()["detail"] == absent.json()["detail"]

    async def test_is_renamed_by_those_who_manage(self):
        house = a_house()
        http, owner = await house.owner()
        staff = await house.desk.a_user("staff")
        await house.desk.a_member(owner.tenant, Role.STAFF, staff)
        async with http:
            answer = await http.patch(path_of(owner), json={"name": "Dock"}, headers={"If-Match": '"1"'})
            stale = await http.patch(path_of(owner), json={"name": "Pier"}, headers={"If-Match": '"1"'})
        async with await house.person(staff) as http:
            denied = await http.patch(path_of(owner), json={"name": "Mine"})

        assert (answer.json()["data"]["name"], answer.headers["etag"]) == ("Dock", '"2"')
        assert refused(stale) == (412, "precondition_failed")
        assert refused(denied) == (403, "permission_denied")
        assert denied.json()["permission"] == "workspace:manage"

    async def test_pages_by_cursor(self):
        house = a_house()
        user = await house.desk.a_user()
        for name in ("One", "Two", "Three"):
            await house.desk.a_workspace(user, name)
        async with await house.person(user) as http:
            first = (await http.get(WORKSPACES, params={"limit": 2})).json()
            rest = (await http.get(WORKSPACES, params={"limit": 2, "cursor": first["page"]["next_cursor"]})).json()

        assert [line["name"] for line in [*first["data"], *rest["data"]]] == ["One", "Two", "Three"]
        assert not rest["page"]["has_more"]


class TestMembers:
    async def test_come_change_and_go(self):
        house = a_house()
        http, owner = await house.owner()
        bob = await house.desk.a_user("bob")
        members = f"{path_of(owner)}/members"
        async with http:
            added = await http.post(members, json={"email": bob.email})
            place = added.headers["location"]
            shown = await http.get(place)
            changed = await http.patch(place, json={"role": "admin"}, headers={"If-Match": shown.headers["etag"]})
            listed = await http.get(members)
            gone = await http.delete(place, headers={"If-Match": changed.headers["etag"]})
            absent = await http.get(place)

        assert (added.status_code, added.json()["data"]["role"]) == (201, "staff")
        assert changed.json()["data"]["role"] == "admin"
        assert [(line["email"], line["role"]) for line in listed.json()["data"]][1] == (bob.email, "admin")
        assert gone.status_code == 204
        assert refused(absent) == (404, "not_found")

    async def test_refuses_strangers_twins_and_the_end_of_ownership(self):
        house = a_house()
        http, owner = await house.owner()
        members = f"{path_of(owner)}/members"
        own = f"{members}/{public_id('usr', who(owner))}"
        async with http:
            email = (await http.get(ME)).json()["data"]["email"]
            stranger = await http.post(members, json={"email": "nobody@example.test"})
            twin = await http.post(members, json={"email": email})
            left = await http.delete(own)
            demoted = await http.patch(own, json={"role": "viewer"})
            king = await http.patch(own, json={"role": "king"})
            stale = await http.delete(own, headers={"If-Match": '"9"'})

        assert fields(stranger) == [("/email", "cannot_be_added")]
        assert refused(twin) == (409, "already_exists")
        assert refused(left) == refused(demoted) == (409, "invalid_state")
        assert left.json()["current"] == "owner"
        assert fields(king) == [("/role", "unknown_value")]
        assert refused(stale) == (412, "precondition_failed")

    async def test_may_leave_but_not_put_others_out(self):
        house = a_house()
        _, owner = await house.owner()
        viewer = await house.desk.a_user("viewer")
        await house.desk.a_member(owner.tenant, Role.VIEWER, viewer)
        members = f"{path_of(owner)}/members"
        async with await house.person(viewer) as http:
            denied = await http.delete(f"{members}/{public_id('usr', who(owner))}")
            invited = await http.post(members, json={"email": "x@example.test"})
            left = await http.delete(f"{members}/{public_id('usr', viewer.id)}")
            after = await http.get(members)

        assert refused(denied) == refused(invited) == (403, "permission_denied")
        assert left.status_code == 204
        assert refused(after) == (404, "not_found")


class TestApiKeys:
    async def test_is_shown_once_and_works_in_its_workspace(self):
        house = a_house()
        http, owner = await house.owner()
        asked = {"name": "Till", "scopes": ["members:read"], "expires_at": "2026-12-01T00:00:00+01:00"}
        async with http:
            made = await http.post(KEYS, json=asked, headers={"Idempotency-Key": "k1"})
            again = await http.post(KEYS, json=asked, headers={"Idempotency-Key": "k1"})
            shown = await http.get(made.headers["location"])
            listed = await http.get(KEYS)

        text = made.json()["data"]["key"]
        assert made.status_code == again.status_code == 201
        assert text.startswith("ck_live_")
        assert again.json()["data"] == {**made.json()["data"], "key": None}
        assert (again.headers["etag"], again.headers["idempotency-replayed"]) == ('"1"', "true")
        assert {**shown.json()["data"], "key": text} == made.json()["data"]
        assert listed.json()["data"] == [shown.json()["data"]]
        assert shown.json()["data"]["expires_at"] == "2026-11-30T23:00:00.000Z"
        async with client(house.app, text) as http:
            assert (await http.get(f"{path_of(owner)}/members")).status_code == 200
            assert refused(await http.get(KEYS)) == (403, "permission_denied")

    async def test_leaves_no_usable_secret_behind(self):
        house = a_house()
        http, _ = await house.owner()
        async with http:
            made = await http.post(
                KEYS, json={"name": "Till", "scopes": ["jobs:read"]}, headers={"Idempotency-Key": "k1"}
            )

        database = house.desk.transactions
        assert isinstance(database, MemoryDatabase)
        everything = repr(dict(database.tables))
        assert made.json()["data"]["key"] not in everything
        assert made.json()["data"]["key"][-49:-6] not in everything

    async def test_is_refused_after_its_withdrawal(self):
        house = a_house()
        http, owner = await house.owner()
        _, key = await house.desk.create_key(actor=owner, name="Till", scopes=["members:read"])
        place = f"{KEYS}/{public_id('key', key.id)}"
        async with http:
            stale = await http.delete(place, headers={"If-Match": '"4"'})
            gone = await http.delete(place)
            again = await http.delete(place)
            kept = await http.get(place)

        assert refused(stale) == (412, "precondition_failed")
        assert gone.status_code == again.status_code == 204
        assert kept.json()["data"]["revoked_at"] == "2026-11-20T12:00:00.000Z"
        async with client(house.app, key.text) as http:
            assert refused(await http.get(f"{path_of(owner)}/members")) == (401, "token_revoked")

    async def test_names_every_bad_field(self):
        house = a_house()
        http, _ = await house.owner()
        async with http:
            shape = await http.post(KEYS, json={"name": "", "scopes": ["all"], "expires_at": "soon"})
            meaning = await http.post(
                KEYS, json={"name": " ", "scopes": ["jobs:read"], "expires_at": "2020-01-01T00:00:00Z"}
            )
            far = await http.post(
                KEYS, json={"name": "x", "scopes": ["jobs:read"], "expires_at": "9999-12-31T23:59:59-01:00"}
            )

        assert {where for where, _ in fields(shape)} == {"/name", "/scopes/0", "/expires_at"}
        assert [where for where, _ in fields(meaning)] == ["/name", "/expires_at"]
        assert fields(far) == [("/expires_at", "out_of_range")]

    async def test_hides_keys_of_others(self):
        house = a_house()
        http, _ = await house.owner()
        _, theirs = await house.owner()
        _, key = await house.desk.create_key(actor=theirs, name="Till", scopes=["jobs:read"])
        async with http:
            for verb in ("GET", "DELETE"):
                answer = await http.request(verb, f"{KEYS}/{public_id('key', key.id)}")
                assert refused(answer) == (404, "not_found")

    def test_has_every_permission_for_a_scope(self):
        assert set(get_args(Scope)) == ALL_PERMISSIONS
