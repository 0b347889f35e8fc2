import asyncio

import pytest

from adapters.memory.assistance import MemorySuggestionQueries
from application.assistance.read_suggestion import ReadSuggestion
from domain.assistance.results import Judgement, Rejection, RejectReason
from domain.assistance.suggestion import SuggestionNotFound, SuggestionStatus
from domain.conversations.message import Author
from domain.shared.errors import Forbidden, Invalid, InvalidState
from domain.shared.ids import MessageId
from tests.support.assisting import House, ScriptedDrafter, a_draft, an_actor, answered


def fine(draft, turns, facts, /, *, now):
    return Judgement(passed=True)


@pytest.fixture
async def house():
    return House(ScriptedDrafter([answered(a_draft("The Polo is here.")) for _ in range(3)]), check=fine)


@pytest.fixture
async def conversation_id(house):
    return await house.open()


@pytest.fixture
async def ready(house, conversation_id):
    return await house.suggested(conversation_id)


def sent(house, conversation_id):
    return [message for message in house.messages(conversation_id) if message.state == "sent"]


async def test_sends_the_draft_as_it_is(house, conversation_id, ready):
    accepted = await house.accept(actor=house.actor, message_id=ready.message_id)

    assert (accepted.sending.sequence, accepted.sending.edit_distance, accepted.sending.judgement) == (2, 0, None)
    message = sent(house, conversation_id)[-1]
    assert (message.id, message.sequence, message.author, message.author_id) == (
        ready.message_id,
        2,
        Author.ASSISTANT,
        house.actor.user_id,
    )


async def test_sends_once_however_often_it_is_accepted(house, conversation_id, ready):
    first = await house.accept(actor=house.actor, message_id=ready.message_id)
    again = await house.accept(actor=house.actor, message_id=ready.message_id)
    same = await house.accept(actor=house.actor, message_id=ready.message_id, text="The Polo is here.")

    assert first.version == again.version == same.version
    assert len(sent(house, conversation_id)) == 2


async def test_sends_once_for_parallel_accepts(house, conversation_id, ready):
    accepted = await asyncio.gather(*(house.accept(actor=house.actor, message_id=ready.message_id) for _ in range(20)))

    assert {one.sending.sequence for one in accepted} == {2}
    assert len(sent(house, conversation_id)) == 2


async def test_sends_the_text_as_the_person_left_it(house, conversation_id, ready):
    accepted = await house.accept(actor=house.actor, message_id=ready.message_id, text="The Polo is there, for 1 EUR.")

    assert sent(house, conversation_id)[-1].text == "The Polo is there, for 1 EUR."
    assert accepted.sending.edit_distance == 12
    assert accepted.sending.judgement is not None
    assert not accepted.sending.judgement.passed


async def test_says_so_when_another_text_was_sent_before(house, ready):
    await house.accept(actor=house.actor, message_id=ready.message_id, text="Mine.")

    with pytest.raises(InvalidState) as refusal:
        await house.accept(actor=house.actor, message_id=ready.message_id, text="Ours.")

    assert refusal.value.facts["current"] == "accepted"


async def test_refuses_a_blank_text(house, ready):
    with pytest.raises(Invalid):
        await house.accept(actor=house.actor, message_id=ready.message_id, text=" \n")


async def test_lets_the_human_win(house, conversation_id, ready):
    await house.say(conversation_id, "I will do it.", Author.STAFF)

    with pytest.raises(InvalidState) as refusal:
        await house.accept(actor=house.actor, message_id=ready.message_id)

    assert refusal.value.facts == {"current": "discarded", "allowed": []}
    assert [message.text for message in sent(house, conversation_id)][1:] == ["I will do it."]


async def test_never_sends_both_when_a_person_writes_at_the_same_time(house, conversation_id):
    for number in range(3):
        ready = await house.suggested(conversation_id)
        before = len(sent(house, conversation_id))

        outcomes = await asyncio.gather(
            house.say(conversation_id, f"Mine {number}", Author.STAFF),
            house.accept(actor=house.actor, message_id=ready.message_id),
            return_exceptions=True,
        )

        fresh = sent(house, conversation_id)[before:]
        refused = any(isinstance(outcome, InvalidState) for outcome in outcomes)
        assert refused
        assert len(fresh) == 1
        house.drafter.script.append(answered())


async def test_does_not_send_into_a_closed_conversation(house, conversation_id, ready):
    await house.close(actor=house.actor, conversation_id=conversation_id)

    with pytest.raises(InvalidState) as refusal:
        await house.accept(actor=house.actor, message_id=ready.message_id)

    assert refusal.value.facts["current"] == "closed"


async def test_does_not_send_a_draft_of_an_earlier_episode(house, conversation_id, ready):
    await house.close(actor=house.actor, conversation_id=conversation_id)
    await house.reopen(actor=house.actor, conversation_id=conversation_id)

    with pytest.raises(InvalidState, match="out of date"):
        await house.accept(actor=house.actor, message_id=ready.message_id)
    anew = await house.request(actor=house.actor, conversation_id=conversation_id)
    assert anew.id != ready.id


async def test_sends_nothing_before_there_is_a_draft(house, conversation_id):
    queued = await house.request(actor=house.actor, conversation_id=conversation_id)

    with pytest.raises(InvalidState) as refusal:
        await house.accept(actor=house.actor, message_id=queued.message_id)

    assert refusal.value.facts == {"current": "queued", "allowed": ["ready"]}


async def test_takes_a_rejected_draft_away(house, conversation_id, ready):
    rejection = Rejection(reason=RejectReason.TONE, note="too stiff")

    first = await house.reject(actor=house.actor, message_id=ready.message_id, rejection=rejection)
    again = await house.reject(actor=house.actor, message_id=ready.message_id, rejection=rejection)

    assert first.version == again.version
    assert [message.state for message in house.messages(conversation_id)] == ["sent", "rejected"]
    with pytest.raises(InvalidState):
        await house.accept(actor=house.actor, message_id=ready.message_id)
    other = Rejection(reason=RejectReason.OTHER)
    with pytest.raises(InvalidState):
        await house.reject(actor=house.actor, message_id=ready.message_id, rejection=other)


async def test_drafts_again_after_a_rejection(house, conversation_id, ready):
    rejection = Rejection(reason=RejectReason.OFF_TOPIC)
    await house.reject(actor=house.actor, message_id=ready.message_id, rejection=rejection)

    assert (await house.suggested(conversation_id)).status is SuggestionStatus.READY


async def test_keeps_opinions(house, ready):
    for score in (2, 4, 4):
        rated = await house.rate(actor=house.actor, message_id=ready.message_id, score=score, is_shareable=True)

    assert [(rating.by, rating.score, rating.is_shareable) for rating in rated.ratings] == [
        (house.actor.caller, 4, True)
    ]
    assert house.names().count("suggestion.rated") == 2


async def test_lets_only_those_decide_who_may(house, ready):
    reader = an_actor(house.actor.tenant, permissions=frozenset({"conversations:read"}))
    rejection = Rejection(reason=RejectReason.TONE)

    with pytest.raises(Forbidden):
        await house.accept(actor=reader, message_id=ready.message_id)
    with pytest.raises(Forbidden):
        await house.reject(actor=reader, message_id=ready.message_id, rejection=rejection)
    with pytest.raises(Forbidden):
        await house.rate(actor=reader, message_id=ready.message_id, score=1)
    with pytest.raises(SuggestionNotFound):
        await house.accept(actor=an_actor(), message_id=ready.message_id)


async def test_shows_what_is_there(house, ready):
    read = ReadSuggestion(MemorySuggestionQueries(house.database))

    view = await read(actor=house.actor, message_id=ready.message_id, wait_seconds=5)

    assert view.result is not None
    assert (view.status, view.result.draft.text) == ("ready", "The Polo is here.")
    with pytest.raises(Forbidden):
        await read(actor=an_actor(permissions=frozenset()), message_id=ready.message_id)
    with pytest.raises(SuggestionNotFound):
        await read(actor=house.actor, message_id=MessageId(house.ids.new()))


async def test_waits_for_the_draft(house, conversation_id):
    queued = await house.request(actor=house.actor, conversation_id=conversation_id)
    read = ReadSuggestion(MemorySuggestionQueries(house.database))

    view, _ = await asyncio.gather(
        read(actor=house.actor, message_id=queued.message_id, wait_seconds=5), house.work(queued)
    )

    assert view.status is SuggestionStatus.READY


async def test_waits_no_longer_than_asked(house, conversation_id):
    queued = await house.request(actor=house.actor, conversation_id=conversation_id)
    read = ReadSuggestion(MemorySuggestionQueries(house.database))

    view = await read(actor=house.actor, message_id=queued.message_id, wait_seconds=0.05)

    assert view.status is SuggestionStatus.QUEUED


async def test_shows_a_dead_suggestion_as_failed(house, conversation_id):
    queued = await house.request(actor=house.actor, conversation_id=conversation_id)
    house.database.tables["jobs"][queued.job_id].state = "cancelled"

    view = await ReadSuggestion(MemorySuggestionQueries(house.database))(
        actor=house.actor, message_id=queued.message_id, wait_seconds=5
    )

    assert view.status is SuggestionStatus.FAILED
