"""A job on the wire, for every route that starts or shows one."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from application.operations.queries import JobError, JobView
from domain.shared.ids import public_id
from entrypoints.http.fields import At, at, at_or_none, id_meta
from entrypoints.http.problem_table import PROBLEMS

JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class JobProblem(msgspec.Struct, frozen=True):
    """Why a job failed, as a problem: `code` is the contract."""

    code: Annotated[str, Meta(max_length=100, description="As in every problem.", examples=["provider_unavailable"])]
    title: Annotated[str, Meta(max_length=200, description="Fixed for each code.", examples=["A provider is down"])]
    detail: Annotated[str, Meta(max_length=2000, description="For people.", examples=["drafting does not answer"])]
    facts: Annotated[
        dict[str, Any], Meta(description="What is documented for the code.", examples=[{"provider": "drafting"}])
    ]

    @classmethod
    def of(cls, error: JobError) -> "JobProblem":
        """The public form."""
        title = PROBLEMS[error.code].title if error.code in PROBLEMS else "Something went wrong"
        return cls(error.code, title, error.detail, dict(error.facts))


class JobBody(msgspec.Struct, frozen=True, kw_only=True):
    """Work that goes on behind the scenes, and what came of it."""

    id: Annotated[str, id_meta("job", "The job.")]
    kind: Annotated[str, Meta(max_length=100, description="What it does.", examples=["draft_reply"])]
    status: Annotated[JobStatus, Meta(description="Where it stands.", examples=["queued"])]
    progress: Annotated[int, Meta(ge=0, le=100, description="Percent, if it is known.", examples=[40])] | None
    subject: (
        Annotated[
            str,
            Meta(
                max_length=40,
                description="Public id of what it makes or changes.",
                examples=["msg_01jd3kq0z8e4tb6x5w2v9r7m1n"],
            ),
        ]
        | None
    )
    result: (
        Annotated[dict[str, Any], Meta(description="What came of it, by the kind.", examples=[{"status": "ready"}])]
        | None
    )
    error: Annotated[JobProblem | None, Meta(description="Why it failed, once it has for good.")]
    attempts: Annotated[int, Meta(ge=0, le=2**31, description="Tries so far.", examples=[1])]
    created_at: At
    started_at: At | None
    finished_at: At | None

    @classmethod
    def of(cls, job: JobView) -> "JobBody":
        """The public form."""
        return cls(
            id=public_id("job", job.id),
            kind=job.kind,
            status=msgspec.convert(job.status, JobStatus),
            progress=job.progress,
            subject=job.subject,
            result=None if job.result is None else dict(job.result),
            error=JobProblem.of(job.error) if job.error else None,
            attempts=job.attempts,
            created_at=at(job.created_at),
            started_at=at_or_none(job.started_at),
            finished_at=at_or_none(job.finished_at),
        )


class JobEnvelope(msgspec.Struct, frozen=True):
    """One job."""

    data: JobBody
