"""Moves for rows that are already known: answer what was asked, offer another, go on, take leave."""

import re
from typing import Final

from domain.assistance.drafting.answers import Answers
from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Purpose
from domain.assistance.drafting.looking import describe, offer
from domain.assistance.drafting.replies import Reply
from domain.assistance.drafting.rows import asked_fields, spoken_of
from domain.assistance.drafting.shelf import Pick
from domain.assistance.drafting.words import (
    ALTERNATIVE,
    MORE,
    NEGATE,
    PLEASANT,
    QUESTION,
    THANKS,
    closes,
    fold,
    only_thanks,
)
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, Speaker

_DONE: Final = re.compile(
    r"\b(?:booked|reserved|confirmed|scheduled|all set|done|complete\w*|success\w*|purchased|bought)\b"
)


def answer_question(case: Case) -> Draft | None:
    """Answer from the row that was looked up and spoken of the fields that the customer asks for."""
    row = case.focus
    if row is None or row.known_since == 0 or not QUESTION.search(case.folded):
        return None
    fields = asked_fields(case.folded, row, case.talk.checklists)
    if not fields:
        return None
    reply = Reply(case.now)
    if row.entity and not all(row.fields[name] == row.entity for name in fields):
        reply.state(row, "entity").say(": ")
    reply.details(row, fields[:4]).say(".")
    return reply.draft(Decision.ANSWER, "answers from the row that was spoken of")


def answer_aside(case: Case) -> Draft | None:
    """While details of a booking are still open, a question about the row goes first."""
    topic = case.topic
    if topic is None or topic.purpose is not Purpose.BOOK or case.talk.opened or case.talk.told_now:
        return None
    return answer_question(case)


def offer_another(case: Case) -> Draft | None:
    """Offer the next row of the last look-up that nobody has spoken of."""
    if not case.newest or not ALTERNATIVE.search(case.folded) or case.focus is None:
        return None
    row = next_row(case)
    if row is None:
        reply = Reply(case.now).say("That was the last one that matches. Would you like to change something?")
        return reply.draft(Decision.ANSWER, "every row was offered")
    if row.known_since == 0:
        answers = Answers(case, case.rows)
        answers.offer(Pick((row,)))
        return answers.draft()
    return offer(case, row, "There is also ", "offers the next row")


def next_row(case: Case) -> Fact | None:
    """The first row of the newest batch that staff have not spoken of yet."""
    newest = case.newest
    spoken = [
        spoken_of(newest, turn)
        for turn in case.turns
        if turn.speaker is not Speaker.CUSTOMER and turn.sequence > newest[0].known_since
    ]
    told = {row.source_id for row in spoken if row is not None}
    return next((row for row in newest if row.source_id not in told), None)


def take_leave(case: Case) -> Draft | None:
    """Close politely when the customer thanks, leaves, or says no to further help."""
    before = fold(_said_by_staff(case))
    leaving = (closes(case.folded) and "?" not in case.said) or (only_thanks(case.folded) and not case.talk.heard_now)
    declined = NEGATE.match(case.folded) is not None and MORE.search(before) is not None
    if case.talk.opened or not (leaving or declined):
        return None
    if THANKS.search(case.folded) and not closes(case.folded) and not declined:
        text = "Gladly. May we help with anything further?"
    else:
        text = "Thank you for getting in touch. We wish you a good day."
    return Reply(case.now).say(text).draft(Decision.ANSWER, "the customer takes leave")


def go_on(case: Case) -> Draft | None:
    """With a row in question and no question open: offer to book it, or ask what else is needed."""
    row = case.focus
    if row is None or "?" in case.said:
        return None
    reply = Reply(case.now)
    booking = case.talk.booking()
    before = fold(_said_by_staff(case))
    if booking is None or case.talk.offered_booking or _DONE.search(before) or NEGATE.match(case.folded):
        reply.say("May we help with anything further?")
        return reply.draft(Decision.ANSWER, "nothing is left open")
    reply.say("Would you like to book ")
    describe(case, reply, row)
    reply.say("?")
    return reply.draft(Decision.ANSWER, "offers to book the row that was spoken of")


def greet(case: Case) -> Draft | None:
    if PLEASANT.match(case.folded):
        return Reply(case.now).say("Hello! How can I help you?").draft(Decision.ANSWER, "the customer says hello")
    return None


def _said_by_staff(case: Case) -> str:
    return next((turn.text for turn in reversed(case.turns) if turn.speaker is not Speaker.CUSTOMER), "")
