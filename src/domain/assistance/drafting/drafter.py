"""The order in which the built-in drafter tries its moves."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from domain.assistance.drafting.answering import answer_question, go_on, greet, offer_another, take_leave
from domain.assistance.drafting.asking import ask_missing, confirm_booking
from domain.assistance.drafting.case import Case, read_case
from domain.assistance.drafting.looking import tell_fresh
from domain.assistance.drafting.standing import answer_named, answer_standing, quote_policy
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, Turn

Move = Callable[[Case], Draft | None]

MOVES: Final[tuple[Move, ...]] = (
    tell_fresh,
    greet,
    take_leave,
    quote_policy,
    answer_named,
    answer_standing,
    ask_missing,
    offer_another,
    answer_question,
    confirm_booking,
    go_on,
)
"""Tried in this order; the first draft is taken."""


def draft_reply(turns: Sequence[Turn], facts: Sequence[Fact], *, now: datetime) -> Draft:
    """Draft a reply to the customer's last message."""
    case = read_case(turns, facts, now)
    if not case.said.strip():
        return Draft(decision=Decision.NO_DRAFT, text="", reason="the last message is not the customer's")
    drafts = (move(case) for move in MOVES)
    return next((draft for draft in drafts if draft is not None), _hand_off())


def _hand_off() -> Draft:
    return Draft(
        decision=Decision.HAND_OFF,
        text="Thank you for your message. A colleague needs to look at this.",
        reason="no source answers this",
        missing=("a source that answers the message",),
    )
