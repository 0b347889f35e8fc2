"""Moves of a checklist: ask for the one missing thing, or have the details of a booking confirmed."""

from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Purpose, Slot, SlotType
from domain.assistance.drafting.replies import Reply, hand_off
from domain.assistance.drafting.words import AFFIRM, fold
from domain.assistance.drafts import Decision, Draft, Question
from domain.assistance.facts import Fact


def ask_missing(case: Case) -> Draft | None:
    """Ask for the first missing slot of the checklist; with nothing missing and no look-up, for one only guessed."""
    topic = case.topic
    if topic is None or case.looked_up:
        return None
    missing = case.missing()
    if missing:
        # What was asked for just now and not understood comes last: nobody likes to be asked twice in a row.
        first = min(missing, key=lambda slot: slot.name in case.talk.asked_before)
        return _ask(case, first, [slot.name for slot in missing])
    told = case.talk.known
    guessed = [slot for slot in topic.slots if slot.required and slot.name in told and told[slot.name].sure == 1]
    return _ask(case, guessed[0], []) if guessed and topic.purpose is Purpose.FIND else None


def confirm_booking(case: Case) -> Draft | None:
    """Have the details confirmed before something is booked or looked up: from the row in question, and as told."""
    topic = case.topic
    if topic is None or case.looked_up or not (topic.purpose is Purpose.BOOK or case.talk.known):
        return None
    if is_settled(case):
        return hand_off("the customer has confirmed; a person goes on from here", "a look-up or a booking")
    reply = Reply(case.now).say("Please confirm: ")
    row = case.focus if topic.purpose is Purpose.BOOK else None
    settled = _settled_by(case, row) if row is not None else {}
    if row is not None and row.entity:
        reply.state(row, "entity").say(
            ", " if any(row.fields[name] not in row.entity for name in settled.values()) else ""
        )
    if row is not None:
        reply.details(row, [name for name in settled.values() if row.fields[name] not in row.entity])
    for slot in topic.slots:
        told = case.talk.known.get(slot.name)
        if told is not None and slot.name not in settled and not (row and _names(told.text, row)):
            counted = slot.type is SlotType.NUMBER
            reply.say(", " if len(reply.pieces) > 1 else "")
            reply.say(f"{told.text} {slot.label}" if counted else f"{slot.label}: {told.text}")
    reply.say(". Do these details suit you?")
    return reply.draft(Decision.ANSWER, "has the details confirmed before booking")


def is_settled(case: Case) -> bool:
    """Whether the customer has just agreed to the details, with nothing new and nothing left to ask."""
    talk = case.talk
    agreed = AFFIRM.match(case.folded) is not None
    return agreed and not (talk.told_now or talk.opened or talk.offered_booking or talk.asked_before)


def _settled_by(case: Case, row: Fact) -> dict[str, str]:
    """The row's field for each slot it settles: those that the customer has not told differently since."""
    fields: dict[str, str] = {}
    for slot in case.topic.slots if case.topic else ():
        field = next((name for name in slot.fields if row.fields.get(name)), None)
        if field is not None and row.fields[field] != row.entity and not _told_since(case, slot, row):
            fields[slot.name] = field
    return fields


def _names(text: str, row: Fact) -> bool:
    """Whether a text only calls the row by its name."""
    said = set(fold(text).split()) - {"the", "a", "an", "please"}
    return bool(said) and said <= set(fold(row.entity).split())


def _told_since(case: Case, slot: Slot, row: Fact) -> bool:
    group = case.topic.group if case.topic else ""
    return case.talk.told_at.get((group, slot.name), 0) > row.known_since


def _ask(case: Case, slot: Slot, missing: list[str]) -> Draft:
    reply = Reply(case.now).say(slot.ask)
    question = Question(slot=slot.name, text=slot.ask)
    return reply.draft(Decision.CLARIFY, f"{slot.label} is not known yet", questions=[question], missing=missing)
