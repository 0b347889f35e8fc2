"""A suggestion on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from application.assistance.queries import SuggestionView
from domain.assistance.drafts import Decision
from domain.assistance.results import Rating, Rejection, RejectReason, Result, Sending
from domain.assistance.suggestion import SuggestionStatus
from domain.shared.ids import public_id
from entrypoints.http.assistance.results import (
    LONGEST,
    ClaimBody,
    CostBody,
    DrafterBody,
    QuestionBody,
    SeenSourceBody,
    UsageBody,
    VerdictBody,
)
from entrypoints.http.fields import At, at, at_or_none, id_meta, id_or_none

LONGEST_NOTE = 2_000
"""Characters of a note or comment."""

Words = Annotated[str, Meta(max_length=LONGEST)]
Note = Annotated[str, Meta(max_length=LONGEST_NOTE, description="In own words.", examples=["Too stiff."])]
Score = Annotated[int, Meta(ge=1, le=5, description="1: useless; 5: sent as it was.", examples=[5])]
Shareable = Annotated[bool, Meta(description="It may become a case that drafters are measured with.", examples=[False])]


class DraftBody(msgspec.Struct, frozen=True, kw_only=True):
    """What was drafted, as data."""

    decision: Annotated[Decision, Meta(description="What the drafter decided to do.", examples=["answer"])]
    text: Annotated[Words, Meta(description="The reply; empty where there is none.", examples=["It costs 9,900 EUR."])]
    reason: Annotated[Words, Meta(description="Why, for staff.", examples=["the price was asked for"])]
    claims: Annotated[list[ClaimBody], Meta(max_length=1000, description="The facts that it states.")]
    questions: Annotated[list[QuestionBody], Meta(max_length=100, description="What it asks for.")]
    missing: Annotated[
        list[Words], Meta(max_length=100, description="What no source could tell.", examples=[["opening hours"]])
    ]
    sources: Annotated[list[SeenSourceBody], Meta(max_length=1000, description="The sources that the drafter saw.")]
    verdict: VerdictBody
    drafter: DrafterBody
    path: Annotated[
        list[Words],
        Meta(
            max_length=100,
            description="Which drafters were asked, and how each ended.",
            examples=[["anthropic/claude-haiku-5-5:draft: answer"]],
        ),
    ]
    inputs_hash: Annotated[
        str, Meta(max_length=64, description="SHA-256 of all that the draft depends on.", examples=["9f86d081884c7d65"])
    ]
    usage: UsageBody
    cost: CostBody

    @classmethod
    def of(cls, result: Result) -> "DraftBody":
        """The public form."""
        draft = result.draft
        return cls(
            decision=draft.decision,
            text=draft.text,
            reason=draft.reason,
            claims=[ClaimBody.of(claim) for claim in draft.claims],
            questions=[QuestionBody.of(question) for question in draft.questions],
            missing=list(draft.missing),
            sources=[SeenSourceBody.of(*seen) for seen in result.sources],
            verdict=VerdictBody.of(result.judgement),
            drafter=DrafterBody.of(result.label),
            path=list(result.path),
            inputs_hash=result.inputs_hash,
            usage=UsageBody.of(result.usage),
            cost=CostBody.of(result.cost),
        )


class SentBody(msgspec.Struct, frozen=True):
    """How an accepted draft left."""

    text: Annotated[Words, Meta(description="What was sent.", examples=["It costs 9,900 EUR."])]
    sequence: Annotated[int, Meta(ge=1, le=2**31, description="Its place in the conversation.", examples=[2])]
    edit_distance: Annotated[
        int, Meta(ge=0, le=2**31, description="Characters between draft and text (Levenshtein).", examples=[0])
    ]
    is_edited: Annotated[bool, Meta(description="A person changed the draft.", examples=[False])]
    verdict: Annotated[VerdictBody | None, Meta(description="On an edited text; it does not bind you.")]

    @classmethod
    def of(cls, sending: Sending) -> "SentBody":
        """The public form; only an edited text has a verdict of its own."""
        verdict = VerdictBody.of(sending.judgement) if sending.judgement else None
        return cls(sending.text, sending.sequence, sending.edit_distance, sending.is_edited, verdict)


class RejectionBody(msgspec.Struct, frozen=True):
    """Why a person did not want the draft."""

    reason: Annotated[RejectReason, Meta(description="Sort of reason.", examples=["tone"])]
    note: Note

    @classmethod
    def of(cls, rejection: Rejection) -> "RejectionBody":
        """The public form."""
        return cls(rejection.reason, rejection.note)


class RatingBody(msgspec.Struct, frozen=True):
    """The caller's own opinion."""

    rating: Score
    comment: Note
    is_shareable: Shareable

    @classmethod
    def of(cls, rating: Rating) -> "RatingBody":
        """The public form."""
        return cls(rating.score, rating.comment, rating.is_shareable)


class SuggestionBody(msgspec.Struct, frozen=True, kw_only=True):
    """One try at a reply. `draft` is null until it is there, and for good once a newer message has come."""

    id: Annotated[str, id_meta("sug", "The suggestion.")]
    message_id: Annotated[str, id_meta("msg", "The draft as a message: accept, reject or rate it by this id.")]
    conversation_id: Annotated[str, id_meta("conv", "The conversation.")]
    job_id: Annotated[str, id_meta("job", "The job that drafts.")] | None
    status: Annotated[SuggestionStatus, Meta(description="Where it stands.", examples=["ready"])]
    saw_sequence: Annotated[int, Meta(ge=0, le=2**31, description="The last message that it saw.", examples=[1])]
    draft: Annotated[DraftBody | None, Meta(description="What was drafted; null while there is nothing to show.")]
    is_charged: Annotated[bool, Meta(description="It could be shown, and so it is paid for.", examples=[True])]
    sent: Annotated[SentBody | None, Meta(description="How it left, once accepted.")]
    rejection: Annotated[RejectionBody | None, Meta(description="Why it was not wanted.")]
    feedback: Annotated[RatingBody | None, Meta(description="What you said of it.")]
    created_at: At
    finished_at: At | None
    decided_at: At | None

    @classmethod
    def of(cls, view: SuggestionView, caller: str) -> "SuggestionBody":
        """The public form, with what this caller said of it."""
        ratings = [RatingBody.of(rating) for rating in view.ratings if rating.by == caller]
        return cls(
            id=public_id("sug", view.id),
            message_id=public_id("msg", view.message_id),
            conversation_id=public_id("conv", view.conversation_id),
            job_id=id_or_none("job", view.job_id),
            status=view.status,
            saw_sequence=view.saw_sequence,
            draft=DraftBody.of(view.result) if view.result else None,
            is_charged=view.is_charged,
            sent=SentBody.of(view.sending) if view.sending else None,
            rejection=RejectionBody.of(view.rejection) if view.rejection else None,
            feedback=ratings[0] if ratings else None,
            created_at=at(view.created_at),
            finished_at=at_or_none(view.finished_at),
            decided_at=at_or_none(view.decided_at),
        )


class SuggestionEnvelope(msgspec.Struct, frozen=True):
    """One suggestion."""

    data: SuggestionBody
