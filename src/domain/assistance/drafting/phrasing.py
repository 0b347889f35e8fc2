"""Whole sentences about rows: "The Seat Leon costs 19,700 EUR and is in stock." Every value in them is a claim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.assistance.drafting.replies import Reply
from domain.assistance.drafting.wording import (
    YES_NO,
    Clause,
    clause,
    is_at_hand,
    is_gone,
    is_price,
    is_state,
    label,
    plural,
)
from domain.assistance.facts import Fact, FactKind

_MADE: Final = frozenset({"make", "model", "brand", "product", "item", "sku"})
_TOLD_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """How a row is called in a sentence: by its entity, or by its title where several rows share the entity."""

    row: Fact
    field: str = "entity"
    article: bool = False

    @property
    def name(self) -> str:
        return self.row.title if self.field == "title" else self.row.entity

    @property
    def is_plural(self) -> bool:
        """Told from the ending, for names that are no model's: "winter tyres"."""
        return not _MADE & set(self.row.fields) and re.search(r"[a-z](?<![suia])s$", f"{self.name}") is not None

    def say(self, reply: Reply, *, first: bool) -> None:
        if not self.name:
            reply.say("This one" if first else "this one")
            return
        if self.article:
            reply.say("The " if first else "the ")
        reply.state(self.row, self.field)


def subject_of(row: Fact, stock: Sequence[Fact], folded: str) -> Subject:
    """The shortest name that is the row's alone; what is on file has no "the" unless the customer says it."""
    shared = any(other is not row and other.entity == row.entity for other in stock)
    field = "title" if shared and row.title != row.entity else "entity"
    named = any(f"the {word}" in folded for word in row.entity.lower().split())
    starts = row.entity.lower().startswith("the ")
    return Subject(row, field, article=not starts and (named or row.kind is FactKind.INVENTORY))


def gone(row: Fact) -> bool:
    """Whether a field of the row says that it is no longer to be had."""
    return any(is_state(name) and is_gone(value) for name, value in row.fields.items())


def at_hand(row: Fact) -> bool:
    return all(is_at_hand(value) for name, value in row.fields.items() if is_state(name))


def price_of(row: Fact) -> str | None:
    """The field that says what the row costs."""
    return next((name for name, value in row.fields.items() if is_price(name) and value), None)


def told(row: Fact) -> list[str]:
    """What to tell of a row when nothing is asked: its price and whether it is to be had, else its first fields."""
    telling = [name for name, value in row.fields.items() if value and (is_price(name) or is_state(name))]
    return telling or [name for name, value in row.fields.items() if value and value != row.entity][:_TOLD_AT_MOST]


def tell(reply: Reply, subject: Subject, fields: Sequence[str]) -> None:
    """Sentences that give these fields of one row, the state of things last; what is gone is always said."""
    row = subject.row
    states = [name for name in row.fields if is_state(name) and (name in fields or not is_at_hand(row.fields[name]))]
    ordered = [*(name for name in fields if name not in states), *states]
    clauses = [(name, made) for name in ordered if (made := clause(name, row.fields[name])) is not None]
    others = [name for name in ordered if clause(name, row.fields[name]) is None]
    lone = len(clauses) == 1 and not others and gone(row)
    reply.say("Unfortunately, " if lone else "")
    if clauses:
        subject.say(reply, first=not lone)
        _join(reply, subject, clauses)
        reply.say(".")
    _its(reply, subject, others, alone=not clauses)


def offer_list(reply: Reply, subjects: Sequence[Subject], *, more: bool) -> None:
    """What we have, with prices, and in brackets what is not simply to be had: all that match, or some of them."""
    reply.say("We have several, for example " if more else "We have ")
    for place, subject in enumerate(subjects):
        reply.say("" if not place else " and " if place == len(subjects) - 1 else ", ")
        subject.say(reply, first=False)
        price = price_of(subject.row)
        if price is not None:
            reply.say(" for ").state(subject.row, price)
        for name, value in subject.row.fields.items():
            if is_state(name) and not is_at_hand(value):
                reply.say(" (").state(subject.row, name).say(")")
    reply.say(".")


def _join(reply: Reply, subject: Subject, clauses: Sequence[tuple[str, Clause]]) -> None:
    for place, (name, made) in enumerate(clauses):
        last = place and place == len(clauses) - 1
        but = last and is_state(name) and not is_at_hand(subject.row.fields[name])
        reply.say("" if not place else " but" if but else " and" if last else ",")
        _predicate(reply, subject, name, made)


def _predicate(reply: Reply, subject: Subject, name: str, made: Clause) -> None:
    verb = plural(made.verb) if subject.is_plural else made.verb
    reply.say(f" {verb} {made.before}")
    if made.whole:
        reply.words(subject.row, name, made.whole)
    else:
        reply.state(subject.row, name).say(made.after)


def _its(reply: Reply, subject: Subject, fields: Sequence[str], *, alone: bool) -> None:
    """Fields without a clause of their own: "The plate of the Seat Leon is ..., and its trim is ..."."""
    for place, name in enumerate(fields):
        reply.say("" if alone and not place else " ")
        answer = YES_NO.get(subject.row.fields[name].lower())
        if answer is not None:
            reply.words(subject.row, name, f"{label(name).capitalize()}: {answer}").say(".")
            continue
        if alone and not place and subject.name:
            reply.say(f"The {label(name)} of ")
            subject.say(reply, first=False)
            reply.say(" is ")
        else:
            reply.say(f"Its {label(name)} is " if subject.name else f"The {label(name)} is ")
        reply.state(subject.row, name).say(".")
