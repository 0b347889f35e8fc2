"""Promises of the ports of conversations, kept by memory and by PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from domain.conversations.conversation import ConversationNotFound
from domain.conversations.message import Author, MessageNotFound, MessageState
from domain.conversations.statuses import IllegalMove, Status
from domain.conversations.values import Priority
from domain.shared.errors import Invalid, PreconditionFailed
from domain.shared.ids import MessageId
from tests.support.talking import NOON, Talk, a_conversation, a_past, in_memory, on_postgres


@pytest.fixture(params=["memory", "postgres"])
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    if request.param == "memory":
        yield in_memory()
        return
    async with on_postgres(request.getfixturevalue("database_url")) as talk:
        yield talk


class TestTransactions:
    async def test_give_back_what_was_saved(self, talk: Talk):
        conversation = a_conversation(
            workspace_id=talk.actor.tenant, subject="Tyres", email="ada@example.test", external_id="x-1"
        )
        async with talk.transactions.begin(talk.actor.tenant) as tx:
            await tx.conversations.save(conversation)

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            found = await tx.conversations.get(conversation.id)

        fields = [name for name in type(found).__slots__ if name != "events"]
        assert [getattr(found, name) for name in fields] == [getattr(conversation, name) for name in fields]
        assert found.version == 1

    async def test_lose_a_change_without_save(self, talk: Talk):
        conversation = await talk.begin(subject="Tyres")

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            found = await tx.conversations.get(conversation.id)
            found.edit(subject="Brakes", priority=Priority.HIGH)

        view = await talk.queries.one(talk.actor.tenant, conversation.id)
        assert (view.subject, view.priority, view.version) == ("Tyres", "normal", 1)

    async def test_forget_everything_when_the_block_fails(self, talk: Talk):
        conversation = await talk.begin()

        async def fail() -> None:
            async with talk.transactions.begin(talk.actor.tenant) as tx:
                found = await tx.conversations.get(conversation.id)
                message = found.post(MessageId(talk.ids.new()), Author.STAFF, "Hi", NOON)
                await tx.conversations.save(found, message)
                raise RuntimeError("on purpose")

        with pytest.raises(RuntimeError, match="on purpose"):
            await fail()

        assert (await talk.queries.one(talk.actor.tenant, conversation.id)).last_sequence == 0
        assert (await talk.queries.messages(talk.actor.tenant, conversation.id)).items == []

    async def test_hide_other_tenants(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        message = (await talk.queries.messages(talk.actor.tenant, conversation.id)).items[0]
        stranger = talk.somebody()

        async with talk.transactions.begin(stranger.tenant) as tx:
            with pytest.raises(ConversationNotFound):
                await tx.conversations.get(conversation.id)
            with pytest.raises(MessageNotFound):
                await tx.messages.get(message.id)
            assert await tx.messages.latest(conversation.id, 1, 10) == []
        with pytest.raises(ConversationNotFound):
            await talk.queries.one(stranger.tenant, conversation.id)
        with pytest.raises(ConversationNotFound):
            await talk.queries.status(stranger.tenant, conversation.id)
        with pytest.raises(ConversationNotFound):
            await talk.queries.messages(stranger.tenant, conversation.id)
        with pytest.raises(MessageNotFound):
            await talk.queries.message(stranger.tenant, MessageId(message.id))

    async def test_cannot_both_close(self, talk: Talk):
        conversation = await talk.begin()

        outcomes = await asyncio.gather(
            *(talk.close(actor=talk.actor, conversation_id=conversation.id) for _ in range(2)),
            return_exceptions=True,
        )

        assert [type(each) for each in outcomes if isinstance(each, Exception)] == [IllegalMove]

    async def test_refuse_to_save_what_was_changed_meanwhile(self, talk: Talk):
        conversation = await talk.begin()
        async with talk.transactions.begin(talk.actor.tenant) as tx:
            stale = await tx.conversations.get(conversation.id, lock=False)
        await talk.close(actor=talk.actor, conversation_id=conversation.id)

        stale.edit(subject="Late", priority=Priority.LOW)
        with pytest.raises(PreconditionFailed):
            async with talk.transactions.begin(talk.actor.tenant) as tx:
                await tx.conversations.save(stale)


class TestNumbers:
    async def test_have_no_gaps_and_no_doubles_when_many_open_at_once(self, talk: Talk):
        opened = await asyncio.gather(*(talk.begin() for _ in range(20)))

        assert sorted(each.number for each in opened) == list(range(1, 21))

    async def test_are_given_back_by_a_rollback(self, talk: Talk):
        with pytest.raises(Invalid):
            await talk.begin(first=" ")

        assert (await talk.begin()).number == 1

    async def test_count_in_each_workspace(self, talk: Talk):
        await talk.begin()

        assert (await talk.begin(actor=talk.somebody())).number == 1


class TestMessages:
    async def test_have_no_gaps_when_many_post_at_once(self, talk: Talk):
        conversation = await talk.begin()

        posted = await asyncio.gather(*(talk.say(conversation, f"No. {n}") for n in range(20)))

        assert sorted(message.sequence or 0 for message in posted) == list(range(1, 21))
        view = await talk.queries.one(talk.actor.tenant, conversation.id)
        assert (view.last_sequence, view.version) == (20, 21)

    async def test_are_one_for_ten_parallel_tries_with_one_client_message_id(self, talk: Talk):
        conversation = await talk.begin()

        tries = await asyncio.gather(
            *(
                talk.post(actor=talk.actor, conversation_id=conversation.id, text="Once", client_message_id="c-1")
                for _ in range(10)
            )
        )

        assert len({each.message.id for each in tries}) == 1
        assert sorted(each.is_repeat for each in tries) == [False] + [True] * 9
        page = await talk.queries.messages(talk.actor.tenant, conversation.id)
        assert [message.text for message in page.items] == ["Once"]

    async def test_may_share_a_client_message_id_in_other_conversations(self, talk: Talk):
        one, other = await talk.begin(), await talk.begin()

        await talk.say(one, client_message_id="c-1")
        again = await talk.say(other, client_message_id="c-1")

        assert again.conversation_id == other.id

    async def test_give_the_latest_of_an_episode_oldest_first(self, talk: Talk):
        conversation = await talk.begin()
        await talk.say(conversation, "Old episode")
        await talk.close(actor=talk.actor, conversation_id=conversation.id)
        for text in ("One", "Two", "Three"):
            await talk.say(conversation, text)
        await talk.draft(conversation)

        async with talk.transactions.begin(talk.actor.tenant) as tx:
            latest = await tx.messages.latest(conversation.id, 2, 2)

        assert [(message.text, message.episode) for message in latest] == [("Two", 2), ("Three", 2)]


class TestDrafts:
    async def test_are_discarded_with_the_post(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        draft = await talk.draft(conversation)

        await talk.say(conversation, "I am quicker", Author.STAFF)

        assert (await talk.queries.message(talk.actor.tenant, draft.id)).state == "discarded"
        assert (await talk.queries.status(talk.actor.tenant, conversation.id)).open_draft_id is None

    async def test_stay_when_the_post_fails(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        draft = await talk.draft(conversation)

        with pytest.raises(Invalid):
            await talk.say(conversation, "\n")

        assert (await talk.queries.message(talk.actor.tenant, draft.id)).state == "draft"
        assert (await talk.queries.status(talk.actor.tenant, conversation.id)).open_draft_id == draft.id

    async def test_become_the_next_message_once(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        draft = await talk.draft(conversation)

        async def send() -> None:
            async with talk.transactions.begin(talk.actor.tenant) as tx:
                present = await tx.conversations.get(conversation.id)
                kept = await tx.messages.get(draft.id)
                present.send_draft(kept, "Edited", talk.clock.now(), by=talk.actor.user_id)
                await tx.messages.save(kept)
                await tx.conversations.save(present)

        outcomes = await asyncio.gather(send(), send(), return_exceptions=True)

        assert len([each for each in outcomes if isinstance(each, Exception)]) == 1
        sent = await talk.queries.message(talk.actor.tenant, draft.id)
        assert (sent.text, sent.sequence, sent.state, sent.version) == ("Edited", 2, MessageState.SENT, 2)

    async def test_are_no_part_of_the_thread(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        await talk.draft(conversation)

        page = await talk.queries.messages(talk.actor.tenant, conversation.id)

        assert [message.text for message in page.items] == ["Hello"]


class TestMembers:
    async def test_include_whoever_belongs_to_the_workspace(self, talk: Talk):
        conversation = await talk.begin()
        member = await talk.a_member()

        assigned = await talk.assign(actor=talk.actor, conversation_id=conversation.id, assignee_id=member)

        assert assigned.assignee_id == member
        with pytest.raises(Invalid):
            await talk.assign(actor=talk.actor, conversation_id=conversation.id, assignee_id=talk.somebody().user_id)


class TestImports:
    async def test_load_whole_conversations(self, talk: Talk):
        batch = [a_past("f/1", "Hi", "Hello", "Bye"), a_past("f/2", "One", "Two", is_closed=True)]

        done = await talk.load(actor=talk.actor, batch=batch)

        assert (done.new_conversations, done.new_messages) == (2, 5)
        view = await talk.queries.one(talk.actor.tenant, done.ids["f/1"])
        assert (view.number, view.last_sequence, view.status, view.external_id) == (1, 3, "open", "f/1")
        page = await talk.queries.messages(talk.actor.tenant, done.ids["f/1"])
        assert [(m.sequence, m.author, m.text) for m in page.items] == [
            (1, "customer", "Hi"),
            (2, "staff", "Hello"),
            (3, "customer", "Bye"),
        ]
        assert (await talk.queries.one(talk.actor.tenant, done.ids["f/2"])).status == Status.CLOSED

    async def test_change_nothing_the_second_time(self, talk: Talk):
        batch = [a_past("f/1", "Hi"), a_past("f/2", "One")]
        first = await talk.load(actor=talk.actor, batch=batch[:1])

        again = await talk.load(actor=talk.actor, batch=batch)
        third = await talk.load(actor=talk.actor, batch=batch)

        assert (again.new_conversations, again.ids["f/1"]) == (1, first.ids["f/1"])
        assert (third.new_conversations, third.new_messages, third.ids) == (0, 0, again.ids)
        assert await talk.walk() == [2, 1]

    async def test_do_not_double_when_two_load_the_same(self, talk: Talk):
        batch = [a_past(f"f/{n}", "Hi", "Hello") for n in range(10)]

        done = await asyncio.gather(*(talk.load(actor=talk.actor, batch=batch) for _ in range(3)))

        assert sum(each.new_conversations for each in done) == 10
        assert sorted(await talk.walk(limit=20)) == list(range(1, 11))

    async def test_load_nothing_of_a_batch_with_a_fault(self, talk: Talk):
        with pytest.raises(Invalid):
            await talk.load(actor=talk.actor, batch=[a_past("f/1", "Hi"), a_past("f/2", " ")])

        assert await talk.walk() == []

    async def test_tell_a_repeated_id_in_one_batch_once(self, talk: Talk):
        done = await talk.load(actor=talk.actor, batch=[a_past("f/1", "Hi"), a_past("f/1", "Hi")])

        assert done.new_conversations == 1
