"""Promises of the lists of conversations and messages, kept by memory and by PostgreSQL alike."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from application.conversations.queries import ConversationFilter, ConversationOrder
from domain.conversations.conversation import Conversation
from domain.conversations.message import Author
from domain.conversations.values import Channel, Priority
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, MessageId
from tests.support.talking import NOON, Talk, a_past, in_memory, on_postgres


@pytest.fixture(params=["memory", "postgres", "postgres, where everything is common"])
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    if request.param == "memory":
        yield in_memory()
        return
    few = {} if request.param == "postgres" else {"few": 0}
    async with on_postgres(request.getfixturevalue("database_url"), **few) as talk:
        yield talk


class TestList:
    async def test_shows_little_of_each(self, talk: Talk):
        conversation = await talk.begin(customer="Grace", first="Hello", subject="Tyres", channel=Channel.EMAIL)

        page = await talk.queries.page(talk.actor.tenant, ConversationFilter(), ConversationOrder.NEWEST)

        (line,) = page.items
        assert (line.id, line.number, line.customer_name, line.channel) == (conversation.id, 1, "Grace", "email")
        assert (line.subject, line.priority, line.status, line.last_sequence) == ("Tyres", "normal", "open", 1)
        assert (line.created_at, line.waiting_since_at) == (conversation.created_at, conversation.created_at)
        assert (line.assignee_id, line.match, page.after) == (None, None, None)

    async def test_is_light_however_much_was_said(self, talk: Talk):
        conversation = await talk.begin(first="A" * 20_000)
        await talk.say(conversation, "B" * 20_000)

        page = await talk.queries.page(talk.actor.tenant, ConversationFilter(), ConversationOrder.NEWEST)

        assert len(msgspec.json.encode(page)) < 600

    @pytest.mark.parametrize("order", list(ConversationOrder))
    async def test_comes_in_each_order_on_pages_of_any_size(self, talk: Talk, order: ConversationOrder):
        made = [await talk.begin() for _ in range(5)]
        await talk.say(made[1])

        walks = [await talk.walk(limit, order) for limit in (1, 2, 5, 20)]

        expected = {
            ConversationOrder.NEWEST: [5, 4, 3, 2, 1],
            ConversationOrder.OLDEST: [1, 2, 3, 4, 5],
            ConversationOrder.LATEST_MESSAGE: [2, 5, 4, 3, 1],
        }[order]
        assert walks == [expected] * 4

    async def test_breaks_ties_by_id(self, talk: Talk):
        await talk.load(actor=talk.actor, batch=[a_past(f"f/{n}", "Hi") for n in range(5)])

        assert await talk.walk(2) == [5, 4, 3, 2, 1]

    async def test_repeats_and_skips_nothing_while_conversations_are_added_and_change(self, talk: Talk):
        made = [await talk.begin() for _ in range(7)]
        seen: list[int] = []
        after = None

        while True:
            page = await talk.queries.page(
                talk.actor.tenant, ConversationFilter(), ConversationOrder.NEWEST, after=after, limit=2
            )
            seen += [line.number for line in page.items]
            await talk.begin()
            await talk.say(made[0])
            if (after := page.after) is None:
                break

        assert seen == [7, 6, 5, 4, 3, 2, 1]

    async def test_keeps_to_its_filters(self, talk: Talk):
        made = [await talk.begin(channel=Channel.EMAIL) for _ in range(2)]
        made += [await talk.begin(priority=Priority.URGENT) for _ in range(2)]
        await talk.say(made[1], author=Author.STAFF)
        await talk.close(actor=talk.actor, conversation_id=made[2].id)
        member = await talk.a_member()
        await talk.assign(actor=talk.actor, conversation_id=made[3].id, assignee_id=member)

        assert await talk.walk(channels=("email",)) == [2, 1]
        assert await talk.walk(priorities=("urgent",)) == [4, 3]
        assert await talk.walk(priorities=("urgent", "normal")) == [4, 3, 2, 1]
        assert await talk.walk(statuses=("open",)) == [4, 1]
        assert await talk.walk(1, statuses=("open", "closed")) == [4, 3, 1]
        assert await talk.walk(1, ConversationOrder.OLDEST, statuses=("open", "closed")) == [1, 3, 4]
        assert await talk.walk(statuses=("open", "answered", "closed")) == [4, 3, 2, 1]
        assert await talk.walk(assignee_ids=(member,)) == [4]
        assert await talk.walk(is_assigned=True) == [4]
        assert await talk.walk(is_assigned=False) == [3, 2, 1]
        assert await talk.walk(created_after=made[1].created_at) == [4, 3, 2]
        assert await talk.walk(created_before=made[1].created_at) == [1]
        assert await talk.walk(statuses=("open",), channels=("email",), is_assigned=False) == [1]

    async def test_hides_other_tenants(self, talk: Talk):
        await talk.begin(actor=talk.somebody(), first="Hello")

        assert await talk.walk() == []


class TestSearch:
    async def test_finds_messages_subjects_and_customers(self, talk: Talk):
        said = await talk.begin(first="Do you have winter tyres?")
        titled = await talk.begin(subject="Winter tyres")
        named = await talk.begin(customer="Winter, Ada")
        await talk.begin(first="Summer")

        assert await talk.walk(q="winter") == [named.number, titled.number, said.number]

    async def test_finds_words_by_their_beginning_in_any_case(self, talk: Talk):
        await talk.begin(first="Two RESERVATIONS, please")

        assert await talk.walk(q="reserv") == [1]
        assert await talk.walk(q="please two") == [1]

    async def test_shows_where(self, talk: Talk):
        conversation = await talk.begin(first="Nothing here")
        await talk.say(conversation, "Is the blue one still there?")
        latest = await talk.say(conversation, "The blue one, I mean. " + "Well. " * 100)

        page = await talk.queries.page(talk.actor.tenant, ConversationFilter(q="blue"), ConversationOrder.NEWEST)

        match = page.items[0].match
        assert match is not None
        assert (match.message_id, match.is_similar) == (latest.id, False)
        assert len(match.text) <= 200
        assert [match.text[span.start : span.end] for span in match.spans] == ["blue"]

    async def test_shows_the_heading_where_no_message_has_it(self, talk: Talk):
        await talk.begin(subject="Winter tyres", customer="Ada", first="Hello")

        page = await talk.queries.page(talk.actor.tenant, ConversationFilter(q="tyres"), ConversationOrder.NEWEST)

        match = page.items[0].match
        assert match is not None
        assert (match.text, match.message_id) == ("Winter tyres Ada", None)

    async def test_forgives_a_typing_mistake_where_nothing_has_the_word(self, talk: Talk):
        await talk.begin(first="I would like the Volkswagen")

        page = await talk.queries.page(talk.actor.tenant, ConversationFilter(q="volkswagne"), ConversationOrder.NEWEST)

        match = page.items[0].match
        assert match is not None
        assert match.is_similar
        assert [match.text[span.start : span.end] for span in match.spans] == ["Volkswagen"]

    async def test_prefers_the_very_words(self, talk: Talk):
        await talk.begin(first="A golf")
        await talk.begin(first="A gulf, a gold")

        assert await talk.walk(q="golf") == [1]

    @pytest.mark.parametrize("order", list(ConversationOrder))
    async def test_reaches_everything_page_by_page(self, talk: Talk, order: ConversationOrder):
        for _ in range(5):
            await talk.begin(first="A golf")
        await talk.begin(first="Something else")

        found = await talk.walk(2, order, q="golf")
        alike = await talk.walk(2, order, q="gollf")

        assert found == alike
        assert sorted(found) == [1, 2, 3, 4, 5]

    async def test_keeps_to_the_filters(self, talk: Talk):
        one = await talk.begin(first="A golf")
        await talk.begin(first="A golf")
        await talk.close(actor=talk.actor, conversation_id=one.id)

        assert await talk.walk(q="golf", statuses=("closed",)) == [1]
        assert await talk.walk(q="golf", statuses=("open",)) == [2]
        assert await talk.walk(1, q="golf", statuses=("open", "closed")) == [2, 1]

    async def test_follows_a_new_subject(self, talk: Talk):
        conversation = await talk.begin(subject="Tyres")

        await talk.edit(actor=talk.actor, conversation_id=conversation.id, subject="Brakes")

        assert await talk.walk(q="brakes") == [1]
        assert await talk.walk(q="tyres") == []

    async def test_leaves_drafts_out(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        await talk.draft(conversation, "Secret plans")

        assert await talk.walk(q="secret") == []

    @pytest.mark.parametrize("q", ["!!!", "-", "'", '"', "a & | ! :*", "\\", "or", "-golf", "%", "''''"])
    async def test_takes_any_text(self, talk: Talk, q: str):
        await talk.begin(first="A golf")

        await talk.walk(q=q)

    async def test_hides_other_tenants(self, talk: Talk):
        await talk.begin(actor=talk.somebody(), first="A golf", subject="golf")

        assert await talk.walk(q="golf") == []
        assert await talk.walk(q="gollf") == []


async def texts(talk: Talk, conversation: Conversation, limit: int = 20, **wanted: Any) -> list[str]:
    """All pages of the thread."""
    found: list[str] = []
    after = None
    while True:
        page = await talk.queries.messages(talk.actor.tenant, conversation.id, after=after, limit=limit, **wanted)
        found += [message.text for message in page.items]
        if (after := page.after) is None:
            return found


class TestThread:
    @pytest.mark.parametrize("limit", [1, 2, 5, 20])
    async def test_comes_in_its_order_on_pages_of_any_size(self, talk: Talk, limit: int):
        conversation = await talk.begin()
        for n in range(5):
            await talk.say(conversation, str(n))

        assert await texts(talk, conversation, limit) == ["0", "1", "2", "3", "4"]
        assert await texts(talk, conversation, limit, newest_first=True) == ["4", "3", "2", "1", "0"]

    async def test_goes_on_behind_what_was_seen(self, talk: Talk):
        conversation = await talk.begin()
        said = [await talk.say(conversation, str(n)) for n in range(4)]

        assert await texts(talk, conversation, since=2) == ["2", "3"]
        assert await texts(talk, conversation, since=MessageId(said[1].id)) == ["2", "3"]
        assert await texts(talk, conversation, since=said[1].sent_at) == ["1", "2", "3"]
        assert await texts(talk, conversation, 1, since=1, newest_first=True) == ["3", "2", "1"]
        assert await texts(talk, conversation, since=4) == []
        assert await texts(talk, conversation, since=2**40) == []
        assert await texts(talk, conversation, since=NOON + timedelta(days=1)) == []

    async def test_refuses_to_go_on_behind_a_foreign_message(self, talk: Talk):
        conversation = await talk.begin()
        foreign = await talk.say(await talk.begin())

        with pytest.raises(Invalid) as refused:
            await talk.queries.messages(talk.actor.tenant, conversation.id, since=MessageId(foreign.id))

        assert refused.value.problems[0].parameter == "since"

    async def test_skips_nothing_while_messages_are_added(self, talk: Talk):
        conversation = await talk.begin()
        for n in range(4):
            await talk.say(conversation, str(n))

        first = await talk.queries.messages(talk.actor.tenant, conversation.id, newest_first=True, limit=2)
        await talk.say(conversation, "late")
        rest = await talk.queries.messages(
            talk.actor.tenant, conversation.id, newest_first=True, limit=2, after=first.after
        )

        assert [message.text for message in [*first.items, *rest.items]] == ["3", "2", "1", "0"]


class TestStatus:
    async def test_tells_what_a_poll_needs(self, talk: Talk):
        conversation = await talk.begin(first="Hello")
        draft = await talk.draft(conversation)

        status = await talk.queries.status(talk.actor.tenant, ConversationId(conversation.id))

        assert (status.status, status.episode, status.last_sequence, status.version) == ("open", 1, 1, 2)
        assert (status.open_draft_id, status.waiting_since_at) == (draft.id, conversation.created_at)
        assert status.allowed_moves == [
            "customer_writes",
            "staff_writes",
            "draft",
            "send_draft",
            "assign",
            "close",
        ]
