"""Jobs: work that must happen, written as a row in the transaction of its cause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.shared.errors import Conflict
from domain.shared.ids import JobId, WorkspaceId


class Queue(StrEnum):
    """How urgent: money and people waiting, the rest, and heaps."""

    CRITICAL = "critical"
    DEFAULT = "default"
    BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """A job to write. `kind` names its actor; `payload` is JSON of primitives.

    `run_at` (UTC) delays it by any length; `dedup_key` makes a second spec with the same key in the same
    workspace a no-op; `subject` is the public id of what the job makes or changes.
    """

    kind: str
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    queue: Queue = Queue.DEFAULT
    run_at: datetime | None = None
    dedup_key: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One claimed attempt: the proof that this process may finish the job. `lease` changes with every claim."""

    id: JobId
    workspace_id: WorkspaceId
    kind: str
    payload: Mapping[str, object]
    attempt: int
    lease: UUID
    request_id: str | None = None


class LeaseLost(Conflict):
    """Another process has taken the job over; what this one did must be rolled back."""


class Jobs(Protocol):
    """The ledger inside a transaction: what is added or finished here stands or falls with the rest of it."""

    async def add(self, spec: JobSpec, /) -> JobId:
        """Write a job; a worker runs it after the commit. Returns the earlier job's id for a repeated `dedup_key`."""
        ...

    async def finish(self, run: JobRun, /, result: Mapping[str, object] | None = None) -> None:
        """Mark the job done in this transaction, with what it answers.

        Raises:
            LeaseLost: the lease ran out and somebody else has it; roll back.
        """
        ...

    async def report(self, run: JobRun, progress: int, /) -> None:
        """Show how far the job is, 0 to 100, once this transaction commits: give it one of its own.

        Raises:
            LeaseLost: as in `finish`.
        """
        ...

    async def kept_step(self, run: JobRun, step: str, /) -> Mapping[str, object] | None:
        """What an earlier attempt stored for this step, or None."""
        ...

    async def keep_step(self, run: JobRun, step: str, output: Mapping[str, object], /) -> None:
        """Store the outcome of a step, once; later attempts reuse it instead of acting again.

        Raises:
            LeaseLost: as in `finish`.
        """
        ...
