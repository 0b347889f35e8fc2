"""From settings to what the worker and the relay want to know."""

import importlib
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.anthropic.model import warm_up
from adapters.postgres.database import PostgresDatabase
from application.assistance.discard_stale import DiscardStale
from application.assistance.draft_reply import DraftReply
from application.operations.kinds import JobKind
from application.operations.run_job import RunJob
from application.shared.fail_points import FailPoint, pass_by
from entrypoints.composition.jobs import JobServers, JobTiming, KindsOn, open_run_job
from entrypoints.composition.services import compose, pool_size
from entrypoints.relay.process import RelayTiming
from entrypoints.settings import Settings
from entrypoints.settings.struct import Drafter
from entrypoints.worker.assistance import discard_stale_kind, draft_reply_kind
from entrypoints.worker.process import WorkerTiming
from entrypoints.worker.routes import ROUTES


def job_servers(settings: Settings) -> JobServers:
    """Where the servers are. The URLs hold their passwords."""
    return JobServers(
        database_url=settings.database_url.reveal(),
        operator_url=settings.operator_url,
        redis_url=settings.redis_url.reveal(),
        redis_timeout_seconds=settings.redis_timeout_seconds,
        pool=pool_size(settings),
    )


def job_timing(settings: Settings) -> JobTiming:
    """How soon things are noticed."""
    relay = RelayTiming(poll_seconds=settings.relay_poll_seconds, sweep_seconds=settings.sweep_seconds)
    return JobTiming(lease_seconds=settings.lease_seconds, relay=relay)


def worker_timing(settings: Settings) -> WorkerTiming:
    """How a worker works."""
    return WorkerTiming(
        threads=settings.worker_threads,
        poll_milliseconds=settings.worker_poll_milliseconds,
        prefetch=settings.worker_prefetch,
        grace_seconds=settings.drain_timeout_seconds,
    )


@asynccontextmanager
async def open_worker(settings: Settings, *, fail_point: FailPoint = pass_by) -> AsyncGenerator[RunJob]:
    """Open what a worker's jobs need, and close it at the end."""
    seconds = job_timing(settings).lease_seconds
    async with (
        AsyncExitStack() as ends,
        open_run_job(
            job_servers(settings),
            kinds_on(settings, ends),
            routes=ROUTES,
            lease_seconds=seconds,
            fail_point=fail_point,
        ) as run_job,
    ):
        yield run_job


def kinds_on(settings: Settings, ends: AsyncExitStack) -> KindsOn:
    """The kinds of jobs that a worker knows, made on its own database; what they open is closed with `ends`."""

    def make(database: PostgresDatabase) -> list[JobKind]:
        if Drafter.ANTHROPIC in settings.drafter_chain:
            warm_up()
        _load_rules()
        services = compose(settings, database, ends)
        # Each drafter is asked twice at most: a draft, and one repair.
        drafting_seconds = 2 * settings.anthropic_timeout_seconds * len(settings.drafter_chain)
        return [
            draft_reply_kind(services.resolve(DraftReply), time_limit_seconds=drafting_seconds + 10),
            discard_stale_kind(services.resolve(DiscardStale)),
        ]

    return make


def _load_rules() -> None:
    """Import what drafting needs now, not with the first job. An API process does without."""
    for module in ("domain.assistance.drafting", "domain.assistance.verifier"):
        importlib.import_module(module)
