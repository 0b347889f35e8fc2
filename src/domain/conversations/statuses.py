"""The status machine of a conversation: one table, which is also what the API and the docs publish."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.shared.errors import InvalidState


class Status(StrEnum):
    """Where a conversation stands. The set may grow."""

    OPEN = "open"
    """It is our turn: the customer wrote last, or nobody wrote yet."""
    ANSWERED = "answered"
    """It is the customer's turn."""
    CLOSED = "closed"
    """Done; the customer's next message opens a new episode."""


class Move(StrEnum):
    """What can happen to a conversation's status. The set may grow."""

    CUSTOMER_WRITES = "customer_writes"
    STAFF_WRITES = "staff_writes"
    DRAFT = "draft"
    SEND_DRAFT = "send_draft"
    ASSIGN = "assign"
    CLOSE = "close"
    REOPEN = "reopen"


class Guard(StrEnum):
    """What must hold besides the status. The set may grow."""

    DRAFT_IS_OPEN = "draft_is_open"
    """The draft was neither sent, rejected nor discarded, and nobody wrote since."""
    ASSIGNEE_IS_MEMBER = "assignee_is_member"
    """The person belongs to the workspace (nobody at all is fine, too)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One line of the table: in `current`, `move` leads to `next`, if `guard` holds."""

    current: Status
    move: Move
    next: Status
    effect: str
    guard: Guard | None = None


TRANSITIONS: Final = (
    Transition(
        current=Status.OPEN,
        move=Move.CUSTOMER_WRITES,
        next=Status.OPEN,
        effect="The message is added; an open draft is discarded; the waiting clock starts unless it runs.",
    ),
    Transition(
        current=Status.OPEN,
        move=Move.STAFF_WRITES,
        next=Status.ANSWERED,
        effect="The message is added; an open draft is discarded; the waiting clock stops.",
    ),
    Transition(
        current=Status.OPEN,
        move=Move.DRAFT,
        next=Status.OPEN,
        effect="The assistant's draft is kept for a person to decide on; an earlier one is discarded.",
    ),
    Transition(
        current=Status.OPEN,
        move=Move.SEND_DRAFT,
        next=Status.ANSWERED,
        guard=Guard.DRAFT_IS_OPEN,
        effect="The draft becomes the next message; the waiting clock stops.",
    ),
    Transition(
        current=Status.OPEN,
        move=Move.ASSIGN,
        next=Status.OPEN,
        guard=Guard.ASSIGNEE_IS_MEMBER,
        effect="The conversation gets this assignee, or none.",
    ),
    Transition(
        current=Status.OPEN,
        move=Move.CLOSE,
        next=Status.CLOSED,
        effect="The episode ends; an open draft is discarded; the waiting clock stops.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.CUSTOMER_WRITES,
        next=Status.OPEN,
        effect="The message is added; an open draft is discarded; the waiting clock starts.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.STAFF_WRITES,
        next=Status.ANSWERED,
        effect="The message is added; an open draft is discarded.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.DRAFT,
        next=Status.ANSWERED,
        effect="The assistant's draft is kept for a person to decide on; an earlier one is discarded.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.SEND_DRAFT,
        next=Status.ANSWERED,
        guard=Guard.DRAFT_IS_OPEN,
        effect="The draft becomes the next message.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.ASSIGN,
        next=Status.ANSWERED,
        guard=Guard.ASSIGNEE_IS_MEMBER,
        effect="The conversation gets this assignee, or none.",
    ),
    Transition(
        current=Status.ANSWERED,
        move=Move.CLOSE,
        next=Status.CLOSED,
        effect="The episode ends; an open draft is discarded.",
    ),
    Transition(
        current=Status.CLOSED,
        move=Move.CUSTOMER_WRITES,
        next=Status.OPEN,
        effect="A new episode starts with this message; the waiting clock starts.",
    ),
    Transition(
        current=Status.CLOSED,
        move=Move.REOPEN,
        next=Status.OPEN,
        effect="A new episode starts.",
    ),
)
"""Every legal move. What is not here is refused with `invalid_state`."""

_NEXT: Final = {(line.current, line.move): line.next for line in TRANSITIONS}


class IllegalMove(InvalidState):
    """This move leads nowhere from the present status."""


def allowed_moves(current: Status) -> tuple[Move, ...]:
    """What the status allows, in the order of the table; guards are looked at when the move is made."""
    return tuple(line.move for line in TRANSITIONS if line.current is current)


def after(current: Status, move: Move) -> Status:
    """The status that the move leads to.

    Raises:
        IllegalMove: the table has no such line.
    """
    reached = _NEXT.get((current, move))
    if reached is None:
        raise IllegalMove(
            f"a conversation that is {current} does not allow to {move.replace('_', ' ')}",
            current=current.value,
            allowed=[legal.value for legal in allowed_moves(current)],
        )
    return reached
