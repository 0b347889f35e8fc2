"""Registering, signing in, staying in and going out."""

import asyncio
from typing import Any

import pytest

from adapters.memory.database import MemoryDatabase
from application.identity.actors import as_person
from application.identity.log_in import LogIn
from application.identity.rename_user import RenameUser
from domain.identity.sessions import SessionEnded, SessionOpened, SessionReused
from domain.identity.users import AccountSuspended, RegistrationRepeated, UserRegistered
from domain.shared.errors import (
    AlreadyExists,
    Forbidden,
    Invalid,
    InvalidCredentials,
    PreconditionFailed,
    TokenExpired,
    TokenRevoked,
)
from domain.shared.ids import PLATFORM, SessionId
from tests.support.people import NOON, PASSWORD, Desk, PlainPasswords, TurnableClock, a_desk


def table(desk: Desk, name: str) -> dict[Any, Any]:
    assert isinstance(desk.transactions, MemoryDatabase)
    return desk.transactions.tables[name]


def events_of(desk, tenant=PLATFORM):
    feed = table(desk, "events")
    return [row.event for key, row in feed.items() if key[0] == tenant]


async def log_in(desk, user, password=PASSWORD):
    return await desk.log_in(email=user.email, password=password)


class TestRegister:
    async def test_makes_an_account_that_can_sign_in(self):
        desk = a_desk()

        await desk.register(email="Ada@example.test", password=PASSWORD, display_name="Ada")

        assert await desk.log_in(email="ada@EXAMPLE.test", password=PASSWORD)
        assert isinstance(events_of(desk)[0], UserRegistered)

    async def test_answers_alike_for_a_known_address_and_changes_nothing(self):
        desk = a_desk()
        user = await desk.a_user()

        answer = await desk.register(email=user.email, password="another passphrase", display_name="Eve")

        assert answer is None
        assert RegistrationRepeated(user_id=user.id) in events_of(desk)
        with pytest.raises(InvalidCredentials):
            await log_in(desk, user, "another passphrase")

    async def test_names_everything_that_is_wrong(self):
        desk = a_desk()

        with pytest.raises(Invalid) as caught:
            await desk.register(email="ada", password="short", display_name=" ")

        assert [problem.pointer for problem in caught.value.problems] == ["/email", "/password", "/display_name"]

    async def test_tells_the_operator_of_a_known_address(self):
        desk = a_desk()
        user = await desk.a_user()

        with pytest.raises(AlreadyExists):
            await desk.a_user(email=user.email)


class TestLogIn:
    async def test_hands_out_tokens_that_end(self):
        desk = a_desk()
        user = await desk.a_user()

        grant = await log_in(desk, user)

        assert (grant.access_expires_at - NOON).total_seconds() == 900
        assert (grant.refresh_expires_at - NOON).days == 30
        assert grant.access_token not in repr(grant)
        assert grant.refresh_token not in repr(grant)
        assert isinstance(events_of(desk)[-1], SessionOpened)

    async def test_opens_a_session_of_its_own_each_time(self):
        desk = a_desk()
        user = await desk.a_user()

        first, second = await log_in(desk, user), await log_in(desk, user)

        assert first.refresh_token != second.refresh_token
        assert len(table(desk, "sessions")) == 2

    async def test_works_as_long_for_an_unknown_address(self):
        desk = a_desk()
        user = await desk.a_user()

        for email in (user.email, "nobody@example.test"):
            with pytest.raises(InvalidCredentials, match="the address or the password is wrong"):
                await desk.log_in(email=email, password="a wrong password")

        assert desk.passwords.asked == [f"plain:{PASSWORD}", None]

    async def test_tells_of_a_suspension_only_with_the_right_password(self):
        desk = a_desk()
        user = await desk.a_user()
        await desk.suspend(user.id)

        with pytest.raises(InvalidCredentials):
            await log_in(desk, user, "a wrong password")
        with pytest.raises(AccountSuspended):
            await log_in(desk, user)

    async def test_refuses_an_account_that_is_suspended_at_this_moment(self):
        desk = a_desk()
        user = await desk.a_user()
        passwords = SuspendingPasswords(lambda: desk.suspend(user.id))
        log_in = LogIn(desk.transactions, passwords, desk.tokens, desk.chains, desk.clock, desk.ids)

        with pytest.raises(AccountSuspended):
            await log_in(email=user.email, password=PASSWORD)

    async def test_renews_an_outdated_hash(self):
        desk = a_desk()
        user = await desk.a_user()
        hashes = table(desk, "passwords")
        hashes[user.id] = f"old-plain:{PASSWORD}"

        await log_in(desk, user)

        assert hashes[user.id] == f"plain:{PASSWORD}"


class SuspendingPasswords(PlainPasswords):
    def __init__(self, suspend) -> None:
        super().__init__()
        self._suspend = suspend

    async def verify(self, password, stored, /):
        await self._suspend()
        return await super().verify(password, stored)


class TestRefresh:
    async def test_gives_the_next_pair(self):
        desk = a_desk()
        first = await log_in(desk, await desk.a_user())
        desk.clock.turn(minutes=20)

        second = await desk.refresh(refresh_token=first.refresh_token)

        assert second.refresh_token != first.refresh_token
        assert second.refresh_expires_at == first.refresh_expires_at
        assert await desk.authenticate.authenticate(second.access_token, PLATFORM)

    async def test_gives_the_same_successor_for_ten_seconds(self):
        desk = a_desk()
        first = await log_in(desk, await desk.a_user())

        second = await desk.refresh(refresh_token=first.refresh_token)
        desk.clock.turn(seconds=9.9)
        again = await desk.refresh(refresh_token=first.refresh_token)

        assert again.refresh_token == second.refresh_token

    @pytest.mark.parametrize("seconds", [10, 3600])
    async def test_kills_the_family_when_the_predecessor_comes_late(self, seconds):
        desk = a_desk()
        first = await log_in(desk, await desk.a_user())
        second = await desk.refresh(refresh_token=first.refresh_token)
        desk.clock.turn(seconds=seconds)

        for token in (first.refresh_token, second.refresh_token):
            with pytest.raises(TokenRevoked):
                await desk.refresh(refresh_token=token)

        assert [type(event) for event in events_of(desk)].count(SessionReused) == 1

    async def test_kills_the_family_when_a_grandparent_comes(self):
        desk = a_desk()
        first = await log_in(desk, await desk.a_user())
        second = await desk.refresh(refresh_token=first.refresh_token)
        third = await desk.refresh(refresh_token=second.refresh_token)

        with pytest.raises(TokenRevoked):
            await desk.refresh(refresh_token=first.refresh_token)

        with pytest.raises(TokenRevoked):
            await desk.refresh(refresh_token=third.refresh_token)
        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(third.access_token, PLATFORM)

    async def test_leaves_other_sessions_alone_when_a_family_dies(self):
        desk = a_desk()
        user = await desk.a_user()
        phone, laptop = await log_in(desk, user), await log_in(desk, user)
        await desk.refresh(refresh_token=phone.refresh_token)
        desk.clock.turn(seconds=11)
        with pytest.raises(TokenRevoked):
            await desk.refresh(refresh_token=phone.refresh_token)

        assert await desk.refresh(refresh_token=laptop.refresh_token)

    async def test_ends_after_thirty_days(self):
        desk = a_desk()
        grant = await log_in(desk, await desk.a_user())
        desk.clock.turn(days=29, hours=23, minutes=59)
        grant = await desk.refresh(refresh_token=grant.refresh_token)

        assert grant.access_expires_at == grant.refresh_expires_at
        desk.clock.turn(minutes=1)
        with pytest.raises(TokenExpired):
            await desk.refresh(refresh_token=grant.refresh_token)

    async def test_refuses_a_forged_token_without_harm(self):
        desk = a_desk()
        grant = await log_in(desk, await desk.a_user())
        forged = grant.refresh_token[:-1] + ("A" if grant.refresh_token[-1] != "A" else "B")

        for text in (forged, "", "rt_", "rt_!!!!", "nonsense", "rt_é"):
            with pytest.raises(InvalidCredentials):
                await desk.refresh(refresh_token=text)

        assert await desk.refresh(refresh_token=grant.refresh_token)

    async def test_refuses_a_session_that_was_never_stored(self):
        desk = a_desk()
        token = desk.chains.first(SessionId(desk.ids.new()))

        with pytest.raises(InvalidCredentials):
            await desk.refresh(refresh_token=token.text)

    async def test_has_one_successor_for_twenty_at_once(self):
        desk = a_desk()
        grant = await log_in(desk, await desk.a_user())

        found = await asyncio.gather(*[desk.refresh(refresh_token=grant.refresh_token) for _ in range(20)])

        assert len({each.refresh_token for each in found}) == 1


class TestLogOut:
    async def test_ends_the_session_at_once_in_this_process(self):
        desk = a_desk()
        grant = await log_in(desk, await desk.a_user())
        actor = await desk.authenticate.authenticate(grant.access_token, PLATFORM)

        await desk.log_out(actor=actor)
        await desk.log_out(actor=actor)

        with pytest.raises(TokenRevoked):
            await desk.authenticate.authenticate(grant.access_token, PLATFORM)
        with pytest.raises(TokenRevoked):
            await desk.refresh(refresh_token=grant.refresh_token)
        assert [type(event) for event in events_of(desk)].count(SessionEnded) == 1

    async def test_means_nothing_without_a_session(self):
        desk = a_desk()
        user = await desk.a_user()

        await desk.log_out(actor=as_person(user.id))


class TestProfile:
    async def test_shows_another_name(self):
        desk = a_desk()
        user = await desk.a_user()

        changed = await RenameUser(desk.transactions)(actor=as_person(user.id), display_name="Ada L.", seen=1)

        assert (changed.display_name, changed.version) == ("Ada L.", 2)

    @pytest.mark.parametrize("name", [None, "ada"])
    async def test_changes_nothing_where_nothing_changes(self, name):
        desk = a_desk()
        user = await desk.a_user()

        assert (await RenameUser(desk.transactions)(actor=as_person(user.id), display_name=name)).version == 1

    async def test_refuses_an_old_version_and_a_blank_name(self):
        desk = a_desk()
        me = as_person((await desk.a_user()).id)

        with pytest.raises(PreconditionFailed) as caught:
            await RenameUser(desk.transactions)(actor=me, display_name="Ada L.", seen=7)
        with pytest.raises(Invalid):
            await RenameUser(desk.transactions)(actor=me, display_name="")

        assert caught.value.facts == {"current_version": 1}

    async def test_is_not_for_machines(self):
        desk = a_desk(TurnableClock())
        owner = await desk.a_workspace()
        _, key = await desk.create_key(actor=owner, name="Till", scopes=["jobs:read"])
        machine = await desk.authenticate.authenticate(key.text, None)

        with pytest.raises(Forbidden):
            await RenameUser(desk.transactions)(actor=machine, display_name="Robot")
