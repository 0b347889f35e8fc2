"""Quotes the sentences of a policy or an article that answer a question, as far as they are about its day."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from domain.assistance.drafting.replies import Reply
from domain.assistance.drafting.wording import words_of
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
        ("reserve", "reserving", "reservation", "reservations", "hold"),
        ("price", "cost", "costs", "free", "fee", "fees"),
    )
    for word in group
}
_STOP: Final = re.compile(
    r"(?:a|an|and|any|are|at|be|by|can|come|comes|could|did|do|does|for|from|get|give|go|has|have|hello|hi|how|i|if|in|is|it|its|"
    r"let|like|me|my|of|on|or|our|please|so|tell|thank|thanks|that|the|their|them|there|they|this|to|us|want|was|we|"
    r"were|what|when|where|which|who|will|with|would|you|your|know|need|much|about|am)"
)
_SENTENCE: Final = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?\n]?")
_WHERE_WE_ARE: Final = re.compile(
    r"\b(?:where (?:are|is|can i find|do i find) (?:you|your|the (?:shop|office|store|showroom))|"
    r"how do i (?:get|find) (?:to )?you)\b"
)
_MEANT: Final = ((_WHERE_WE_ARE, "address"), (re.compile(r"\bhow old\b"), "age"))
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY: Final = re.compile(rf"\b({'|'.join(_DAYS)})s?\b(?:\s*(?:to|-|until|through)\s*({'|'.join(_DAYS)})\b)?")
_QUIET_FIELDS: Final = frozenset({"price", "duration", "valid", "name", "date", "time", "number", "free", "included"})
_QUOTED_AT_MOST: Final = 2
_ENOUGH: Final = 3
_TOO_COMMON: Final = 3
"""A word that more policies than this use says nothing about which one is meant."""
_POINTS_BACK: Final = re.compile(r"(?:it|they|this|that|these|beyond that)\b", re.IGNORECASE)


def policy_for(part: str, facts: Sequence[Fact], values: frozenset[str], *, by_title: bool) -> Fact | None:
    """The policy or article that fits a question best.

    Words that are `values` of things on offer tell nothing, nor do those that most policies use. `by_title` asks for
    a word of the title.
    """
    prose = [fact for fact in facts if fact.kind in {FactKind.POLICY, FactKind.ARTICLE}]
    words = _question_words(part) - values
    words = frozenset(word for word in words if sum(word in words_in(_all_of(fact)) for fact in prose) <= _TOO_COMMON)
    scored = [(_score(words, fact), -place, fact) for place, fact in enumerate(prose)]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    if best is None or best[0] < _ENOUGH or (by_title and not words & words_in(best[2].title.lower())):
        return None
    return best[2]


def quote(reply: Reply, part: str, fact: Fact) -> None:
    """Say the sentences that speak of what is asked, else the first; all of a short text, only the day asked for."""
    words = _question_words(part)
    sentences = [match.group().strip() for match in _SENTENCE.finditer(fact.text) if match.group().strip()]
    day = _day_asked(part, reply.now)
    fitting = _fitting(words, words_in(fact.title.lower()), sentences)
    chosen = [said for one in fitting if day is not None and (said := _on_day(one, day))]
    for place, sentence in enumerate(chosen or fitting):
        reply.say(" " if place else "")
        head, seam, told = sentence.partition(": ") if chosen else ("", "", sentence)
        reply.say(head + seam).quote(fact, told or head).say("." if chosen else "")
    if not sentences:
        opening = len(reply.pieces) + 1
        reply.details(fact, fact.fields).say(".")
        reply.pieces[opening] = reply.pieces[opening].capitalize()


def _fitting(words: frozenset[str], title: frozenset[str], sentences: Sequence[str]) -> list[str]:
    headed = [s for s in sentences if ": " in s and words & words_in(s.partition(": ")[0].lower())]
    if headed:
        return headed
    if len(sentences) <= _QUOTED_AT_MOST:
        return list(sentences)
    telling = words - title if any((words - title) & words_in(s.lower()) for s in sentences) else words
    best = sorted(sentences, key=lambda sentence: -len(telling & words_in(sentence.lower())))[:_QUOTED_AT_MOST]
    chosen = [s for s in sentences if s in best and (telling & words_in(s.lower()) or s == best[0])]
    for sentence in list(chosen):
        chosen += _before(sentence, sentences)
    return [s for s in sentences if s in chosen]


def _before(sentence: str, sentences: Sequence[str]) -> list[str]:
    """The sentence that "It can be extended ..." is about."""
    if not _POINTS_BACK.match(sentence):
        return []
    earlier = sentences[: sentences.index(sentence)]
    return [one for one in earlier if not _POINTS_BACK.match(one)][-1:]


def _day_asked(part: str, now: datetime) -> int | None:
    """The weekday that a question is about, Monday 0."""
    match = _DAY.search(part)
    if match is not None:
        return _DAYS.index(match[1])
    ahead = 1 if "tomorrow" in part else 0 if re.search(r"\b(?:today|tonight|now)\b", part) else None
    return None if ahead is None else (now + timedelta(days=ahead)).weekday()


def _on_day(sentence: str, day: int) -> str:
    """What a sentence like "Shop: Monday to Friday 9 to 5, closed on Sunday." says of one day, empty when nothing."""
    head, seam, rest = sentence.rstrip(".").partition(": ")
    told = [one.strip() for one in (rest or head).split(",")]
    fitting = [one for one in told if any(_covers(match, day) for match in _DAY.finditer(one.lower()))]
    return (f"{head}{seam}" if rest else "") + ", ".join(fitting[:1]) if fitting else ""


def _covers(match: re.Match[str], day: int) -> bool:
    first = _DAYS.index(match[1])
    last = _DAYS.index(match[2]) if match[2] else first
    return (day - first) % 7 <= (last - first) % 7


def _question_words(part: str) -> frozenset[str]:
    meant = [word for pattern, word in _MEANT if pattern.search(part)]
    return words_in(part).union(meant)


def _score(words: frozenset[str], fact: Fact) -> int:
    """3 for each word of the title or of a telling field's name, 1 for each of the text or the other fields."""
    title, body = words_in(fact.title.lower()), words_in(_all_of(fact))
    fields = {word for name in fact.fields for word in words_of(name)} - _QUIET_FIELDS
    telling = title | (words_in(" ".join(fields)) if fact.text else frozenset[str]())
    return 3 * len(words & telling) + len(words & (body - telling))


def _all_of(fact: Fact) -> str:
    return f"{fact.title} {fact.text} {' '.join(fact.fields)}".lower().replace("_", " ")


@lru_cache(maxsize=2048)
def words_in(folded: str) -> frozenset[str]:
    said = re.findall(r"[a-z]{3,}", folded)
    return frozenset(
        _ALIKE.get(word) or _ALIKE.get(_stem(word), _stem(word)) for word in said if not _STOP.fullmatch(word)
    )


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
