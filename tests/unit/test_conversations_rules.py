"""The rules of conversations and messages."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversations.clocks import Clocks, clocks_of
from domain.conversations.conversation import Conversation
from domain.conversations.events import ConversationClosed
from domain.conversations.message import LONGEST_TEXT, Author, Message, MessageState, NotADraft
from domain.conversations.past import retell
from domain.conversations.statuses import TRANSITIONS, Guard, IllegalMove, Move, Status, after, allowed_moves
from domain.conversations.values import Priority
from domain.shared.errors import Invalid
from domain.shared.ids import MessageId, UserId
from tests.support.talking import NOON, TimeOrderedIds, a_conversation, a_past

IDS = TimeOrderedIds()
LATER = NOON + timedelta(minutes=5)


def post(
    conversation: Conversation, author: Author = Author.CUSTOMER, text: str = "Hello", now: datetime = NOON, **more
) -> Message:
    return conversation.post(MessageId(IDS.new()), author, text, now, **more)


def draft(conversation: Conversation, text: str = "A draft", **more) -> Message:
    return conversation.draft(MessageId(IDS.new()), text, NOON, **more)


def names(entity: Conversation | Message) -> list[str]:
    return [event.name for event in entity.events]


class TestStatusMachine:
    def test_has_each_move_at_most_once_per_status(self):
        pairs = [(line.current, line.move) for line in TRANSITIONS]

        assert len(pairs) == len(set(pairs))

    def test_reaches_every_status_and_uses_every_move_and_guard(self):
        assert {line.next for line in TRANSITIONS} == set(Status)
        assert {line.move for line in TRANSITIONS} == set(Move)
        assert {line.guard for line in TRANSITIONS} == {None, *Guard}

    @pytest.mark.parametrize("line", TRANSITIONS, ids=lambda line: f"{line.current}-{line.move}")
    def test_leads_where_the_table_says(self, line):
        assert after(line.current, line.move) is line.next
        assert line.move in allowed_moves(line.current)

    @pytest.mark.parametrize("current", list(Status))
    @pytest.mark.parametrize("move", list(Move))
    def test_refuses_everything_else_and_tells_what_is_allowed(self, current, move):
        if move in allowed_moves(current):
            return

        with pytest.raises(IllegalMove) as refused:
            after(current, move)

        assert refused.value.facts == {"current": current, "allowed": list(allowed_moves(current))}
        assert refused.value.code == "invalid_state"


class TestPosting:
    def test_counts_up_without_gaps(self):
        conversation = a_conversation()

        sequences = [post(conversation).sequence for _ in range(3)]

        assert sequences == [1, 2, 3]
        assert conversation.last_sequence == 3

    def test_tells_what_happened(self):
        conversation = a_conversation()

        message = post(conversation, Author.STAFF, recorded_by="user:1", author_id=UserId(IDS.new()))

        assert names(message) == ["message.sent"]
        assert message.events[0].subject == ("msg", message.id)
        assert conversation.events == []
        assert (message.state, message.sent_at, message.recorded_by) == (MessageState.SENT, NOON, "user:1")

    def test_makes_it_the_others_turn(self):
        conversation = a_conversation()

        post(conversation, Author.STAFF)
        assert conversation.status is Status.ANSWERED
        post(conversation, Author.CUSTOMER)
        assert conversation.status is Status.OPEN

    def test_of_the_customer_reopens_and_starts_an_episode(self):
        conversation = a_conversation()
        first = post(conversation)
        post(conversation, Author.STAFF)
        conversation.close(NOON)
        conversation.events.clear()

        message = post(conversation, now=LATER)

        assert (conversation.status, conversation.episode, conversation.closed_at) == (Status.OPEN, 2, None)
        assert (first.episode, message.episode, message.sequence) == (1, 2, 3)
        assert (conversation.episode_started_at, conversation.first_reply_at) == (LATER, None)
        assert names(conversation) == ["conversation.reopened"]

    def test_of_staff_is_refused_when_it_is_closed(self):
        conversation = a_conversation()
        conversation.close(NOON)

        with pytest.raises(IllegalMove):
            post(conversation, Author.STAFF)

        assert (conversation.last_sequence, conversation.status) == (0, Status.CLOSED)

    @pytest.mark.parametrize("text", ["", " \n\t", "x" * (LONGEST_TEXT + 1)])
    def test_refuses_texts_that_say_nothing_or_too_much(self, text):
        conversation = a_conversation()
        conversation.close(NOON)

        with pytest.raises(Invalid) as refused:
            post(conversation, text=text)

        assert refused.value.problems[0].pointer == "/text"
        assert (conversation.status, conversation.episode) == (Status.CLOSED, 1)

    def test_keeps_the_text_as_sent(self):
        assert post(a_conversation(), text="  e\u0301 \n").text == "  e\u0301 \n"


class TestClocks:
    def test_run_from_the_first_unanswered_message_to_the_reply(self):
        conversation = a_conversation()

        post(conversation, now=NOON)
        post(conversation, now=LATER)
        assert conversation.waiting_since_at == NOON
        post(conversation, Author.STAFF, now=LATER)

        assert (conversation.waiting_since_at, conversation.first_reply_at) == (None, LATER)
        assert conversation.last_message_at == LATER

    def test_keep_the_first_reply(self):
        conversation = a_conversation()

        post(conversation, Author.STAFF, now=NOON)
        post(conversation, Author.STAFF, now=LATER)

        assert conversation.first_reply_at == NOON

    def test_stop_when_it_is_closed(self):
        conversation = a_conversation()
        post(conversation)

        conversation.close(LATER)

        assert (conversation.waiting_since_at, conversation.closed_at) == (None, LATER)

    @given(st.lists(st.sampled_from(["customer", "staff", "draft", "send", "reject", "close", "reopen"]), max_size=30))
    def test_are_what_the_messages_tell(self, steps):
        conversation, messages, now = a_conversation(), [], NOON
        open_draft = None
        for step in steps:
            now += timedelta(minutes=1)
            try:
                if step == "draft":
                    open_draft = conversation.draft(MessageId(IDS.new()), "Draft", now, open_draft=open_draft)
                elif step == "send" and open_draft is not None:
                    messages.append(conversation.send_draft(open_draft, "Sent", now, by=None))
                    open_draft = None
                elif step == "reject" and open_draft is not None:
                    conversation.reject_draft(open_draft, by=None)
                    open_draft = None
                elif step == "close":
                    conversation.close(now, open_draft=open_draft)
                    open_draft = None
                elif step == "reopen":
                    conversation.reopen(now)
                elif step in set(Author):
                    author = Author(step)
                    messages.append(post(conversation, author, now=now, open_draft=open_draft))
                    open_draft = None
            except IllegalMove:
                continue

        kept = Clocks(conversation.first_reply_at, conversation.waiting_since_at)
        told = clocks_of(messages, conversation.episode)
        if conversation.status is Status.CLOSED:
            assert kept == Clocks(told.first_reply_at, None)
        else:
            assert kept == told
        assert [message.sequence for message in messages] == list(range(1, len(messages) + 1))
        assert (conversation.open_draft_id is None) == (open_draft is None)


class TestDrafts:
    def test_have_no_place_until_they_are_sent(self):
        conversation = a_conversation()
        post(conversation)

        kept = draft(conversation)

        assert (kept.sequence, kept.sent_at, kept.state, kept.author) == (
            None,
            None,
            MessageState.DRAFT,
            Author.ASSISTANT,
        )
        assert (conversation.open_draft_id, conversation.last_sequence) == (kept.id, 1)
        assert names(kept) == ["draft.kept"]

    def test_become_the_next_message_of_the_assistant(self):
        conversation, by = a_conversation(), UserId(IDS.new())
        post(conversation)
        kept = draft(conversation)
        kept.events.clear()

        sent = conversation.send_draft(kept, "As edited", LATER, by=by, recorded_by="user:1")

        assert sent is kept
        assert (sent.text, sent.sequence, sent.sent_at, sent.state) == ("As edited", 2, LATER, MessageState.SENT)
        assert (sent.author, sent.author_id, sent.recorded_by) == (Author.ASSISTANT, by, "user:1")
        assert (conversation.open_draft_id, conversation.status) == (None, Status.ANSWERED)
        assert (conversation.first_reply_at, conversation.waiting_since_at) == (LATER, None)
        assert names(sent) == ["message.sent"]

    @pytest.mark.parametrize("author", [Author.CUSTOMER, Author.STAFF])
    def test_are_discarded_when_somebody_writes(self, author):
        conversation = a_conversation()
        kept = draft(conversation)
        kept.events.clear()

        post(conversation, author, open_draft=kept)

        assert (kept.state, conversation.open_draft_id) == (MessageState.DISCARDED, None)
        assert names(kept) == ["draft.discarded"]

    def test_are_discarded_by_a_newer_one_and_by_closing(self):
        conversation = a_conversation()
        first = draft(conversation)

        second = draft(conversation, open_draft=first)
        conversation.close(NOON, open_draft=second)

        assert first.state is second.state is MessageState.DISCARDED

    def test_must_be_at_hand_to_be_discarded(self):
        conversation = a_conversation()
        draft(conversation)
        other = draft(a_conversation())

        for wrong in (None, other):
            with pytest.raises(ValueError, match="at hand"):
                post(conversation, open_draft=wrong)

    def test_are_rejected_once(self):
        conversation = a_conversation()
        kept = draft(conversation)
        kept.events.clear()

        conversation.reject_draft(kept, by=None, recorded_by="user:1")

        assert (kept.state, conversation.open_draft_id, names(kept)) == (
            MessageState.REJECTED,
            None,
            ["draft.rejected"],
        )
        with pytest.raises(NotADraft) as refused:
            conversation.reject_draft(kept, by=None)
        assert refused.value.facts["current"] == "rejected"

    def test_are_sent_once(self):
        conversation = a_conversation()
        kept = draft(conversation)
        conversation.send_draft(kept, kept.text, NOON, by=None)

        with pytest.raises(NotADraft):
            conversation.send_draft(kept, kept.text, NOON, by=None)
        with pytest.raises(NotADraft):
            kept.discard()
        with pytest.raises(NotADraft):
            kept.reject(by=None, recorded_by="")

        assert conversation.last_sequence == 1

    def test_cannot_be_sent_blank(self):
        conversation = a_conversation()
        kept = draft(conversation)

        with pytest.raises(Invalid):
            conversation.send_draft(kept, " ", NOON, by=None)

        assert kept.state is MessageState.DRAFT

    def test_are_not_made_when_it_is_closed(self):
        conversation = a_conversation()
        conversation.close(NOON)

        with pytest.raises(IllegalMove):
            draft(conversation)


class TestTheRest:
    def test_opens_with_an_event(self):
        conversation = Conversation.open(
            id=a_conversation().id,
            workspace_id=a_conversation().workspace_id,
            number=7,
            particulars=a_past("x").particulars,
            now=NOON,
        )

        assert names(conversation) == ["conversation.opened"]
        assert conversation.events[0].subject == ("conv", conversation.id)
        assert (conversation.status, conversation.last_message_at, conversation.episode) == (Status.OPEN, NOON, 1)

    def test_edits_only_what_differs(self):
        conversation = a_conversation(subject="Tyres")

        conversation.edit(subject="Tyres", priority=Priority.NORMAL)
        assert conversation.events == []
        conversation.edit(subject="Brakes", priority=Priority.HIGH)

        assert (conversation.subject, conversation.priority) == ("Brakes", Priority.HIGH)
        assert names(conversation) == ["conversation.edited"]

    def test_is_assigned_and_given_back(self):
        conversation, member = a_conversation(), UserId(IDS.new())

        conversation.assign(member)
        conversation.assign(member)
        conversation.assign(None)

        assert names(conversation) == ["conversation.assigned"] * 2
        assert conversation.assignee_id is None

    def test_is_not_assigned_when_it_is_closed(self):
        conversation = a_conversation()
        conversation.close(NOON)

        with pytest.raises(IllegalMove):
            conversation.assign(None)

    def test_is_reopened_into_a_new_episode(self):
        conversation = a_conversation()
        conversation.close(NOON)
        conversation.events.clear()

        conversation.reopen(LATER)

        assert (conversation.status, conversation.episode, conversation.episode_started_at) == (Status.OPEN, 2, LATER)
        assert names(conversation) == ["conversation.reopened"]

    def test_tells_its_clocks_when_it_closes(self):
        conversation = a_conversation()
        post(conversation, Author.STAFF, now=LATER)

        conversation.close(LATER)

        (closed,) = conversation.events
        assert isinstance(closed, ConversationClosed)
        assert (closed.name, closed.episode, closed.first_reply_at) == ("conversation.closed", 1, LATER)


class TestThePast:
    def test_is_retold_with_events_that_nobody_acts_on(self):
        past = a_past("f/1", "Hi", "Hello", is_closed=True)

        conversation, messages = retell(
            past, workspace_id=a_conversation().workspace_id, number=3, new_id=IDS.new, recorded_by="user:1"
        )

        assert names(conversation) == ["conversation.imported"]
        assert [names(message) for message in messages] == [["message.imported"]] * 2
        assert (conversation.status, conversation.external_id, conversation.number) == (Status.CLOSED, "f/1", 3)
        assert (conversation.created_at, conversation.last_message_at) == (NOON, NOON + timedelta(minutes=1))
        assert conversation.closed_at == conversation.last_message_at

    def test_may_still_wait_for_an_answer(self):
        conversation, _ = retell(
            a_past("f/1", "Hi"),
            workspace_id=a_conversation().workspace_id,
            number=1,
            new_id=IDS.new,
            recorded_by="user:1",
        )

        assert (conversation.status, conversation.waiting_since_at) == (Status.OPEN, NOON)
