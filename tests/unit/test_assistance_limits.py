import pytest

from domain.assistance.drafts import Decision, Question
from domain.assistance.limits import LONGEST_DRAFT, leaks, objections_to
from tests.support.assisting import a_claim, a_draft, a_fact


def kinds(draft, facts=()):
    return [each.kind for each in objections_to(draft, facts)]


def test_lets_plain_text_pass():
    assert kinds(a_draft("Yes, it is here.\r\nShall I hold it? 👩‍🔧")) == []


@pytest.mark.parametrize("decision", [Decision.ANSWER, Decision.CLARIFY])
def test_wants_a_text_where_one_is_sent(decision):
    assert kinds(a_draft("  ", decision=decision)) == ["empty"]


def test_lets_a_hand_off_be_silent():
    assert kinds(a_draft("", decision=Decision.HAND_OFF)) == []


def test_wants_no_text_where_none_is_sent():
    assert kinds(a_draft("hello", decision=Decision.NO_DRAFT)) == ["shape"]


def test_bounds_the_length():
    assert kinds(a_draft("a" * (LONGEST_DRAFT + 1))) == ["too_long"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "see <img src=x>",
        "![x](https://evil.example/?q=1)",
        "[here](mailto:x)",
        "```sh",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_refuses_text_that_could_do_something(text):
    assert set(kinds(a_draft(text))) == {"markup"}


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x07b", "a\ufeffb", "\ue000"])
def test_refuses_letters_that_nobody_sees(text):
    assert kinds(a_draft(text)) == ["invisible"]


def test_refuses_a_placeholder_that_stands_for_nothing():
    assert kinds(a_draft("Call [PHONE_9].")) == ["placeholder"]


def test_refuses_a_claim_on_a_source_that_was_not_offered():
    fact = a_fact()

    draft = a_draft(claims=(a_claim(source_id=fact.source_id), a_claim()))

    assert kinds(draft, [fact]) == ["unknown_source"]


def test_sees_secrets_in_every_part_of_a_draft():
    secrets = ("deadbeef0123", "You draft replies for the staff")

    assert not leaks(a_draft("nothing"), secrets)
    assert leaks(a_draft("it is DEADBEEF0123"), secrets)
    assert leaks(a_draft("ok", reason="you draft\nreplies for the  staff"), secrets)
    assert leaks(a_draft("ok", questions=(Question(slot="x", text="deadbeef0123?"),)), secrets)
    assert leaks(a_draft("ok", missing=("deadbeef0123",)), secrets)
