"""Registering, signing in, staying in and going out, over HTTP."""

import pytest

from domain.shared.errors import ProviderUnavailable
from tests.http.identity_house import a_house
from tests.http.support import client
from tests.support.people import PASSWORD, PlainPasswords

REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"
REFRESH, LOGOUT, ME = "/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/users/me"


def refused(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def fields(answer) -> list[tuple[str, str]]:
    return [(each.get("pointer") or each.get("parameter"), each["code"]) for each in answer.json()["errors"]]


class TestRegister:
    async def test_answers_alike_for_new_and_known_addresses(self):
        house = a_house()
        asked = {"email": "Ada@example.test", "password": PASSWORD}

        async with house.anybody() as http:
            new = await http.post(REGISTER, json=asked)
            known = await http.post(REGISTER, json={**asked, "password": "another passphrase"})

        assert new.status_code == known.status_code == 201
        assert new.json() == known.json() == {"data": {"email": "Ada@example.test", "next": "log_in"}}
        assert new.headers.keys() == known.headers.keys()
        assert new.headers["location"] == "/api/v1/users/me"
        assert new.headers["cache-control"] == "no-store"

    async def test_takes_the_local_part_for_a_name_where_none_is_given(self):
        house = a_house()
        async with house.anybody() as http:
            await http.post(REGISTER, json={"email": "ada@example.test", "password": PASSWORD})
            tokens = (await http.post(LOGIN, json={"email": "ada@example.test", "password": PASSWORD})).json()

        async with client(house.app, tokens["data"]["access_token"]) as http:
            assert (await http.get(ME)).json()["data"]["display_name"] == "ada"

    async def test_names_every_bad_field(self):
        async with a_house().anybody() as http:
            shape = await http.post(REGISTER, json={"email": 1, "password": "x", "display_name": "", "role": "owner"})
            meaning = await http.post(REGISTER, json={"email": "not one", "password": "aaaaaaaa", "display_name": " "})

        assert refused(shape) == refused(meaning) == (400, "validation_failed")
        assert {where for where, _ in fields(shape)} == {"/email", "/password", "/display_name", "/role"}
        assert fields(meaning) == [
            ("/email", "invalid_email"),
            ("/password", "too_common"),
            ("/display_name", "required"),
        ]

    async def test_says_nothing_of_the_password(self):
        async with a_house().anybody() as http:
            answer = await http.post(REGISTER, json={"email": "a@b.test", "password": "zzzzzzzzzz"})

        assert "zzzzzzzzzz" not in answer.text

    async def test_is_busy_when_too_many_passwords_wait(self):
        async with a_house(passwords=BusyPasswords()).anybody() as http:
            answer = await http.post(REGISTER, json={"email": "a@b.test", "password": PASSWORD})

        assert refused(answer) == (503, "service_unavailable")
        assert answer.headers["retry-after"] == "1"


class BusyPasswords(PlainPasswords):
    async def hash(self, password, /):
        raise ProviderUnavailable("password_hashing", retry_after_seconds=1)


class TestLogIn:
    async def test_gives_tokens_that_work(self):
        house = a_house()
        user = await house.desk.a_user()
        async with house.anybody() as http:
            answer = await http.post(LOGIN, json={"email": user.email.upper(), "password": PASSWORD})

        tokens = answer.json()["data"]
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert tokens["token_type"] == "Bearer"
        assert tokens["access_token_expires_at"] == "2026-11-20T12:15:00.000Z"
        assert tokens["refresh_token_expires_at"] == "2026-12-20T12:00:00.000Z"
        async with client(house.app, tokens["access_token"]) as http:
            assert (await http.get(ME)).json()["data"]["email"] == user.email

    async def test_gives_one_answer_for_a_wrong_password_and_an_unknown_address(self):
        house = a_house()
        user = await house.desk.a_user()
        async with house.anybody() as http:
            wrong = await http.post(LOGIN, json={"email": user.email, "password": "a wrong one"})
            unknown = await http.post(LOGIN, json={"email": "nobody@example.test", "password": "a wrong one"})

        assert refused(wrong) == refused(unknown) == (401, "invalid_credentials")
        assert wrong.headers["www-authenticate"].startswith("Bearer")
        assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}

    async def test_refuses_a_suspended_account(self):
        house = a_house()
        user = await house.desk.a_user()
        signed_in = await house.person(user)
        await house.desk.suspend(user.id)

        async with house.anybody() as http:
            answer = await http.post(LOGIN, json={"email": user.email, "password": PASSWORD})
        house.desk.clock.turn(seconds=1)
        async with signed_in as http:
            again = await http.get(ME)

        assert refused(answer) == refused(again) == (403, "account_suspended")


class TestRefresh:
    async def test_gives_the_next_pair_and_repeats_it(self):
        house = a_house()
        grant = await house.desk.log_in(email=(await house.desk.a_user()).email, password=PASSWORD)
        async with house.anybody() as http:
            first = await http.post(REFRESH, json={"refresh_token": grant.refresh_token})
            again = await http.post(REFRESH, json={"refresh_token": grant.refresh_token})

        assert first.status_code == again.status_code == 200
        assert first.json()["data"]["refresh_token"] == again.json()["data"]["refresh_token"]
        assert first.json()["data"]["refresh_token"] != grant.refresh_token

    async def test_refuses_old_forged_and_aged_tokens(self):
        house = a_house()
        user = await house.desk.a_user()
        grant, other = [await house.desk.log_in(email=user.email, password=PASSWORD) for _ in range(2)]
        async with house.anybody() as http:
            await http.post(REFRESH, json={"refresh_token": grant.refresh_token})
            house.desk.clock.turn(seconds=10)
            old = await http.post(REFRESH, json={"refresh_token": grant.refresh_token})
            forged = await http.post(REFRESH, json={"refresh_token": "rt_forged"})
            house.desk.clock.turn(days=30)
            aged = await http.post(REFRESH, json={"refresh_token": other.refresh_token})

        assert refused(old) == (401, "token_revoked")
        assert refused(forged) == (401, "invalid_credentials")
        assert refused(aged) == (401, "token_expired")


class TestLogOut:
    async def test_ends_the_session(self):
        house = a_house()
        user = await house.desk.a_user()
        async with await house.person(user) as http:
            out = await http.post(LOGOUT)
            again = await http.post(LOGOUT)
            after = await http.get(ME)

        assert (out.status_code, out.content) == (204, b"")
        assert refused(again) == refused(after) == (401, "token_revoked")

    async def test_is_for_those_who_are_in(self):
        async with a_house().anybody() as http:
            assert refused(await http.post(LOGOUT)) == (401, "authentication_required")


class TestCallers:
    async def test_is_told_when_the_token_is_over(self):
        house = a_house()
        async with await house.person(await house.desk.a_user()) as http:
            house.desk.clock.turn(minutes=15)
            answer = await http.get(ME)

        assert refused(answer) == (401, "token_expired")

    @pytest.mark.parametrize("token", ["nonsense", "ck_live_nonsense", "a.b.c", "rt_x"])
    async def test_is_refused_with_what_is_no_token(self, token):
        async with client(a_house().app, token) as http:
            assert refused(await http.get(ME)) == (401, "invalid_credentials")
