"""What running jobs needs: the ledger of all workspaces, and bells that wake workers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.operations.jobs import Trouble
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.jobs import JobRun, Jobs, Queue


@dataclass(frozen=True, slots=True)
class Ring:
    """A due job that a worker shall be woken for; `attempts` so far tell one attempt's bell from the next one's.

    `is_suspect`: processes died with it, and it may only run alone.
    """

    job_id: JobId
    workspace_id: WorkspaceId
    kind: str
    queue: Queue
    attempts: int
    is_suspect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Jobs marked as rung, and whether others are due: `is_full` says that the window had no room for them."""

    rings: Sequence[Ring]
    is_full: bool
    may_have_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LostLease:
    """A job whose process died or hung, and what became of it."""

    job_id: JobId
    kind: str
    worker: str | None
    deaths: int
    is_parked: bool


class Ledger(Protocol):
    """The jobs of all workspaces, for the processes that run them.

    Due times and leases are measured by the ledger's own clock, never by that of a process. Every change
    but `claim` holds only while the run's lease does, and says whether it did.
    """

    async def claim(self, job_id: JobId, /, *, lease_seconds: float, worker: str, alone: bool) -> JobRun | None:
        """Take a queued, due job and count the attempt, durably; None when it is not there to be taken.

        A job with `SUSPECT_DEATHS` is taken only by who runs it `alone`.
        """
        ...

    async def renew(self, leases: Collection[UUID], /, *, lease_seconds: float) -> frozenset[UUID]:
        """Hold these leases for `lease_seconds` from now; the answer names those still held."""
        ...

    async def finish(self, run: JobRun, result: Mapping[str, object] | None, /) -> bool:
        """Mark a job as done whose body did not do so itself."""
        ...

    async def retry(self, run: JobRun, trouble: Trouble, delay: timedelta, /) -> bool:
        """Return the job to its queue after a failed attempt, due after `delay`."""
        ...

    async def park(self, run: JobRun, trouble: Trouble, /) -> bool:
        """Give the job up; it waits for an operator."""
        ...

    async def release(self, run: JobRun, /) -> bool:
        """Return the job unharmed: the attempt does not count, and it is due at once."""
        ...


class Dispatch(Protocol):
    """The jobs of all workspaces, for the relay. Safe with several relays at once."""

    async def pick(self, queue: Queue, /, *, window: int) -> Picked:
        """Mark due jobs as rung, by turns between workspaces, until `window` jobs of the queue are unclaimed."""
        ...

    async def rung_before(self, age_seconds: float, /, *, limit: int) -> list[Ring]:
        """Jobs that were rung longer ago than this and that nobody has claimed."""
        ...

    async def unring(self, job_ids: Collection[JobId], /) -> int:
        """Forget that these were rung, so that they are picked again; claimed ones stay as they are. How many."""
        ...

    async def sweep(self, *, limit: int, back_off_seconds: float) -> list[LostLease]:
        """Count a death for each job whose lease ran out, and return it to its queue or, at `MAX_DEATHS`, park it.

        The wait before the next attempt is random, up to `back_off_seconds` times 2^(deaths - 1).
        """
        ...


class Bells(Protocol):
    """Messages that wake workers. They may get lost; the ledger is the record."""

    async def ring(self, rings: Sequence[Ring], /) -> None:
        """Wake a worker for each job.

        Raises:
            ProviderUnavailable: some or all may not have been rung.
        """
        ...

    async def missing(self, rings: Sequence[Ring], /) -> list[Ring]:
        """Those for which no message is waiting or in a worker's hands.

        Raises:
            ProviderUnavailable: nobody knows.
        """
        ...


class JobDesk(Protocol):
    """Deciding about single jobs of a workspace, inside a transaction."""

    async def cancel(self, job_id: JobId, /) -> None:
        """End a queued or running job; a running one loses its lease, and with it the right to finish.

        Raises:
            JobNotFound: none with this id in this workspace.
            JobIsOver: it succeeded or failed before.
        """
        ...

    async def retry(self, job_id: JobId, /) -> None:
        """Queue a failed job again, due at once, with attempts and deaths counted from 0.

        Raises:
            JobNotFound: none with this id in this workspace.
            JobIsNotParked: it has not failed.
        """
        ...

    async def discard(self, job_id: JobId, /) -> None:
        """Turn a failed job into a cancelled one.

        Raises:
            JobNotFound: none with this id in this workspace.
            JobIsNotParked: it has not failed.
        """
        ...


class DeskTx(Protocol):
    """What deciding about jobs may touch in one transaction."""

    @property
    def job_desk(self) -> JobDesk: ...


class Slots(Protocol):
    """Due times of schedules that have become jobs, inside a transaction."""

    async def last(self, schedule: str, /) -> datetime | None:
        """The newest slot taken."""
        ...

    async def take(self, schedule: str, due_at: datetime, /) -> bool:
        """Take the slot; False when somebody has it already."""
        ...


class SlotsTx(Protocol):
    """What the scheduler may touch in one transaction."""

    @property
    def slots(self) -> Slots: ...

    @property
    def jobs(self) -> Jobs: ...


class Bin(Protocol):
    """Old things that may go. Each call deletes at most `limit` rows and says how many."""

    async def purge_answers(self, *, older_than: timedelta, limit: int) -> int:
        """Stored answers to Idempotency-Keys."""
        ...

    async def purge_jobs(self, *, finished: timedelta, parked: timedelta, limit: int) -> int:
        """Jobs that ended well or were cancelled longer ago than `finished`, or failed longer ago than `parked`."""
        ...

    async def purge_slots(self, *, older_than: timedelta, limit: int) -> int:
        """Taken slots, except the newest of each schedule."""
        ...
