"""`usher jobs`: the ledger of all workspaces, for operators."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click
from rich_click import RichGroup

from entrypoints.cli.here import settings_here
from entrypoints.cli.output import OK, json_option, show, table
from entrypoints.cli.services import with_services
from entrypoints.settings import Settings

if TYPE_CHECKING:
    import punq

    from application.operations.queries import JobCount, JobRecord, JobRecords

T = TypeVar("T")


@click.group(cls=RichGroup)
def jobs() -> None:
    """Look at jobs of all workspaces; retry or discard parked ones."""


@jobs.command("list")
@click.option("--state", "states", multiple=True, help="Only in this state; repeat for any of several.")
@click.option("--kind", "kinds", multiple=True, help="Only of this kind; repeat for any of several.")
@click.option("--workspace", help="Only of this workspace (wsp_...).")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
@json_option
def list_jobs(states: tuple[str, ...], kinds: tuple[str, ...], workspace: str | None, limit: int, as_json: bool) -> int:
    """List jobs, newest first, below the number in each queue."""
    from application.operations.queries import JobFilter
    from domain.operations.jobs import JobState
    from domain.shared.ids import WorkspaceId, private_id

    unknown = set(states) - {state.value for state in JobState}
    if unknown:
        raise click.UsageError(f"no such state: {', '.join(sorted(unknown))}; there are {', '.join(JobState)}")
    wanted = JobFilter(states=[JobState(state) for state in states], kinds=kinds)
    workspace_id = WorkspaceId(private_id("wsp", workspace)) if workspace else None

    async def look(records: "JobRecords") -> "tuple[list[JobCount], list[JobRecord]]":
        return list(await records.counts()), list(await records.records(wanted, workspace_id=workspace_id, limit=limit))

    counts, found = _with_records(look)
    rows = [("JOB", "KIND", "STATE", "ATTEMPTS", "RUN AT"), *(_line(job) for job in found)]
    head = ", ".join(f"{count.queue} {count.status}: {count.count}" for count in counts) or "no jobs"
    show({"counts": counts, "jobs": [_public(job) for job in found]}, f"{head}\n\n{table(rows)}", as_json=as_json)
    return OK


@jobs.command("show")
@click.argument("job")
@json_option
def show_job(job: str, as_json: bool) -> int:
    """Show one JOB (job_...): its payload, its result, its last error."""
    from domain.shared.ids import JobId, private_id

    job_id = JobId(private_id("job", job))
    public = _public(_with_records(lambda records: records.record(job_id)))
    show(public, table((name, "" if value is None else value) for name, value in public.items()), as_json=as_json)
    return OK


@jobs.command()
@click.argument("job")
@json_option
def retry(job: str, as_json: bool) -> int:
    """Give a parked JOB (job_...) all its attempts again."""
    from application.operations.change_jobs import RetryJob

    return _change(job, RetryJob, "queued again", as_json=as_json)


@jobs.command()
@click.argument("job")
@json_option
def discard(job: str, as_json: bool) -> int:
    """Give a parked JOB (job_...) up for good."""
    from application.operations.change_jobs import DiscardJob

    return _change(job, DiscardJob, "discarded", as_json=as_json)


def _change(job: str, use_case: type, done: str, *, as_json: bool) -> int:
    from domain.shared.ids import JobId, WorkspaceId, private_id
    from entrypoints.composition.operators import open_job_records

    job_id = JobId(private_id("job", job))

    async def change(services: "punq.Container", settings: Settings) -> None:
        async with open_job_records(settings) as records:
            record = await records.record(job_id)
        await services.resolve(use_case)(workspace_id=WorkspaceId(record.workspace_id), job_id=job_id)

    with_services(change)
    show({"job": job, "outcome": done}, f"{job}: {done}", as_json=as_json)
    return OK


def _with_records(look: "Callable[[JobRecords], Awaitable[T]]") -> T:
    from entrypoints.composition.operators import open_job_records

    async def run(settings: Settings) -> T:
        async with open_job_records(settings) as records:
            return await look(records)

    with settings_here() as settings:
        return asyncio.run(run(settings))


def _line(job: "JobRecord") -> tuple[object, ...]:
    from domain.shared.ids import public_id

    return public_id("job", job.id), job.kind, job.status, job.attempts, f"{job.run_at:%Y-%m-%d %H:%M:%S}"


def _public(job: "JobRecord") -> dict[str, object]:
    import msgspec

    from domain.shared.ids import public_id

    shown: dict[str, object] = msgspec.to_builtins(job)
    return shown | {"id": public_id("job", job.id), "workspace_id": public_id("wsp", job.workspace_id)}
