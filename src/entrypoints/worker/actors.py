"""Dramatiq's actors: one for each kind of job and queue. They decode an id and run the job."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

import dramatiq

from application.operations.kinds import UNKNOWN_KIND, actor_name
from application.operations.run_job import RunJob
from domain.shared.ids import JobId, private_id
from domain.shared.jobs import Queue

_log = logging.getLogger(__name__)

_PRIORITIES: Final = {Queue.CRITICAL: 0, Queue.DEFAULT: 10, Queue.BULK: 20}
"""Order in a process's own short queue; Dramatiq runs lower numbers first."""


def declare_actors(broker: dramatiq.Broker, kinds: Iterable[str], run_job: RunJob) -> None:
    """Declare the actors of these kinds on all queues."""

    async def actor(*, job_id: str, alone: bool = False) -> None:
        """Run the job. Twice is harmless: only one caller can claim the row."""
        await run(run_job, JobId(private_id("job", job_id)), alone=alone)

    def declare(name: str, queue: Queue) -> None:
        options = {"max_retries": 0}
        dramatiq.Actor(
            actor, broker=broker, actor_name=name, queue_name=queue, priority=_PRIORITIES[queue], options=options
        )

    declare(UNKNOWN_KIND, Queue.BULK)
    for queue in Queue:
        broker.declare_queue(queue)
        for kind in kinds:
            declare(actor_name(kind, queue), queue)


async def run(run_job: RunJob, job_id: JobId, *, alone: bool) -> None:
    """Run one job; a stop of the worker or a lost lease ends it quietly, its row tells the rest."""
    try:
        await run_job(job_id=job_id, alone=alone)
    except asyncio.CancelledError:
        _log.info("job interrupted", extra={"job_id": str(job_id)})
