"""Moves for facts that stand: an inventory that is always known, policies and articles."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Purpose, Slot, phrases
from domain.assistance.drafting.looking import describe
from domain.assistance.drafting.replies import Reply, hand_off, label
from domain.assistance.drafting.rows import asked_fields, is_row, likeness
from domain.assistance.drafting.words import ALTERNATIVE, PEOPLE_ONLY, QUESTION
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact, FactKind

_ALIKE: Final[Mapping[str, str]] = {
    word: group[0]
    for group in (
        ("hour", "open", "opening", "close", "closed", "closing", "hours"),
        ("delivery", "deliver", "ship", "shipping", "transport"),
        ("warranty", "guarantee", "guaranteed"),
        ("finance", "financing", "loan", "credit", "instalment", "installment", "lease", "leasing", "monthly"),
        ("return", "refund", "cancel", "cancellation", "returned"),
        ("trade", "exchange", "swap"),
        ("address", "location", "located", "directions"),
        ("payment", "pay", "card", "cash", "paying"),
        ("deposit", "down", "downpayment"),
        ("service", "servicing", "maintenance", "inspection", "repair"),
        ("insurance", "insure", "insured"),
        ("drive", "driving"),
    )
    for word in group
}
_STOP: Final = re.compile(
    r"(?:a|an|and|any|are|at|be|by|can|could|did|do|does|for|from|get|give|go|has|have|hello|hi|how|i|if|in|is|it|its|"
    r"let|like|me|my|of|on|or|our|please|so|tell|thank|thanks|that|the|their|them|there|they|this|to|us|want|was|we|"
    r"were|what|when|where|which|who|will|with|would|you|your|know|need|much|about|am)"
)
_SENTENCE: Final = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?")
_ANY_OF: Final = re.compile(r"\b(?:do you have|have you got|any|looking for|the \w+ one|sell)\b")
_STATUS: Final = re.compile(r"status|availab|stock|state")
_QUOTED_AT_MOST: Final = 2


def answer_named(case: Case) -> Draft | None:
    """The customer names something in the standing inventory: answer from it."""
    if case.talk.opened and case.topic is not None and case.topic.purpose is Purpose.BOOK:
        return None
    rows = named_rows(case)
    return _about(case, rows, "the customer names it") if rows else None


def answer_standing(case: Case) -> Draft | None:
    """Everything of a checklist is told: offer what stands in the inventory and fits it."""
    topic = case.topic
    if topic is None or topic.purpose is not Purpose.FIND or case.missing() or not topic.slots:
        return None
    rows = [row for row in case.rows if row.known_since == 0 and all(_fits(case, s, row) for s in topic.slots)]
    if not rows or ALTERNATIVE.search(case.folded) or case.focus in rows:
        return None
    return _about(case, rows, "fits what the customer is looking for")


def quote_policy(case: Case) -> Draft | None:
    """Answer with the sentences of a policy or an article that speak of what is asked."""
    words = _words(case.folded)
    if not words or not QUESTION.search(case.folded):
        return None
    scored = [
        (_score(words, fact), -place, fact)
        for place, fact in enumerate(case.facts)
        if fact.kind in {FactKind.POLICY, FactKind.ARTICLE}
    ]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    if best is None or best[0] < 3:
        return None
    return _quote(case, words, best[2])


def leave_to_people(case: Case) -> Draft | None:
    """What no source may decide goes to a colleague, whatever else could be said."""
    match = PEOPLE_ONLY.search(case.folded)
    return hand_off(f"{match.group()}: a person decides", match.group()) if match is not None else None


def named_rows(case: Case) -> list[Fact]:
    """Standing rows that the message names best, else those it describes by their values."""
    rows = [row for row in case.facts if is_row(row) and row.known_since == 0]
    named = _best(rows, [likeness(row, case.folded) for row in rows], at_least=3)
    if named or not (case.focus is None or _ANY_OF.search(case.folded)):
        return named
    return _best(rows, [_described(row, case.folded) for row in rows], at_least=1)


def _best(rows: Sequence[Fact], scores: Sequence[int], *, at_least: int) -> list[Fact]:
    best = max(scores, default=0)
    return [row for row, score in zip(rows, scores, strict=True) if score == best] if best >= at_least else []


def _described(row: Fact, folded: str) -> int:
    """How many of the row's values in words the message uses, without those that say whether it is to be had."""
    told = {value.lower() for name, value in row.fields.items() if not _STATUS.search(name)}
    patterns = (phrases([value]) for value in told if len(value) > 2 and not re.search(r"\d", value))
    return sum(1 for pattern in patterns if pattern is not None and pattern.search(folded))


def _fits(case: Case, slot: Slot, row: Fact) -> bool:
    told = case.talk.known.get(slot.name)
    held = next((row.fields[name] for name in slot.fields if row.fields.get(name)), None)
    if told is None or held is None or not slot.choices:
        return True
    wished = {value for value, pattern in slot.choices.items() if pattern.search(told.text.lower())}
    return not wished or held in wished


def _about(case: Case, rows: Sequence[Fact], reason: str) -> Draft:
    row = rows[0]
    reply = Reply(case.now)
    if len(rows) > 1:
        reply.say("Several match. One of them is ")
        describe(case, reply, row)
        return reply.say(".").draft(Decision.ANSWER, f"{len(rows)} rows match; {reason}")
    asked = asked_fields(case.folded, row, case.talk.checklists)
    if asked:
        if row.entity:
            reply.state(row, "entity").say(": ")
        reply.details(row, asked)
    else:
        describe(case, reply, row)
    return reply.say(".").draft(Decision.ANSWER, reason)


def _quote(case: Case, words: frozenset[str], fact: Fact) -> Draft:
    reply = Reply(case.now)
    sentences = [match.group().strip() for match in _SENTENCE.finditer(fact.text) if match.group().strip()]
    best = sorted(sentences, key=lambda sentence: -len(words & _words(sentence.lower())))[:_QUOTED_AT_MOST]
    chosen = [s for s in sentences if s in best and (words & _words(s.lower()) or s == best[0])]
    for place, sentence in enumerate(chosen):
        reply.say(" " if place else "").quote(fact, sentence)
    if not chosen:
        reply.details(fact, fact.fields).say(".")
    return reply.draft(Decision.ANSWER, f"answers from {label(fact.title)}")


def _score(words: frozenset[str], fact: Fact) -> int:
    """3 for each word of the title, 1 for each of the text or the fields' names."""
    title, body = _words(fact.title.lower()), _words(f"{fact.text} {' '.join(fact.fields)}".lower().replace("_", " "))
    return 3 * len(words & title) + len(words & (body - title))


@lru_cache(maxsize=2048)
def _words(folded: str) -> frozenset[str]:
    said = re.findall(r"[a-z]{3,}", folded)
    return frozenset(
        _ALIKE.get(word) or _ALIKE.get(_stem(word), _stem(word)) for word in said if not _STOP.fullmatch(word)
    )


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
