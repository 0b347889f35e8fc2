"""What a drafter answered, on the wire."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Claim, Question
from domain.assistance.results import Judgement, Label
from domain.shared.ids import SourceId, public_id
from entrypoints.http.fields import id_meta

LONGEST: Final = 20_000
"""Characters of a text that people or models write."""

Count = Annotated[int, Meta(ge=0, le=2**53, examples=[120])]
SourceIdBody = Annotated[str, id_meta("src", "The source.")]


class ClaimBody(msgspec.Struct, frozen=True):
    """A fact that the text states, and the one field of the one source that it comes from."""

    text: Annotated[str, Meta(max_length=LONGEST, description="The words as written.", examples=["9,900 EUR"])]
    source_id: SourceIdBody
    field: Annotated[str, Meta(max_length=200, description="Name of the field.", examples=["price"])]
    value: Annotated[str, Meta(max_length=LONGEST, description="What stands there.", examples=["9900 EUR"])]

    @classmethod
    def of(cls, claim: Claim) -> "ClaimBody":
        """The public form."""
        return cls(claim.text, public_id("src", claim.source_id), claim.field, claim.value)


class QuestionBody(msgspec.Struct, frozen=True):
    """What the text asks for."""

    slot: Annotated[str, Meta(max_length=200, description="Machine name of what is missing.", examples=["pickup_date"])]
    text: Annotated[str, Meta(max_length=LONGEST, description="As asked.", examples=["On which day?"])]

    @classmethod
    def of(cls, question: Question) -> "QuestionBody":
        """The public form."""
        return cls(question.slot, question.text)


class SeenSourceBody(msgspec.Struct, frozen=True):
    """A source that the drafter was given, in the version of that moment."""

    id: SourceIdBody
    version: Annotated[int, Meta(ge=1, le=2**31, description="Its version then.", examples=[1])]

    @classmethod
    def of(cls, source_id: SourceId, version: int) -> "SeenSourceBody":
        """The public form."""
        return cls(public_id("src", source_id), version)


class ObjectionBody(msgspec.Struct, frozen=True):
    """Why a text may not be shown, or what nobody vouches for in a person's own text."""

    kind: Annotated[str, Meta(max_length=100, description="Sort of objection. May grow.", examples=["unsupported"])]
    text: Annotated[str, Meta(max_length=LONGEST, description="The words; empty: the whole.", examples=["8,900 EUR"])]
    reason: Annotated[str, Meta(max_length=LONGEST, description="In a sentence.", examples=["No source states it."])]


class EvidenceBody(msgspec.Struct, frozen=True):
    """What one stretch of the text rests on: a field of a source, or a message that it echoes."""

    text: Annotated[str, Meta(max_length=LONGEST, description="The words.", examples=["9,900 EUR"])]
    start: Annotated[int, Meta(ge=0, le=LONGEST, description="First character.", examples=[19])]
    end: Annotated[int, Meta(ge=0, le=LONGEST, description="Behind the last character.", examples=[28])]
    kind: Annotated[str, Meta(max_length=100, description="Sort of fact. May grow.", examples=["money"])]
    source_id: Annotated[str, id_meta("src", "The source, if it is one.")] | None
    field: Annotated[str, Meta(max_length=200, description="Its field.", examples=["price"])] | None
    turn: Annotated[int, Meta(ge=1, le=2**31, description="Sequence of an echoed message.", examples=[1])] | None

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> "EvidenceBody":
        """The public form of what was stored with the verdict."""
        found = msgspec.convert(kept, _Evidence)
        source_id = public_id("src", found.source_id) if found.source_id else None
        return cls(found.text, found.start, found.end, found.kind, source_id, found.field, found.turn)


class _Evidence(msgspec.Struct, frozen=True):
    text: str
    start: int
    end: int
    kind: str
    source_id: SourceId | None = None
    field: str | None = None
    turn: int | None = None


class VerdictBody(msgspec.Struct, frozen=True):
    """What the verifier said, which asks no model: every fact of the text, and what it rests on."""

    has_passed: Annotated[bool, Meta(description="Nothing speaks against the text.", examples=[True])]
    objections: Annotated[list[ObjectionBody], Meta(max_length=1000, description="In the order of the text.")]
    evidence: Annotated[list[EvidenceBody], Meta(max_length=1000, description="In the order of the text.")]

    @classmethod
    def of(cls, judgement: Judgement) -> "VerdictBody":
        """The public form."""
        return cls(
            has_passed=judgement.passed,
            objections=[ObjectionBody(each.kind, each.text, each.reason) for each in judgement.objections],
            evidence=[EvidenceBody.of(each) for each in judgement.evidence],
        )


class DrafterBody(msgspec.Struct, frozen=True):
    """Who drafted."""

    provider: Annotated[str, Meta(max_length=100, description="`built_in` needs no network.", examples=["anthropic"])]
    model: Annotated[str, Meta(max_length=200, description="Its model.", examples=["claude-haiku-5-5"])]
    prompt_version: Annotated[str, Meta(max_length=100, description="Of the prompt or rules.", examples=["reply-1"])]
    is_built_in: Annotated[bool, Meta(description="Rules, and no language model.", examples=[False])]

    @classmethod
    def of(cls, label: Label) -> "DrafterBody":
        """The public form."""
        return cls(label.provider, label.model, label.prompt_version, label.is_built_in)


class UsageBody(msgspec.Struct, frozen=True):
    """Tokens of all calls for this suggestion."""

    input_tokens: Annotated[Count, Meta(description="Of prompts, not cached.")]
    output_tokens: Annotated[Count, Meta(description="Of answers, thinking included.")]
    cache_read_tokens: Annotated[Count, Meta(description="Of prompts, from the provider's cache.")]
    cache_write_tokens: Annotated[Count, Meta(description="Of prompts, into the provider's cache.")]
    thinking_tokens: Annotated[Count, Meta(description="Of answers, spent on thinking.")]

    @classmethod
    def of(cls, usage: Usage) -> "UsageBody":
        """The public form."""
        return cls(
            usage.input_tokens,
            usage.output_tokens,
            usage.cache_read_tokens,
            usage.cache_write_tokens,
            usage.thinking_tokens,
        )


class CostBody(msgspec.Struct, frozen=True):
    """What all calls for this suggestion cost, in parts of a cent: a call costs less than one."""

    amount_nanos: Annotated[int, Meta(ge=0, le=2**53, description="In 10^-9 of the currency.", examples=[450_000])]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["USD"])]
    price_ids: Annotated[
        list[Annotated[str, Meta(max_length=200)]],
        Meta(
            max_length=100, description="Rows of the price table.", examples=[["anthropic/claude-haiku-5-5/2026-10-07"]]
        ),
    ]

    @classmethod
    def of(cls, cost: Cost) -> "CostBody":
        """The public form."""
        return cls(cost.nanos, cost.currency, list(cost.price_ids))
