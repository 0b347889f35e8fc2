"""Asking for drafts, looking at them, and deciding on them."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.assistance.accept_draft import AcceptDraft
from application.assistance.queries import SuggestionView
from application.assistance.rate_draft import RateDraft
from application.assistance.read_suggestion import ReadSuggestion
from application.assistance.reject_draft import RejectDraft
from application.assistance.request_suggestion import DRAFT_REPLY, RequestSuggestion
from domain.assistance.results import Rejection
from domain.assistance.suggestion import Suggestion, SuggestionStatus
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, MessageId, private_id, public_id
from entrypoints.http.assistance.requests import AcceptedText, NewFeedback, NewRejection
from entrypoints.http.assistance.suggestions import SuggestionBody, SuggestionEnvelope
from entrypoints.http.etags import accepted
from entrypoints.http.fields import PreferText, at, id_in_path, id_or_none
from entrypoints.http.job_bodies import JobBody, JobEnvelope
from entrypoints.http.once import OnlyOnce
from entrypoints.http.prefer import Waits, applied
from entrypoints.http.responses import JsonResponse

ConversationIdInPath = Annotated[str, id_in_path("conv", "The conversation.")]
MessageIdInPath = Annotated[str, id_in_path("msg", "The draft's message id, as `ai-suggest` gave it.")]


class SuggestController(Controller):
    """Asking."""

    path = "/conversations"
    tags = ("Suggestions",)

    @post(
        "/{conversation_id:str}/ai-suggest",
        operation_id="suggestions_create",
        status_code=202,
        opt={"retry": "required", "problems": ("invalid_state",), "answers": {200: SuggestionEnvelope}},
    )
    async def suggest(
        self,
        actor: NamedDependency[Actor],
        request_suggestion: NamedDependency[RequestSuggestion],
        read_suggestion: NamedDependency[ReadSuggestion],
        once: NamedDependency[OnlyOnce],
        waits: NamedDependency[Waits],
        conversation_id: ConversationIdInPath,
        prefer: PreferText = None,
    ) -> Response[JobEnvelope]:
        """Ask for a draft of the next reply.

        Answers 202 with the job; its `subject` is the message id of the draft to come. With `Prefer: wait=N` it is 200
        with the suggestion, if that is there in time. There is one open suggestion for a last message: whoever asks
        again gets the same.
        """

        async def act(request_suggestion: RequestSuggestion) -> Response[JobEnvelope]:
            suggestion = await request_suggestion(
                actor=actor, conversation_id=ConversationId(private_id("conv", conversation_id))
            )
            job = _job_of(suggestion)
            return accepted(JobEnvelope(data=job), f"/api/v1/jobs/{job.id}")

        answer = await once(request_suggestion, act)
        with waits.place(prefer) as seconds:
            return await _awaited(answer, read_suggestion, actor, seconds) if seconds else answer


class DraftController(Controller):
    """Deciding."""

    path = "/messages"
    tags = ("Suggestions",)

    @get("/{message_id:str}/suggestion", operation_id="suggestions_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        read_suggestion: NamedDependency[ReadSuggestion],
        message_id: MessageIdInPath,
    ) -> SuggestionEnvelope:
        """Show the suggestion behind a draft.

        It is `discarded`, and its draft not shown, as soon as anybody wrote after the last message that it saw.
        """
        view = await read_suggestion(actor=actor, message_id=MessageId(private_id("msg", message_id)))
        return _shown(view, actor)

    @post(
        "/{message_id:str}/accept",
        operation_id="suggestions_accept",
        status_code=200,
        opt={"retry": "required", "problems": ("invalid_state",)},
    )
    async def accept(
        self,
        actor: NamedDependency[Actor],
        accept_draft: NamedDependency[AcceptDraft],
        once: NamedDependency[OnlyOnce],
        message_id: MessageIdInPath,
        data: JSONBody[AcceptedText | None] = None,
    ) -> Response[SuggestionEnvelope]:
        """Send a draft, as it is or as you changed it.

        It is sent once, however often and by however many it is accepted. Whoever wrote into the conversation in the
        meantime wins: the draft is out of date then (409).
        """

        async def act(accept_draft: AcceptDraft) -> Response[SuggestionEnvelope]:
            suggestion = await accept_draft(
                actor=actor,
                message_id=MessageId(private_id("msg", message_id)),
                text=data.text if data else None,
            )
            return _decided(suggestion, actor)

        return await once(accept_draft, act)

    @post(
        "/{message_id:str}/reject",
        operation_id="suggestions_reject",
        status_code=200,
        opt={"problems": ("invalid_state",)},
    )
    async def reject(
        self,
        actor: NamedDependency[Actor],
        reject_draft: NamedDependency[RejectDraft],
        once: NamedDependency[OnlyOnce],
        message_id: MessageIdInPath,
        data: JSONBody[NewRejection],
    ) -> Response[SuggestionEnvelope]:
        """Take a draft away, and say why."""

        async def act(reject_draft: RejectDraft) -> Response[SuggestionEnvelope]:
            suggestion = await reject_draft(
                actor=actor,
                message_id=MessageId(private_id("msg", message_id)),
                rejection=Rejection(reason=data.reason, note=data.note),
            )
            return _decided(suggestion, actor)

        return await once(reject_draft, act)

    @post(
        "/{message_id:str}/feedback",
        operation_id="suggestions_rate",
        status_code=200,
        opt={"problems": ("invalid_state",)},
    )
    async def rate(
        self,
        actor: NamedDependency[Actor],
        rate_draft: NamedDependency[RateDraft],
        once: NamedDependency[OnlyOnce],
        message_id: MessageIdInPath,
        data: JSONBody[NewFeedback],
    ) -> Response[SuggestionEnvelope]:
        """Give your opinion on a draft, before or after the decision."""

        async def act(rate_draft: RateDraft) -> Response[SuggestionEnvelope]:
            suggestion = await rate_draft(
                actor=actor,
                message_id=MessageId(private_id("msg", message_id)),
                score=data.rating,
                comment=data.comment,
                is_shareable=data.is_shareable,
            )
            return _decided(suggestion, actor)

        return await once(rate_draft, act)


async def _awaited(
    answer: Response[JobEnvelope], read_suggestion: ReadSuggestion, actor: Actor, seconds: int
) -> Response[Any]:
    """The suggestion if it ends in time, else the answer as it was."""
    view = await read_suggestion(actor=actor, message_id=_message_of(answer), wait_seconds=seconds)
    if view.status is SuggestionStatus.QUEUED:
        return answer
    applied(seconds)
    return JsonResponse(_shown(view, actor), status_code=200)


def _shown(view: SuggestionView, actor: Actor) -> SuggestionEnvelope:
    return SuggestionEnvelope(data=SuggestionBody.of(view, actor.caller))


def _decided(suggestion: Suggestion, actor: Actor) -> Response[SuggestionEnvelope]:
    return JsonResponse(_shown(SuggestionView.of(suggestion), actor), status_code=200)


def _job_of(suggestion: Suggestion) -> JobBody:
    """The job as it was written a moment ago, or where it must be by the state of its suggestion."""
    is_over = suggestion.status is not SuggestionStatus.QUEUED
    return JobBody(
        id=id_or_none("job", suggestion.job_id) or "",
        kind=DRAFT_REPLY,
        status="succeeded" if is_over else "queued",
        progress=None,
        subject=public_id("msg", suggestion.message_id),
        result=None,
        error=None,
        attempts=1 if is_over else 0,
        created_at=at(suggestion.created_at),
        started_at=None,
        finished_at=None,
    )


class _Started(msgspec.Struct):
    subject: str


class _StartedEnvelope(msgspec.Struct):
    data: _Started


def _message_of(answer: Response[JobEnvelope]) -> MessageId:
    """The message id in an answer, whether it was made just now or stored before."""
    content: Any = answer.content
    stored = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return MessageId(private_id("msg", msgspec.json.decode(stored, type=_StartedEnvelope).data.subject))
