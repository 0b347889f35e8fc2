"""Stopping, reviving and giving up jobs."""

from dataclasses import dataclass

from domain.operations.ports import DeskTx
from domain.shared.access import Actor
from domain.shared.ids import JobId, WorkspaceId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Stop a job that has not ended. One that is running may go on for a while, but its effect is rolled back."""

    transactions: Transactions[DeskTx]

    async def __call__(self, *, actor: Actor, job_id: JobId) -> None:
        """Cancelling twice is harmless.

        Raises:
            JobNotFound: none with this id in the caller's workspace.
            JobIsOver: it ended before.
        """
        actor.must("jobs:manage")
        async with self.transactions.begin(actor.tenant) as tx:
            await tx.job_desk.cancel(job_id)


@dataclass(frozen=True, slots=True)
class RetryJob:
    """Give a parked job all its attempts again. For operators: there is no caller to ask for a permission."""

    transactions: Transactions[DeskTx]

    async def __call__(self, *, workspace_id: WorkspaceId, job_id: JobId) -> None:
        """Raises JobNotFound, or JobIsNotParked."""
        async with self.transactions.begin(workspace_id) as tx:
            await tx.job_desk.retry(job_id)


@dataclass(frozen=True, slots=True)
class DiscardJob:
    """Give a parked job up for good; it counts as cancelled. For operators."""

    transactions: Transactions[DeskTx]

    async def __call__(self, *, workspace_id: WorkspaceId, job_id: JobId) -> None:
        """Raises JobNotFound, or JobIsNotParked."""
        async with self.transactions.begin(workspace_id) as tx:
            await tx.job_desk.discard(job_id)
