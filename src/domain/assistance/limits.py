"""What a drafted text may be, whatever it says: these hold even where a model obeys the wrong person."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact
from domain.assistance.results import Objection

LONGEST_DRAFT: Final = 4_000
"""Characters of a drafted text."""

_MARKUP: Final = re.compile(
    r"<\s{0,3}/?\s{0,3}[a-zA-Z!][^<>]*>|!?\[[^\[\]]*\]\([^()]*\)|`{3}|\bjavascript:|\bdata:[a-z]+/", re.IGNORECASE
)
"""HTML tags, Markdown links and images, code fences, and addresses that run: a reply is plain text."""

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Unicode categories of letters that nobody sees."""

_ALLOWED: Final = "\n\r\t\u200c\u200d"
"""Line ends, tabs, and the joiners that emoji and some scripts are written with."""

_PLACEHOLDER: Final = re.compile(r"\[(?:NAME|EMAIL|PHONE|PLATE|VIN|ADDRESS|CARD|IBAN)_\d+\]")
"""A stand-in for personal data that was never given out, or that no value belongs to."""


def objections_to(draft: Draft, facts: Collection[Fact]) -> tuple[Objection, ...]:
    """Everything about the draft that is out of bounds, before its facts are looked at."""
    return (*_of_shape(draft), *_of_text(draft.text), *_of_claims(draft, facts))


def leaks(draft: Draft, secrets: Collection[str]) -> bool:
    """Whether any part of the draft, also what only staff would see, repeats one of these texts of the prompt."""
    parts = (draft.text, draft.reason, *(question.text for question in draft.questions), *draft.missing)
    everything = _folded("\n".join(parts))
    return any(_folded(secret) in everything for secret in secrets)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _of_shape(draft: Draft) -> list[Objection]:
    text, found = draft.text.strip(), list[Objection]()
    if draft.decision in {Decision.ANSWER, Decision.CLARIFY} and not text:
        found.append(Objection(kind="empty", text="", reason=f"a draft that is to {draft.decision} needs a text"))
    if draft.decision is Decision.NO_DRAFT and text:
        found.append(Objection(kind="shape", text="", reason="no_draft means no text"))
    if len(text) > LONGEST_DRAFT:
        found.append(Objection(kind="too_long", text="", reason=f"at most {LONGEST_DRAFT} characters"))
    return found


def _of_text(text: str) -> list[Objection]:
    found = [
        Objection(kind="markup", text=match[0], reason="a reply is plain text, without markup or links")
        for match in _MARKUP.finditer(text)
    ]
    found += [
        Objection(kind="placeholder", text=match[0], reason="this placeholder stands for nothing")
        for match in _PLACEHOLDER.finditer(text)
    ]
    if any(unicodedata.category(letter) in _UNSEEN and letter not in _ALLOWED for letter in text):
        found.append(Objection(kind="invisible", text="", reason="a reply holds no control or invisible characters"))
    return found


def _of_claims(draft: Draft, facts: Collection[Fact]) -> list[Objection]:
    known = {fact.source_id for fact in facts}
    return [
        Objection(kind="unknown_source", text=claim.text, reason="the source of this claim was not offered")
        for claim in draft.claims
        if claim.source_id not in known
    ]
