import pytest

from domain.assistance.drafts import Decision
from domain.assistance.policies import is_stale, may_accept, may_decline, may_read, may_suggest
from domain.assistance.ports import Thread
from domain.assistance.results import Judgement, Rating, Rejection, RejectReason, Sending
from domain.assistance.suggestion import MOVES, Suggestion, SuggestionStatus
from domain.shared.errors import InvalidState
from tests.support.assisting import NOW, a_draft, a_result, a_suggestion, an_actor

READY = {"status": SuggestionStatus.READY, "result": a_result()}
SENT = Sending(text="The Polo is here!", sequence=2, edit_distance=1)


def names(suggestion):
    return [event.name for event in suggestion.events]


def test_begins_queued_and_says_so():
    given = a_suggestion()

    suggestion = Suggestion.request(
        id=given.id,
        workspace_id=given.workspace_id,
        conversation_id=given.conversation_id,
        message_id=given.message_id,
        saw_sequence=7,
        episode=2,
        requested_by="user:ada",
        now=NOW,
    )

    assert suggestion.status is SuggestionStatus.QUEUED
    assert [(event.name, event.subject) for event in suggestion.events] == [("suggestion.requested", ("sug", given.id))]
    assert not suggestion.is_charged


def test_is_ready_when_there_is_something_to_send():
    suggestion = a_suggestion()

    suggestion.finish(a_result(), NOW)

    assert (suggestion.status, suggestion.finished_at, names(suggestion)) == ("ready", NOW, ["suggestion.ready"])
    assert suggestion.is_charged


@pytest.mark.parametrize(
    "result",
    [
        a_result(a_draft("", decision=Decision.HAND_OFF)),
        a_result(a_draft("", decision=Decision.NO_DRAFT)),
        a_result(a_draft("x", decision=Decision.NO_DRAFT)),
        a_result(judgement=Judgement(passed=False)),
    ],
)
def test_abstains_when_there_is_not(result):
    suggestion = a_suggestion()

    suggestion.finish(result, NOW)

    assert (suggestion.status, names(suggestion)) == ("abstained", ["suggestion.abstained"])


def test_is_not_charged_when_overtaken():
    suggestion = a_suggestion(**READY, finished_at=NOW)

    suggestion.discard(NOW)

    assert not suggestion.is_charged
    assert suggestion.result is not None
    assert names(suggestion) == ["suggestion.discarded"]


def test_keeps_the_unseen_result_for_the_record():
    suggestion = a_suggestion()

    suggestion.discard(NOW, a_result())

    assert (suggestion.status, suggestion.result is not None, suggestion.finished_at) == ("discarded", True, NOW)


def test_gives_up():
    suggestion = a_suggestion()

    suggestion.fail(NOW)

    assert (suggestion.status, suggestion.is_charged, names(suggestion)) == ("failed", False, ["suggestion.failed"])


def test_is_accepted_by_somebody():
    suggestion = a_suggestion(**READY)

    suggestion.accept(SENT, by="user:ada", now=NOW)

    assert (suggestion.status, suggestion.decided_by, suggestion.decided_at) == ("accepted", "user:ada", NOW)
    assert suggestion.sending is not None
    assert suggestion.sending.is_edited
    assert names(suggestion) == ["suggestion.accepted"]


def test_is_rejected_by_somebody():
    suggestion = a_suggestion(**READY)

    suggestion.reject(Rejection(reason=RejectReason.TONE), by="user:ada", now=NOW)

    assert (suggestion.status, names(suggestion)) == ("rejected", ["suggestion.rejected"])


@pytest.mark.parametrize("status", [status for status in SuggestionStatus if not MOVES[status]])
def test_does_not_move_once_it_has_ended(status):
    suggestion = a_suggestion(status=status)

    with pytest.raises(InvalidState) as refusal:
        suggestion.discard(NOW)

    assert refusal.value.facts == {"current": str(status), "allowed": []}


def test_says_which_moves_are_open():
    with pytest.raises(InvalidState) as refusal:
        a_suggestion().accept(SENT, by="user:ada", now=NOW)

    assert refusal.value.facts["allowed"] == ["ready", "abstained", "discarded", "failed"]


def test_keeps_the_last_opinion_of_each_person():
    suggestion = a_suggestion(**READY)

    suggestion.rate(Rating(by="user:ada", score=1))
    suggestion.rate(Rating(by="user:bob", score=3))
    suggestion.rate(Rating(by="user:ada", score=5))

    assert [(rating.by, rating.score) for rating in suggestion.ratings] == [("user:bob", 3), ("user:ada", 5)]


def test_takes_no_opinion_on_what_nobody_saw():
    with pytest.raises(InvalidState, match="nothing to rate"):
        a_suggestion().rate(Rating(by="user:ada", score=1))


@pytest.mark.parametrize(("sequence", "episode", "stale"), [(1, 1, False), (2, 1, True), (1, 2, True)])
def test_is_stale_after_a_message_or_a_new_episode(sequence, episode, stale):
    suggestion = a_suggestion()
    thread = Thread(conversation_id=suggestion.conversation_id, last_sequence=sequence, episode=episode, is_open=True)

    assert is_stale(suggestion, thread) is stale


@pytest.mark.parametrize("missing", ["assistance:use", "conversations:read", "sources:read"])
def test_sees_no_more_than_the_caller_may(missing):
    whole = an_actor()

    assert may_suggest(whole)
    assert not may_suggest(an_actor(permissions=whole.permissions - {missing}))


def test_is_decided_by_members_of_its_workspace_only():
    suggestion = a_suggestion()
    ours, foreign = an_actor(suggestion.workspace_id), an_actor()
    reader = an_actor(suggestion.workspace_id, permissions=frozenset({"conversations:read"}))

    assert (may_accept(ours, suggestion), may_decline(ours, suggestion)) == (True, True)
    assert (may_accept(foreign, suggestion), may_decline(foreign, suggestion)) == (False, False)
    assert (may_accept(reader, suggestion), may_decline(reader, suggestion)) == (False, False)
    assert may_read(reader)
