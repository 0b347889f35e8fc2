"""The order in which the built-in drafter tries its moves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.assistance.drafting.answering import answer_aside, answer_question, go_on, greet, offer_another, take_leave
from domain.assistance.drafting.asking import ask_missing, confirm_booking
from domain.assistance.drafting.case import Case, read_case
from domain.assistance.drafting.looking import tell_fresh
from domain.assistance.drafting.replies import hand_off
from domain.assistance.drafting.standing import answer_questions, answer_standing, leave_complaint
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, Turn

Move = Callable[[Case], Draft | None]

MOVES: Final[tuple[Move, ...]] = (
    tell_fresh,
    greet,
    take_leave,
    leave_complaint,
    answer_questions,
    answer_standing,
    answer_aside,
    ask_missing,
    offer_another,
    answer_question,
    confirm_booking,
    go_on,
)
"""Tried in this order; the first draft is taken."""


def draft_reply(turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime, is_whole: bool = True) -> Draft:
    """Draft a reply to what the customer wrote last.

    Args:
        turns: the conversation, oldest first; without a customer's message at its end there is no draft.
        facts: all the reply may rest on, checklists included, look-ups in the order in which they came.
        now: only says which year need not be written.
        is_whole: whether these are all rows that there are; of some, none is called the cheapest.
    """
    case = replace(read_case(turns, facts, now), is_whole=is_whole)
    if not case.said.strip():
        return Draft(decision=Decision.NO_DRAFT, text="", reason="the last message is not the customer's")
    drafts = (move(case) for move in MOVES)
    found = next((draft for draft in drafts if draft is not None), None)
    return found or hand_off("no source answers this", "a source that answers the message")
