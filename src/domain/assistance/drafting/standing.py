"""Moves for facts that stand: an inventory that is always known, policies and articles."""

from domain.assistance.drafting.answers import Answers, answers_to
from domain.assistance.drafting.asking import ask_missing, confirm_booking
from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Purpose, Slot
from domain.assistance.drafting.phrasing import gone
from domain.assistance.drafting.replies import Reply
from domain.assistance.drafting.shelf import Pick
from domain.assistance.drafting.words import ALTERNATIVE, COMPLAINT
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact


def leave_complaint(case: Case) -> Draft | None:
    """Somebody who complains is not told prices: a person takes over, whatever else could be said."""
    match = COMPLAINT.search(case.folded)
    if match is None:
        return None
    reply = Reply(case.now).say("I am sorry to read this. A colleague needs to look into it personally.")
    return reply.draft(Decision.HAND_OFF, f"{match.group()}: a person decides", missing=[match.group()])


def answer_questions(case: Case) -> Draft | None:
    """Answer each question of the message from policies and the standing inventory; a person gets the rest."""
    answers = answers_to(case)
    if not answers.wants_booking or answers.left:
        return answers.draft()
    row = case.focus
    if row is not None and gone(row):
        answers.offer(Pick((row,)))
        return answers.draft()
    return _ask_after(case, answers) if answers.steps else None


def _ask_after(case: Case, answers: Answers) -> Draft | None:
    """Beside the wish for a booking stood a question: that is answered, then the booking goes on."""
    further = ask_missing(case) or confirm_booking(case)
    if further is None:
        return answers.draft()
    told = answers.write().say(f" {further.text}")
    told.claims += further.claims
    return told.draft(further.decision, further.reason, questions=further.questions, missing=further.missing)


def answer_standing(case: Case) -> Draft | None:
    """Everything of a checklist is told: offer what stands in the inventory and fits it."""
    topic = case.topic
    if topic is None or topic.purpose is not Purpose.FIND or case.missing() or not topic.slots:
        return None
    rows = [row for row in case.rows if row.known_since == 0 and all(_fits(case, s, row) for s in topic.slots)]
    if not rows or ALTERNATIVE.search(case.folded) or case.focus in rows:
        return None
    answers = Answers(case, case.rows)
    answers.offer(Pick(tuple(rows)))
    return answers.draft()


def _fits(case: Case, slot: Slot, row: Fact) -> bool:
    told = case.talk.known.get(slot.name)
    held = next((row.fields[name] for name in slot.fields if row.fields.get(name)), None)
    if told is None or held is None or not slot.choices:
        return True
    wished = {value for value, pattern in slot.choices.items() if pattern.search(told.text.lower())}
    return not wished or held in wished
