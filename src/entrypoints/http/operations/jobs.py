"""Jobs: long work behind a 202."""

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import QueryParameter

from application.operations.change_jobs import CancelJob
from application.operations.look_at_jobs import GetJob, ListJobs, WaitForJob
from application.operations.queries import JobFilter
from domain.operations.jobs import JobState
from domain.shared.access import Actor
from domain.shared.ids import JobId, private_id
from entrypoints.http.cursors import Paging
from entrypoints.http.fields import CursorText, Limit, PageInfo, PreferText, id_in_path
from entrypoints.http.job_bodies import JobBody, JobEnvelope, JobStatus
from entrypoints.http.prefer import Waits, applied

JobIdInPath = Annotated[str, id_in_path("job", "The job.")]


class JobList(msgspec.Struct, frozen=True):
    """A page of jobs."""

    data: list[JobBody]
    page: PageInfo


class JobController(Controller):
    """The workspace's jobs."""

    path = "/jobs"
    tags = ("Jobs",)

    @get(operation_id="jobs_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        list_jobs: NamedDependency[ListJobs],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
        status: Annotated[
            list[JobStatus] | None,
            QueryParameter(description="Only in these states.", max_items=5, examples=[Example(value=["running"])]),
        ] = None,
        kind: Annotated[
            str | None,
            QueryParameter(
                min_length=1, max_length=100, description="Only of this kind.", examples=[Example(value="draft_reply")]
            ),
        ] = None,
        subject: Annotated[
            str | None,
            QueryParameter(
                min_length=1,
                max_length=40,
                description="Only those that make or change this: a public id.",
                examples=[Example(value="msg_01jd3kq0z8e4tb6x5w2v9r7m1n")],
            ),
        ] = None,
    ) -> JobList:
        """List jobs, newest first.

        Jobs that ended are kept for 7 days, failed ones for 30.
        """
        states = [JobState(each) for each in status or ()]
        wanted = JobFilter(states=states, kinds=[kind] if kind else [], subject=subject)
        page = await list_jobs(actor=actor, wanted=wanted, after=paging.after(cursor), limit=limit)
        return JobList(data=[JobBody.of(job) for job in page.items], page=paging.info(page, limit))

    @get("/{job_id:str}", operation_id="jobs_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        get_job: NamedDependency[GetJob],
        wait_for_job: NamedDependency[WaitForJob],
        waits: NamedDependency[Waits],
        job_id: JobIdInPath,
        prefer: PreferText = None,
    ) -> JobEnvelope:
        """Show a job.

        With `Prefer: wait=N` it is answered as soon as the job has ended, or after N seconds (30 at most).
        """
        id = JobId(private_id("job", job_id))
        with waits.place(prefer) as seconds:
            if not seconds:
                return JobEnvelope(data=JobBody.of(await get_job(actor=actor, job_id=id)))
            job = await wait_for_job(actor=actor, job_id=id, seconds=seconds)
        if job.is_over:
            applied(seconds)
        return JobEnvelope(data=JobBody.of(job))

    @post(
        "/{job_id:str}/cancel",
        operation_id="jobs_cancel",
        status_code=200,
        # No key: cancelling twice changes nothing.
        opt={"retry": "none", "problems": ("invalid_state",)},
    )
    async def cancel(
        self,
        actor: NamedDependency[Actor],
        cancel_job: NamedDependency[CancelJob],
        get_job: NamedDependency[GetJob],
        job_id: JobIdInPath,
    ) -> JobEnvelope:
        """Cancel a job that has not ended.

        What a running job did so far is undone, unless it was outside. Cancelling again changes nothing.
        """
        id = JobId(private_id("job", job_id))
        await cancel_job(actor=actor, job_id=id)
        return JobEnvelope(data=JobBody.of(await get_job(actor=actor, job_id=id)))
