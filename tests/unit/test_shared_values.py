"""Actors, refusals and the machine's ids."""

import pytest

from adapters.system import SystemChance, SystemClock, TimeOrderedIds
from domain.shared.access import Actor
from domain.shared.errors import FieldProblem, Forbidden, Invalid, ProviderUnavailable
from domain.shared.ids import ApiKeyId, UserId, WorkspaceId


def test_lets_an_actor_do_what_it_may() -> None:
    ids = TimeOrderedIds()
    person = Actor(
        workspace_id=WorkspaceId(ids.new()),
        permissions=frozenset({"jobs:read"}),
        role="staff",
        user_id=UserId(ids.new()),
    )
    machine = Actor(
        workspace_id=person.workspace_id, permissions=frozenset(), role="key", api_key_id=ApiKeyId(ids.new())
    )

    assert person.may("jobs:read")
    assert not machine.may("jobs:read")
    person.must("jobs:read")
    with pytest.raises(Forbidden) as refused:
        machine.must("jobs:read")
    assert refused.value.facts == {"permission": "jobs:read"}
    assert person.caller == f"user:{person.user_id}"
    assert machine.caller == f"key:{machine.api_key_id}"
    assert person.tenant == person.workspace_id


def test_says_how_many_fields_need_attention() -> None:
    one = FieldProblem(pointer="/a", code="missing", message="is required")

    assert str(Invalid([one])) == "1 field needs attention"
    assert str(Invalid([one, one])) == "2 fields need attention"
    assert Invalid.at("/a", "is odd", code="odd", limit=3).problems[0].meta == {"limit": 3}


def test_names_the_provider_that_is_down() -> None:
    error = ProviderUnavailable("stripe", retry_after_seconds=3)

    assert (error.provider, error.retry_after_seconds, str(error)) == ("stripe", 3, "stripe does not answer")


def test_makes_ids_that_sort_as_they_were_made() -> None:
    ids = TimeOrderedIds()

    made = [ids.new() for _ in range(10_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(made[0].version, made[0].variant)} == {(7, "specified in RFC 4122")}


def test_reads_the_clock_in_utc_and_makes_chance() -> None:
    assert str(SystemClock().now().tzinfo) == "UTC"
    assert len(SystemChance().token(32)) == 32
    assert 0 <= SystemChance().fraction() < 1
