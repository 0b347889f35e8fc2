import asyncio

import pytest

from application.assistance.discard_stale import DiscardStale
from application.assistance.queries import SuggestionView
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.drafts import Decision
from domain.assistance.results import Judgement
from domain.assistance.suggestion import SuggestionStatus
from domain.conversations.message import Author
from domain.shared.errors import Forbidden, InvalidState, NotFound, ProviderUnavailable
from domain.shared.ids import ConversationId, MessageId, public_id
from domain.shared.jobs import LeaseLost, Queue
from tests.support.assisting import House, ScriptedDrafter, a_draft, an_actor, answered


def fine(draft, turns, facts, /, *, now):
    return Judgement(passed=True, evidence=({"text": "Polo", "kind": "name"},))


def a_house(*script):
    return House(ScriptedDrafter(list(script) or [answered()]), check=fine)


async def test_writes_the_suggestion_and_its_job_together():
    house = a_house()
    conversation_id = await house.open()

    suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)

    job = house.database.tables["jobs"][suggestion.job_id]
    assert (job.spec.kind, job.spec.queue) == ("draft_reply", Queue.CRITICAL)
    assert job.spec.subject == public_id("msg", suggestion.message_id)
    assert (suggestion.status, suggestion.saw_sequence) == (SuggestionStatus.QUEUED, 1)
    assert "suggestion.requested" in house.names()


async def test_gives_the_same_suggestion_to_whoever_asks_again():
    house = a_house()
    conversation_id = await house.open()

    first = await house.request(actor=house.actor, conversation_id=conversation_id)
    second = await house.request(actor=house.actor, conversation_id=conversation_id)
    await house.work(first)
    third = await house.request(actor=house.actor, conversation_id=conversation_id)

    assert first.id == second.id == third.id
    assert len(house.database.tables["jobs"]) == 1


async def test_gives_parallel_askers_the_same_suggestion():
    house = a_house()
    conversation_id = await house.open()

    found = await asyncio.gather(
        *(house.request(actor=house.actor, conversation_id=conversation_id) for _ in range(10))
    )

    assert len({suggestion.id for suggestion in found}) == 1


async def test_begins_anew_after_a_newer_message():
    house = a_house()
    conversation_id = await house.open()
    first = await house.request(actor=house.actor, conversation_id=conversation_id)
    await house.say(conversation_id, "And a Golf?")

    second = await house.request(actor=house.actor, conversation_id=conversation_id)

    assert (second.saw_sequence, house.stored(first).status) == (2, "discarded")


async def test_begins_anew_when_the_job_is_dead():
    house = a_house()
    conversation_id = await house.open()
    first = await house.request(actor=house.actor, conversation_id=conversation_id)
    house.database.tables["jobs"][first.job_id].state = "failed"

    second = await house.request(actor=house.actor, conversation_id=conversation_id)

    assert second.id != first.id
    assert house.stored(first).status is SuggestionStatus.FAILED


async def test_is_not_asked_about_a_closed_or_silent_conversation():
    house = a_house()
    closed, silent = await house.open(), await house.open(text=None)
    await house.close(actor=house.actor, conversation_id=closed)

    for conversation_id, state in ((closed, "closed"), (silent, "empty")):
        with pytest.raises(InvalidState) as refusal:
            await house.request(actor=house.actor, conversation_id=conversation_id)
        assert refusal.value.facts["current"] == state


async def test_serves_only_who_may_ask_and_only_their_workspace():
    house = a_house()
    conversation_id = await house.open()

    with pytest.raises(Forbidden):
        await house.request(actor=an_actor(permissions=frozenset()), conversation_id=conversation_id)
    with pytest.raises(NotFound):
        await house.request(actor=an_actor(), conversation_id=conversation_id)
    with pytest.raises(NotFound):
        await house.request(actor=house.actor, conversation_id=ConversationId(house.ids.new()))


async def test_keeps_the_draft_as_a_message_with_its_verdict():
    house = a_house(answered(a_draft("The Polo is here.")))
    conversation_id = await house.open()
    await house.offer(title="VW Polo", fields={"price": "9900"})

    suggestion = await house.suggested(conversation_id)

    assert suggestion.status is SuggestionStatus.READY
    assert suggestion.result.judgement.evidence == ({"text": "Polo", "kind": "name"},)
    (draft,) = [message for message in house.messages(conversation_id) if message.state == "draft"]
    assert (draft.id, draft.text, draft.sequence) == (suggestion.message_id, "The Polo is here.", None)
    job = house.database.tables["jobs"][suggestion.job_id]
    assert (job.state, job.result["decision"], job.result["status"]) == ("succeeded", "answer", "ready")
    assert "The Polo" not in str(job.result)
    assert [fact[1] for fact in suggestion.result.sources] == [1]


async def test_records_the_call_before_and_after_and_charges_it():
    house = a_house(answered(tokens=50))

    await house.suggested(await house.open())

    (call,) = house.calls()
    assert (call.outcome, call.usage.input_tokens, call.cost.nanos, call.is_charged) == ("answered", 50, 5000, True)
    assert call.answer["text"] == "The Polo is here."


async def test_discards_a_draft_when_a_message_comes_while_it_thinks():
    house = a_house()

    async def slow(_):
        await house.say(conversation_id, "Never mind, a Golf!")
        return answered()

    house.drafter.script[:] = [slow]
    conversation_id = await house.open()

    suggestion = await house.suggested(conversation_id)

    assert (suggestion.status, suggestion.is_charged) == ("discarded", False)
    assert [message.state for message in house.messages(conversation_id)] == ["sent", "sent"]
    (call,) = house.calls()
    assert (call.outcome, call.is_charged) == ("answered", False)
    job = house.database.tables["jobs"][suggestion.job_id]
    assert (job.state, job.result["status"], job.result["decision"]) == ("succeeded", "discarded", None)


async def test_does_not_even_call_when_it_comes_too_late():
    house = a_house()
    conversation_id = await house.open()
    suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
    await house.say(conversation_id, "hello?")

    await house.work(suggestion)

    assert house.stored(suggestion).status is SuggestionStatus.DISCARDED
    assert house.calls() == []


async def test_does_not_pay_for_a_repair_nobody_will_see():
    house = a_house()

    async def wrong(_):
        await house.say(conversation_id, "hello?")
        return answered(a_draft(""))

    drafter = house.drafter
    drafter.script[:] = [wrong]
    house.draft_reply = type(house.draft_reply)(
        house.database,
        type(house.draft_reply.chain)([drafter]),
        house.clock,
        house.ids,
    )
    conversation_id = await house.open()

    suggestion = await house.suggested(conversation_id)

    assert suggestion.status is SuggestionStatus.DISCARDED
    assert len(drafter.seen) == 1


async def test_discards_when_the_conversation_was_closed_meanwhile():
    house = a_house()

    async def closing(_):
        await house.close(actor=house.actor, conversation_id=conversation_id)
        return answered()

    house.drafter.script[:] = [closing]
    conversation_id = await house.open()

    assert (await house.suggested(conversation_id)).status is SuggestionStatus.DISCARDED


async def test_does_not_call_twice_for_an_answer_it_got():
    house = a_house(answered(), answered())
    conversation_id = await house.open()
    suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
    run = house.claim(suggestion.job_id)
    house.database.tables["jobs"][run.id].state = "queued"
    with pytest.raises(LeaseLost):
        await house.draft_reply(run=run, suggestion_id=suggestion.id)
    house.database.tables["jobs"][run.id].steps["acme/oracle-1:draft"] = {
        "outcome": "answered",
        "draft": {"decision": "answer", "text": "kept", "reason": "r", "claims": [], "questions": [], "missing": []},
        "usage": None,
        "cost": None,
        "provider_request": None,
    }

    await house.work(suggestion)

    assert house.stored(suggestion).result.draft.text == "kept"
    assert len(house.drafter.seen) == 1


async def test_changes_nothing_when_the_job_was_taken_over():
    house = a_house()
    conversation_id = await house.open()
    suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
    stale_run = house.claim(suggestion.job_id)
    house.claim(suggestion.job_id)

    with pytest.raises(LeaseLost):
        await house.draft_reply(run=stale_run, suggestion_id=suggestion.id)

    assert house.stored(suggestion).status is SuggestionStatus.QUEUED
    assert len(house.messages(conversation_id)) == 1


async def test_ends_the_job_quietly_when_all_is_done_already():
    house = a_house()
    conversation_id = await house.open()
    suggestion = await house.suggested(conversation_id)
    house.database.tables["jobs"][suggestion.job_id].state = "queued"

    await house.work(suggestion)

    assert house.stored(suggestion).status is SuggestionStatus.READY
    assert len(house.drafter.seen) == 1


async def test_leaves_the_job_to_another_try_when_nobody_drafts():
    house = a_house(ModelFailed(CallOutcome.NOT_AUTHORISED))

    with pytest.raises(ProviderUnavailable):
        await house.suggested(await house.open())

    (call,) = house.calls()
    assert (call.outcome, call.is_charged) == ("not_authorised", False)


async def test_shows_nothing_of_a_draft_that_did_not_stand():
    house = House(ScriptedDrafter([answered(a_draft("")), answered(a_draft(""))]))
    conversation_id = await house.open()

    suggestion = await house.suggested(conversation_id)

    assert (suggestion.status, suggestion.result.draft.decision) == ("abstained", Decision.NO_DRAFT)
    assert [call.judgement.objections[0].kind for call in house.calls()] == ["empty", "empty"]
    assert all(message.state == "sent" for message in house.messages(conversation_id))


async def test_sees_only_the_present_episode():
    house = a_house(answered(), answered())
    conversation_id = await house.open("Old question")
    await house.close(actor=house.actor, conversation_id=conversation_id)
    await house.say(conversation_id, "New question")

    await house.suggested(conversation_id)

    (assignment,) = house.drafter.seen
    assert [turn.text for turn in assignment.turns] == ["New question"]


async def test_drafts_with_the_rules_where_there_is_no_model():
    house = House()
    conversation_id = await house.open("How much is the VW Polo?")
    await house.offer(title="VW Polo", entity="VW Polo", service="stock", fields={"price": "9,900 EUR"})

    suggestion = await house.suggested(conversation_id)

    assert suggestion.result.label.is_built_in
    assert suggestion.result.cost.nanos == 0
    assert house.calls() == []
    assert suggestion.result.draft.decision in set(Decision)


async def test_marks_a_suggestion_whose_draft_was_discarded():
    house = a_house()
    conversation_id = await house.open()
    suggestion = await house.suggested(conversation_id)
    await house.say(conversation_id, "I wrote it myself", Author.STAFF)
    discard = DiscardStale(house.database, house.clock)

    for _ in range(2):
        house.database.tables["jobs"][suggestion.job_id].state = "queued"
        await discard(run=house.claim(suggestion.job_id), message_id=suggestion.message_id)

    assert house.stored(suggestion).status is SuggestionStatus.DISCARDED
    assert house.names().count("suggestion.discarded") == 1


async def test_passes_over_discarded_drafts_that_nobody_suggested():
    house = a_house()
    suggestion = await house.request(actor=house.actor, conversation_id=await house.open())
    run = house.claim(suggestion.job_id)

    await DiscardStale(house.database, house.clock)(run=run, message_id=MessageId(house.ids.new()))

    assert house.database.tables["jobs"][run.id].state == "succeeded"


async def test_shows_a_stale_suggestion_as_discarded_before_anybody_wrote_that_down():
    house = a_house()
    conversation_id = await house.open()
    suggestion = await house.suggested(conversation_id)
    async with house.database.begin(house.actor.tenant) as tx:
        fresh = SuggestionView.of(suggestion, await tx.threads.lock(conversation_id))
    await house.say(conversation_id, "hello?")

    async with house.database.begin(house.actor.tenant) as tx:
        stale = SuggestionView.of(suggestion, await tx.threads.lock(conversation_id))

    assert (fresh.status, fresh.is_charged, fresh.result is not None) == ("ready", True, True)
    assert (stale.status, stale.is_charged, stale.result) == ("discarded", False, None)
