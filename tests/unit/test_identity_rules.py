"""The rules of accounts, workspaces, roles and keys."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.identity.api_keys import ApiKey, ApiKeyCreated, ApiKeyRevoked, KeyText
from domain.identity.passwords import LONGEST, problems_of_password
from domain.identity.roles import ALL_PERMISSIONS, PERMISSIONS, Role, may_give, must_give
from domain.identity.sessions import SessionEnded
from domain.identity.users import User, UserRegistered, UserRenamed, email_key, problems_of_email, problems_of_name
from domain.identity.workspaces import (
    LastOwner,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    Membership,
    Workspace,
    WorkspaceFounded,
    WorkspaceRenamed,
)
from domain.shared.errors import Forbidden
from domain.shared.ids import ApiKeyId, SessionId, UserId, WorkspaceId
from tests.support.people import NOON

ADA = UserId(UUID("019a0000-0000-7000-8000-000000000001"))
HERE = WorkspaceId(UUID("019a0000-0000-7000-8000-00000000000a"))
KEY = ApiKeyId(UUID("019a0000-0000-7000-8000-0000000000c1"))


def a_user() -> User:
    return User(id=ADA, email="ada@example.test", display_name="Ada", created_at=NOON, version=1)


def a_member(role: Role = Role.STAFF) -> Membership:
    return Membership(id=UUID(int=7), workspace_id=HERE, user_id=ADA, role=role, created_at=NOON, version=1)


class TestEmails:
    @pytest.mark.parametrize(
        "email", ["ada@example.test", "Ünal.İ@exämple.test", "a+b@b.co", "o'neill@sub.example.test"]
    )
    def test_takes_addresses(self, email):
        assert problems_of_email(email) == []

    @pytest.mark.parametrize(
        "email",
        ["", "ada", "@example.test", "ada@", "ada@example", "a da@example.test", "a@b@c.test", "ada@example..test",
         "ada@.test", "a" * 250 + "@b.test", "ada\n@example.test", "ada@exam\x00ple.test"],
    )  # fmt: skip
    def test_refuses_what_is_none(self, email):
        assert [problem.code for problem in problems_of_email(email)] == ["invalid_email"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Ada@Example.Test", "ada@example.test"),
            ("stra\u00dfe@x.test", "STRASSE@x.test"),
            ("e\u0301@x.test", "\u00c9@x.test"),
        ],
    )
    def test_has_one_key_for_two_spellings(self, one, other):
        assert email_key(one) == email_key(other)

    def test_guesses_nothing_about_tags_and_dots(self):
        assert email_key("a.da+x@example.test") != email_key("ada@example.test")


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        [
            "correct horse battery",
            "пароль-надёжный",
            "🦊🐢🦜🐙🐝🦀🐋🦉",
            "  spaces kept  ",
            "x7" * 64 + "abcd",
            "tr0ub4dor",
        ],
    )
    def test_takes_any_text_that_is_hard_to_guess(self, password):
        assert problems_of_password(password, email="ada@example.test") == []

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("short", "too_short"),
            ("ab" * LONGEST, "too_long"),
            ("aaaaaaaaaa", "too_common"),
            ("12121212121", "too_common"),
            ("12345678", "too_common"),
            ("hgfedcba", "too_common"),
            ("iloveusher", "too_common"),
            ("ada.lovelace1", "too_common"),
            ("ADA.LOVELACE@example.test", "too_common"),
            ("broken \ud800 text", "invalid"),
        ],
    )
    def test_refuses_what_is_guessed_or_no_text(self, password, code):
        found = problems_of_password(password, email="ada.lovelace@example.test")

        assert [(problem.code, problem.pointer) for problem in found] == [(code, "/password")]

    def test_lets_a_short_local_part_stand_in_a_password(self):
        assert problems_of_password("ball of yarn", email="al@example.test") == []


class TestNames:
    @pytest.mark.parametrize(
        ("name", "code"), [("", "required"), (" \t", "required"), ("x" * 101, "too_long"), ("a\x07b", "invalid")]
    )
    def test_refuses_names_that_cannot_be_shown(self, name, code):
        assert [problem.code for problem in problems_of_name(name, pointer="/name")] == [code]

    def test_takes_others_as_they_are(self):
        assert problems_of_name(" Zoë  von 東京 ", pointer="/name") == []


class TestUsers:
    def test_tells_that_somebody_registered(self):
        user = User.register(id=ADA, email="ada@example.test", display_name="Ada", now=NOON)

        assert user.events == [UserRegistered(user_id=ADA)]
        assert user.events[0].subject == ("usr", ADA)
        assert not user.is_suspended

    def test_tells_of_a_new_name_once(self):
        user = a_user()

        user.rename("Ada L.")
        user.rename("Ada L.")

        assert user.events == [UserRenamed(user_id=ADA)]


class TestRoles:
    def test_gives_more_to_the_mightier(self):
        held = [PERMISSIONS[role] for role in (Role.VIEWER, Role.STAFF, Role.ADMIN)]

        assert held[0] < held[1] < held[2] == PERMISSIONS[Role.OWNER] == ALL_PERMISSIONS

    @pytest.mark.parametrize(
        ("giver", "may"),
        [
            (Role.OWNER, {Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER}),
            (Role.ADMIN, {Role.ADMIN, Role.STAFF, Role.VIEWER}),
            (Role.STAFF, set()),
            (Role.VIEWER, set()),
        ],
    )
    def test_lets_only_owners_decide_about_owners(self, giver, may):
        assert {role for role in Role if may_give(giver, role)} == may

    @pytest.mark.parametrize("giver", ["admin", "machine", "user"])
    def test_refuses_those_who_may_not(self, giver):
        with pytest.raises(Forbidden):
            must_give(giver, Role.STAFF, Role.OWNER)

    def test_lets_pass_those_who_may(self):
        must_give("admin", Role.STAFF, Role.VIEWER)


class TestWorkspaces:
    def test_tells_of_its_founding(self):
        workspace = Workspace.found(id=HERE, name="Quay", owner_id=ADA, now=NOON)

        assert workspace.events == [WorkspaceFounded(workspace_id=HERE, owner_id=ADA)]
        assert workspace.events[0].subject == ("wsp", HERE)
        assert workspace.workspace_id == HERE

    def test_tells_of_a_new_name_once(self):
        workspace = Workspace(id=HERE, name="Quay", created_at=NOON, version=1)

        workspace.rename("Dock")
        workspace.rename("Dock")

        assert workspace.events == [WorkspaceRenamed(workspace_id=HERE)]


class TestMembers:
    def test_tells_who_came(self):
        member = Membership.add(id=UUID(int=7), workspace_id=HERE, user_id=ADA, role=Role.STAFF, now=NOON)

        assert member.events == [MemberAdded(user_id=ADA, role="staff")]
        assert member.events[0].subject == ("usr", ADA)

    def test_takes_another_role(self):
        member = a_member()

        member.become(Role.ADMIN, owners=1)
        member.become(Role.ADMIN, owners=1)

        assert member.events == [MemberRoleChanged(user_id=ADA, role="admin")]

    def test_keeps_the_last_owner(self):
        member = a_member(Role.OWNER)

        with pytest.raises(LastOwner):
            member.become(Role.STAFF, owners=1)
        with pytest.raises(LastOwner):
            member.leave(owners=1)

        assert (member.role, member.events) == (Role.OWNER, [])

    def test_lets_an_owner_go_while_another_stays(self):
        member = a_member(Role.OWNER)

        member.leave(owners=2)

        assert member.events == [MemberRemoved(user_id=ADA, role="owner")]


class TestApiKeys:
    def test_is_read_back_from_its_text(self):
        made = KeyText.make(KEY, bytes(range(32)))

        assert KeyText.read(made.text) == made
        assert made.text.startswith("ck_live_")
        assert len(made.text) == 8 + 26 + 1 + 43 + 6

    def test_holds_every_secret(self):
        assert KeyText.make(KEY, b"\xff" * 32).digest != KeyText.make(KEY, b"\0" * 32).digest

    def test_is_not_read_with_any_letter_changed(self):
        text = KeyText.make(KEY, b"\x07" * 32).text

        for place in range(len(text)):
            other = "1" if text[place] != "1" else "2"
            assert KeyText.read(text[:place] + other + text[place + 1 :]) is None, place

    @pytest.mark.parametrize("text", ["", "ck_live_", "ck_live_x_y", "ck_test_" + "0" * 76, "ck_live_" + "é" * 76])
    def test_is_not_read_from_other_texts(self, text):
        assert KeyText.read(text) is None

    def test_shows_a_hint_that_opens_nothing(self):
        made = KeyText.make(KEY, b"\x07" * 32)

        assert made.hint == f"{made.text[:14]}…{made.text[-4:]}"
        assert made.text not in repr(made)

    def test_tells_of_its_making_and_of_its_end_once(self):
        key = ApiKey.create(
            KeyText.make(KEY, b"\x07" * 32),
            workspace_id=HERE,
            creator_id=ADA,
            name="Till",
            scopes=frozenset({"jobs:read"}),
            now=NOON,
        )

        key.revoke(NOON + timedelta(hours=1))
        key.revoke(NOON + timedelta(hours=2))

        assert key.events == [ApiKeyCreated(api_key_id=KEY), ApiKeyRevoked(api_key_id=KEY)]
        assert key.events[0].subject == ("key", KEY)
        assert key.revoked_at == NOON + timedelta(hours=1)


def test_an_event_of_a_session_names_it():
    session_id = SessionId(UUID(int=9))

    assert SessionEnded(session_id=session_id, user_id=ADA).subject == ("ses", session_id)
