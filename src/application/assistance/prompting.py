"""From an assignment to a prompt, and from a model's JSON back to a draft."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, cast

import msgspec

from application.assistance.prompts import prompt
from domain.assistance.drafts import Claim, Decision, Draft, Question
from domain.assistance.facts import Fact, Turn
from domain.assistance.models import Prompt, Voice
from domain.assistance.ports import Assignment
from domain.assistance.results import Objection

LONGEST_ANSWER_TOKENS: Final = 6_000
"""Room for thinking, which counts, and for the reply."""

_LONGEST_TEXT: Final = 4_000
"""Characters of one message or source text that a prompt holds."""


_OTHER_LINE_ENDS: Final = {ord(end): f"\\u{ord(end):04x}" for end in "\x7f\x85\u2028\u2029"}


class MalformedReply(ValueError):
    """The model's answer is not of the agreed shape."""


_NOT_WHOLE: Final = (
    "The business knows more facts than these. Say nothing of all it has: what is cheapest or newest, or how many."
)


class ModelClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact that the reply states."""

    text: str
    source: str
    field: str
    value: str


class ModelQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the reply asks for."""

    slot: str
    text: str


class ModelReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape that models must answer in."""

    decision: Literal["answer", "clarify", "hand_off", "no_draft"]
    text: str
    reason: str
    claims: list[ModelClaim]
    questions: list[ModelQuestion]
    missing: list[str]


def build_prompt(assignment: Assignment, *, version: str, boundary: str) -> Prompt:
    """The prompt for this assignment; `boundary` is fresh and unguessable, so that no text can close its block."""
    messages = [(Voice.USER, _material(assignment, boundary))]
    if assignment.objections:
        refused = _as_reply(assignment.refused, assignment.facts) if assignment.refused else "{}"
        messages += [(Voice.ASSISTANT, refused), (Voice.USER, _objections(assignment.objections))]
    return Prompt(
        system=prompt(version),
        messages=tuple(messages),
        schema=SCHEMA,
        longest_answer_tokens=LONGEST_ANSWER_TOKENS,
    )


def secrets_of(version: str, boundary: str) -> tuple[str, ...]:
    """What of the prompt must not come back: its boundary, and every longer sentence of its instructions."""
    sentences = (sentence.strip() for sentence in re.split(r"(?<=[.:;])\s", prompt(version)))
    return (boundary, *(sentence for sentence in sentences if len(sentence) >= 60))


def read_reply(text: str, facts: Sequence[Fact]) -> Draft:
    """The draft in a model's answer to a prompt with these facts.

    Raises:
        MalformedReply: it is not the agreed JSON, or names a source that was not offered.
    """
    try:
        reply = msgspec.json.decode(text, type=ModelReply)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise MalformedReply("not the agreed JSON") from error
    if "\\u0000" in text:
        # The only character of JSON that PostgreSQL keeps in neither text nor jsonb.
        raise MalformedReply("a reply holds no U+0000")
    return Draft(
        decision=Decision(reply.decision),
        text=reply.text.strip(),
        reason=reply.reason,
        claims=_claims(reply, facts),
        questions=tuple(Question(slot=question.slot, text=question.text) for question in reply.questions),
        missing=tuple(reply.missing),
    )


def _claims(reply: ModelReply, facts: Sequence[Fact]) -> tuple[Claim, ...]:
    sources = {_handle(index): fact.source_id for index, fact in enumerate(facts)}
    if any(claim.source not in sources for claim in reply.claims):
        raise MalformedReply("a claim names a source that was not offered")
    return tuple(
        Claim(text=claim.text, source_id=sources[claim.source], field=claim.field, value=claim.value)
        for claim in reply.claims
    )


def _material(assignment: Assignment, boundary: str) -> str:
    facts = (_fact_line(_handle(index), fact) for index, fact in enumerate(assignment.facts))
    turns = (_turn_line(turn) for turn in assignment.turns)
    return "\n\n".join(
        (
            _block("facts", boundary, facts),
            _block("conversation", boundary, turns),
            *([] if assignment.is_whole else [_NOT_WHOLE]),
            f"It is {assignment.now:%A, %Y-%m-%d %H:%M} UTC. Draft the reply to the last message.",
        )
    )


def _block(name: str, boundary: str, lines: Iterable[str]) -> str:
    return "\n".join((f"BEGIN {name} {boundary}", *lines, f"END {name} {boundary}"))


def _handle(index: int) -> str:
    return f"S{index + 1}"


def _fact_line(handle: str, fact: Fact) -> str:
    shown: dict[str, object] = {"source": handle, "kind": str(fact.kind), "title": fact.title}
    given = {"entity": fact.entity, "service": fact.service, "fields": dict(fact.fields), "batch": fact.batch}
    shown |= {name: value for name, value in given.items() if value}
    if fact.text:
        shown["text"] = fact.text[:_LONGEST_TEXT]
    return _line(shown)


def _turn_line(turn: Turn) -> str:
    shown = {"sequence": turn.sequence, "from": str(turn.speaker), "text": turn.text[:_LONGEST_TEXT]}
    return _line(shown)


def _line(shown: Mapping[str, object]) -> str:
    """JSON in one line, by anybody's idea of a line."""
    return msgspec.json.encode(shown).decode().translate(_OTHER_LINE_ENDS)


def _as_reply(draft: Draft, facts: Sequence[Fact]) -> str:
    handles = {fact.source_id: _handle(index) for index, fact in enumerate(facts)}
    reply = ModelReply(
        decision=cast("Any", str(draft.decision)),
        text=draft.text,
        reason=draft.reason,
        claims=[
            ModelClaim(text=claim.text, source=handles.get(claim.source_id, ""), field=claim.field, value=claim.value)
            for claim in draft.claims
        ],
        questions=[ModelQuestion(slot=question.slot, text=question.text) for question in draft.questions],
        missing=list(draft.missing),
    )
    return msgspec.json.encode(reply).decode()


def _objections(objections: Iterable[Objection]) -> str:
    lines = (_line({"kind": each.kind, "words": each.text, "why": each.reason}) for each in objections)
    return "\n".join(
        (
            "This draft was checked and may not be shown. Each line is one objection:",
            *lines,
            "Answer again in the same shape, without what was objected to. Hand off where no fact supports an answer.",
        )
    )


def _schema() -> dict[str, object]:
    """JSON Schema of `ModelReply` in the subset that providers take: closed objects, no bounds, no defaults."""
    return cast("dict[str, object]", _closed(msgspec.json.schema(ModelReply)))


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(each) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    plain = {key: _closed(value) for key, value in cast("dict[str, Any]", node).items() if key != "default"}
    if plain.get("type") == "object":
        plain["additionalProperties"] = False
    return plain


SCHEMA: Final = _schema()
"""Constant, because a provider is slower on the first use of a new schema."""
