"""Promises of the ports of the assistant, kept by memory and by PostgreSQL alike."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from uuid import uuid4

import msgspec
import pytest

from domain.assistance.calls import CallOutcome, ModelCall
from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Question
from domain.assistance.facts import FactKind
from domain.assistance.results import Judgement, Objection, Rating, Rejection, RejectReason, Sending
from domain.assistance.suggestion import Suggestion, SuggestionNotFound, SuggestionStatus
from domain.conversations.message import Author
from domain.knowledge.source import SourceKind
from domain.shared.errors import AlreadyExists, InvalidState, NotFound, PreconditionFailed
from domain.shared.ids import ConversationId, MessageId, SourceId, SuggestionId
from tests.support.assisting import (
    MODEL,
    NOW,
    House,
    ScriptedDrafter,
    a_claim,
    a_draft,
    a_postgres_house,
    a_result,
    a_suggestion,
    an_actor,
    answered,
)


def fine(draft, turns, facts, /, *, now):
    return Judgement(passed=True)


def a_drafter() -> ScriptedDrafter:
    return ScriptedDrafter([answered() for _ in range(5)])


@pytest.fixture(params=["memory", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncGenerator[House]:
    if request.param == "memory":
        yield House(a_drafter(), check=fine)
        return
    async with a_postgres_house(request.getfixturevalue("database_url"), a_drafter(), check=fine) as house:
        yield house


def in_house(house: House, conversation_id: ConversationId, **others) -> Suggestion:
    return a_suggestion(workspace_id=house.actor.tenant, conversation_id=conversation_id, **others)


async def saved(house: House, suggestion: Suggestion) -> Suggestion:
    async with house.database.begin(house.actor.tenant) as tx:
        await tx.suggestions.save(suggestion)
    return suggestion


def fields(entity) -> dict[str, object]:
    return {name: getattr(entity, name) for name in type(entity).__slots__ if name != "events"}


JUDGEMENT = Judgement(
    passed=False,
    objections=(Objection(kind="unsupported", text="8,800", reason="no source"),),
    evidence=({"text": "Polo", "start": 4, "end": 8, "kind": "name", "source_id": None},),
)


class TestSuggestions:
    async def test_gives_back_what_was_saved(self, house: House):
        draft = a_draft(claims=(a_claim(),), questions=(Question(slot="date", text="When?"),), missing=("price",))
        result = a_result(
            draft,
            judgement=JUDGEMENT,
            usage=Usage(input_tokens=5, thinking_tokens=2),
            cost=Cost(nanos=12_345, price_ids=("p",)),
            inputs_hash="ab",
            sources=((SourceId(uuid4()), 3),),
            path=("acme: overloaded",),
        )
        suggestion = in_house(
            house,
            await house.open(),
            status=SuggestionStatus.ACCEPTED,
            finished_at=NOW,
            decided_at=NOW,
            decided_by="user:ada",
            result=result,
            sending=Sending(text="x", sequence=2, edit_distance=3, judgement=JUDGEMENT),
            rejection=Rejection(reason=RejectReason.TONE, note="no"),
            ratings=(Rating(by="user:ada", score=4, comment="ok", is_shareable=True),),
        )
        await saved(house, suggestion)

        async with house.database.begin(house.actor.tenant) as tx:
            found = await tx.suggestions.get(suggestion.id)

        assert fields(found) == fields(suggestion)

    async def test_finds_by_the_message(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))

        async with house.database.begin(house.actor.tenant) as tx:
            assert (await tx.suggestions.of_message(suggestion.message_id)).id == suggestion.id
            with pytest.raises(SuggestionNotFound):
                await tx.suggestions.of_message(MessageId(uuid4()))
            with pytest.raises(SuggestionNotFound):
                await tx.suggestions.get(SuggestionId(uuid4()))

    async def test_hides_other_tenants(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))
        stranger = an_actor()

        async with house.database.begin(stranger.tenant) as tx:
            with pytest.raises(SuggestionNotFound):
                await tx.suggestions.get(suggestion.id)
            with pytest.raises(SuggestionNotFound):
                await tx.suggestions.of_message(suggestion.message_id)
            assert await tx.suggestions.open_for(suggestion.conversation_id) == []
        with pytest.raises(SuggestionNotFound):
            await house.queries.of_message(stranger.tenant, suggestion.message_id)

    async def test_has_one_open_suggestion_for_a_sequence(self, house: House):
        conversation_id = await house.open()
        first = await saved(house, in_house(house, conversation_id))

        with pytest.raises(AlreadyExists):
            await saved(house, in_house(house, conversation_id))

        await saved(house, in_house(house, conversation_id, saw_sequence=2))
        await saved(house, in_house(house, conversation_id, episode=2))
        first.fail(NOW)
        await saved(house, first)
        await saved(house, in_house(house, conversation_id))

    async def test_lists_the_open_ones_in_order(self, house: House):
        conversation_id = await house.open()
        for number, status in enumerate(SuggestionStatus):
            await saved(
                house,
                in_house(
                    house,
                    conversation_id,
                    id=SuggestionId(house.ids.new()),
                    saw_sequence=number,
                    status=status,
                ),
            )

        async with house.database.begin(house.actor.tenant) as tx:
            found = await tx.suggestions.open_for(conversation_id)

        assert [each.status for each in found] == ["queued", "ready"]

    async def test_knows_whether_the_job_still_runs(self, house: House):
        suggestion = await house.request(actor=house.actor, conversation_id=await house.open())
        orphan = in_house(house, suggestion.conversation_id, job_id=None)

        async with house.database.begin(house.actor.tenant) as tx:
            assert not await tx.suggestions.is_abandoned(suggestion)
            assert await tx.suggestions.is_abandoned(orphan)

    async def test_keeps_only_what_was_saved(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))

        with pytest.raises(RuntimeError, match="on purpose"):
            await self.fails_after_saving(house, suggestion)

        assert (await house.view(suggestion)).version == 1

    @staticmethod
    async def fails_after_saving(house: House, suggestion: Suggestion) -> None:
        async with house.database.begin(house.actor.tenant) as tx:
            found = await tx.suggestions.get(suggestion.id)
            found.fail(NOW)
            await tx.suggestions.save(found)
            raise RuntimeError("on purpose")

    async def test_refuses_a_version_that_has_passed(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))
        suggestion.version = 7

        with pytest.raises(PreconditionFailed):
            await saved(house, suggestion)


class TestModelCalls:
    async def test_gives_back_what_was_saved(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))
        calls = [self.a_call(house, suggestion) for _ in range(2)]
        calls[1].outcome, calls[1].closed_at, calls[1].is_charged = CallOutcome.ANSWERED, NOW, True
        calls[1].usage = Usage(input_tokens=1, output_tokens=2, cache_read_tokens=3, cache_write_tokens=4)
        calls[1].cost, calls[1].provider_request = Cost(nanos=5, price_ids=("p",)), "req_1"
        calls[1].answer, calls[1].judgement = {"text": "hi"}, JUDGEMENT

        async with house.database.begin(house.actor.tenant) as tx:
            for call in calls:
                await tx.model_calls.save(call)

        async with house.database.begin(house.actor.tenant) as tx:
            found = await tx.model_calls.of_suggestion(suggestion.id)
            assert fields(await tx.model_calls.get(calls[0].id)) == fields(calls[0])
        assert [fields(call) for call in found] == [fields(call) for call in calls]

    async def test_hides_other_tenants(self, house: House):
        suggestion = await saved(house, in_house(house, await house.open()))
        call = self.a_call(house, suggestion)
        async with house.database.begin(house.actor.tenant) as tx:
            await tx.model_calls.save(call)

        async with house.database.begin(an_actor().tenant) as tx:
            assert list(await tx.model_calls.of_suggestion(suggestion.id)) == []
            with pytest.raises(NotFound):
                await tx.model_calls.get(call.id)

    @staticmethod
    def a_call(house: House, suggestion: Suggestion) -> ModelCall:
        return ModelCall(
            id=house.ids.new(),
            workspace_id=house.actor.tenant,
            suggestion_id=suggestion.id,
            step="acme/oracle-1:draft",
            attempt=1,
            label=MODEL,
            inputs_hash="ab",
            opened_at=NOW,
        )


class TestThreads:
    async def test_shows_the_thread_and_its_turns(self, house: House):
        conversation_id = await house.open("one")
        await house.say(conversation_id, "two", Author.STAFF)
        await house.say(conversation_id, "three")

        async with house.database.begin(house.actor.tenant) as tx:
            thread = await tx.threads.lock(conversation_id)
            turns = await tx.threads.turns(conversation_id, episode=1, limit=2)

        assert (thread.last_sequence, thread.episode, thread.is_open) == (3, 1, True)
        assert (thread.customer_name, thread.customer_email) == ("Anna Berg", "anna@example.org")
        assert [(turn.sequence, str(turn.speaker), turn.text) for turn in turns] == [
            (2, "staff", "two"),
            (3, "customer", "three"),
        ]

    async def test_shows_no_drafts_as_turns(self, house: House):
        conversation_id = await house.open("one")
        async with house.database.begin(house.actor.tenant) as tx:
            await tx.threads.keep_draft(conversation_id, MessageId(uuid4()), "draft", recorded_by="user:ada")

        assert await house.said(conversation_id) == ["one"]

    async def test_replaces_an_earlier_draft(self, house: House):
        conversation_id, first, second = await house.open("one"), MessageId(uuid4()), MessageId(uuid4())
        for message_id in (first, second):
            async with house.database.begin(house.actor.tenant) as tx:
                await tx.threads.keep_draft(conversation_id, message_id, "draft", recorded_by="user:ada")

        async with house.database.begin(house.actor.tenant) as tx:
            with pytest.raises(InvalidState):
                await tx.threads.send_draft(conversation_id, first, "draft", by=house.actor)
            assert await tx.threads.send_draft(conversation_id, second, "draft", by=house.actor) == 2

    async def test_gives_facts_of_the_conversation_and_of_the_workspace(self, house: House):
        conversation_id = await house.open()
        polo = await house.offer(title="VW Polo", entity="Polo", fields={"price": "9900"})
        policy = await house.offer(SourceKind.POLICY, title="Returns", text="Fourteen days.")
        await house.offer(title="Zeppelin", entity="Zeppelin", fields={"price": "1"})

        async with house.database.begin(house.actor.tenant) as tx:
            facts = await tx.facts.facts(conversation_id, about="the Polo?", limit=1)

        found = {fact.source_id: fact for fact in facts}
        assert set(found) == {polo, policy}
        assert (found[polo].kind, found[polo].version, dict(found[polo].fields)) == (
            FactKind.INVENTORY,
            1,
            {"price": "9900"},
        )


class TestTheFlow:
    async def test_ends_in_one_message(self, house: House):
        conversation_id = await house.open("Do you have a Polo?")
        suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
        await house.draft(suggestion)

        view = await house.view(suggestion)
        accepted = await house.accept(actor=house.actor, message_id=suggestion.message_id)

        assert (view.status, view.is_charged) == ("ready", True)
        assert accepted.sending is not None
        assert accepted.sending.sequence == 2
        assert await house.said(conversation_id) == ["Do you have a Polo?", "The Polo is here."]

    async def test_sends_once_for_parallel_accepts(self, house: House):
        conversation_id = await house.open("Do you have a Polo?")
        suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
        await house.draft(suggestion)

        accepted = await asyncio.gather(
            *(house.accept(actor=house.actor, message_id=suggestion.message_id) for _ in range(10))
        )

        assert {one.sending.sequence for one in accepted if one.sending} == {2}
        assert len(await house.said(conversation_id)) == 2

    async def test_never_sends_both_a_persons_message_and_the_draft(self, house: House):
        for number in range(5):
            conversation_id = await house.open(f"Question {number}")
            suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
            await house.draft(suggestion)

            outcomes = await asyncio.gather(
                house.accept(actor=house.actor, message_id=suggestion.message_id),
                house.say(conversation_id, "I do it", Author.STAFF),
                return_exceptions=True,
            )

            texts = (await house.said(conversation_id))[1:]
            if isinstance(outcomes[0], InvalidState):
                assert texts == ["I do it"]
            else:
                assert texts == ["The Polo is here.", "I do it"]

    async def test_makes_one_suggestion_for_parallel_askers(self, house: House):
        conversation_id = await house.open()

        found = await asyncio.gather(
            *(house.request(actor=house.actor, conversation_id=conversation_id) for _ in range(10))
        )

        assert len({suggestion.id for suggestion in found}) == 1

    async def test_discards_and_does_not_charge_when_overtaken(self, house: House):
        conversation_id = await house.open()
        drafter = house.drafter
        assert isinstance(drafter, ScriptedDrafter)

        async def overtaken(_):
            await house.say(conversation_id, "Never mind")
            return answered()

        drafter.script[:] = [overtaken]
        suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)

        await house.draft(suggestion)

        view = await house.view(suggestion)
        assert (view.status, view.result, view.is_charged) == ("discarded", None, False)
        async with house.database.begin(house.actor.tenant) as tx:
            (call,) = await tx.model_calls.of_suggestion(suggestion.id)
        assert (call.outcome, call.is_charged, call.usage) == ("answered", False, answered().usage)
        assert await house.said(conversation_id) == ["Do you have a Polo?", "Never mind"]

    async def test_keeps_an_answer_for_the_next_attempt(self, house: House):
        conversation_id = await house.open()
        suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
        run = await house.take(suggestion)
        async with house.database.begin(house.actor.tenant) as tx:
            await tx.jobs.keep_step(run, "acme/oracle-1:draft", house_answer())
        await house.ledger.release(run)
        again = replace(await house.take(suggestion), attempt=2)

        await house.draft_reply(run=again, suggestion_id=suggestion.id)

        view = await house.view(suggestion)
        assert view.result is not None
        assert (view.result.draft.text, view.result.usage.input_tokens) == ("kept", 100)

    async def test_shows_what_is_out_of_date_as_discarded(self, house: House):
        conversation_id = await house.open()
        suggestion = await house.request(actor=house.actor, conversation_id=conversation_id)
        await house.draft(suggestion)
        await house.say(conversation_id, "hello?")

        view = await house.view(suggestion)

        assert (view.status, view.result, view.is_charged) == ("discarded", None, False)
        anew = await house.request(actor=house.actor, conversation_id=conversation_id)
        assert anew.saw_sequence == 2


def house_answer() -> dict[str, object]:
    return msgspec.to_builtins(answered(a_draft("kept")))
