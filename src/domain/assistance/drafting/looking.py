"""Moves for what a service has just returned: tell that it is booked, offer a row, or say that nothing matched."""

from collections.abc import Sequence

from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Checklist, Purpose
from domain.assistance.drafting.replies import Reply
from domain.assistance.drafting.rows import asked_fields, is_row
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, FactKind

_TOLD_AT_MOST = 5


def tell_fresh(case: Case) -> Draft | None:
    """Say what the look-up gave. Not for conversations whose facts stand still."""
    rows = [fact for fact in case.fresh if is_row(fact)]
    if rows:
        return _tell_booked(case, rows[0]) if _is_booking(case, rows) else _offer_fresh(case, rows)
    if any(fact.fields.get("count") == "0" for fact in case.fresh):
        booking = case.topic is not None and case.topic.purpose is Purpose.BOOK
        outcome = "I am sorry, that did not work." if booking else "I am sorry, nothing matches that."
        reply = Reply(case.now).say(f"{outcome} Would you like to change something?")
        return reply.draft(Decision.ANSWER, "the service answered with nothing")
    return None


def offer(case: Case, row: Fact, opening: str, reason: str) -> Draft:
    """Offer one row: its name, the fields to tell, and what the customer asked about it."""
    reply = Reply(case.now).say(opening)
    describe(case, reply, row)
    reply.say(".")
    return reply.draft(Decision.ANSWER, reason)


def describe(case: Case, reply: Reply, row: Fact) -> None:
    """The row's name, then the fields that its checklist tells, then those asked for."""
    asked = asked_fields(case.folded, row, case.talk.checklists)
    fields = [f for f in dict.fromkeys([*told_fields(case, row), *asked]) if row.fields[f] != row.entity]
    if row.entity:
        reply.state(row, "entity").say(": ")
    else:
        reply.say("this one: ")
    reply.details(row, fields)


def told_fields(case: Case, row: Fact) -> list[str]:
    """The fields that describe a row: as its checklist says, else the first ones that are not its name."""
    chosen = next((c.tell for c in _of_row(case, row) if c.tell), ())
    named = [name for name in chosen if row.fields.get(name)]
    return named or [name for name, value in row.fields.items() if value != row.entity][:_TOLD_AT_MOST]


def _of_row(case: Case, row: Fact) -> Sequence[Checklist]:
    return [c for c in case.talk.checklists if row.service in c.services]


def _is_booking(case: Case, rows: Sequence[Fact]) -> bool:
    """One row, and either marked as done, or given back while the customer was booking what had been found."""
    if len(rows) != 1:
        return False
    topic = case.topic
    booking = topic is not None and topic.purpose is Purpose.BOOK and rows[0].service in topic.services
    return rows[0].kind is FactKind.RECORD or booking


def _tell_booked(case: Case, row: Fact) -> Draft:
    done = row.kind is FactKind.RECORD
    reply = Reply(case.now).say("All set. Your details: " if done else "Here are the details: ")
    describe(case, reply, row)
    reply.say(". May we help with anything further?")
    return reply.draft(Decision.ANSWER, "the service returned what was booked")


def _offer_fresh(case: Case, rows: Sequence[Fact]) -> Draft:
    row = _best(case, rows)
    counted = next((fact for fact in case.fresh if fact.kind is FactKind.COUNT and fact.fields.get("count")), None)
    reply = Reply(case.now)
    if counted is not None and counted.fields["count"] != "1":
        reply.say("I found ").state(counted, "count").say(" matches. One of them is ")
    else:
        reply.say("I found ")
    describe(case, reply, row)
    reply.say(".")
    return reply.draft(Decision.ANSWER, "offers the first row of the look-up")


def _best(case: Case, rows: Sequence[Fact]) -> Fact:
    """The first row with the choices that the customer made; the service's order stands otherwise."""
    topic = case.topic
    if topic is None:
        return rows[0]
    told = [
        (slot, value)
        for slot in topic.slots
        if slot.choices and slot.name in case.talk.heard_now
        for value, pattern in slot.choices.items()
        if pattern.search(case.folded)
    ]
    fits = [r for r in rows if all(r.fields.get(f, v) == v for slot, v in told for f in slot.fields)]
    return (fits or list(rows))[0]
