"""The jobs that this process is running, and their leases."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from domain.operations.ports import Ledger
from domain.shared.errors import ProviderUnavailable
from domain.shared.jobs import JobRun

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    run: JobRun
    task: "asyncio.Task[Any]"
    safe_until: float


@dataclass(slots=True)
class RunningJobs:
    """Leases of this process. `lease_seconds` is how long the others wait before they call it dead.

    `is_closed` says that no further job may begin.
    """

    ledger: Ledger
    lease_seconds: float = 20.0
    is_closed: bool = False
    _held: dict[UUID, _Held] = field(default_factory=dict[UUID, _Held], repr=False)

    @contextmanager
    def hold(self, run: JobRun, /) -> Generator[None]:
        """Renew this run's lease until the block ends; the current task is cancelled if it is lost."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a job runs in a task")
        self._held[run.lease] = _Held(run, task, monotonic() + self.lease_seconds)
        try:
            yield
        finally:
            self._held.pop(run.lease, None)

    def close(self) -> None:
        """Let what runs finish, and begin nothing more."""
        self.is_closed = True

    def stop(self) -> int:
        """Cancel all running bodies; their jobs are returned. How many there were."""
        for held in self._held.values():
            held.task.cancel("the worker stops")
        return len(self._held)

    async def keep(self) -> None:
        """Renew until cancelled, three times within each lease."""
        while True:
            await asyncio.sleep(self.lease_seconds / 3)
            try:
                await self.renew()
            except Exception:  # noqa: BLE001 - a keeper that ends would cost every job its lease
                _log.exception("leases could not be renewed")

    async def renew(self) -> None:
        """Renew all leases in one statement, and stop the bodies of jobs that are no longer ours.

        A process that cannot reach the ledger stops its jobs when their leases end: by then others may run them.
        """
        held, asked_at = dict(self._held), monotonic()
        try:
            kept = await self.ledger.renew(held.keys(), lease_seconds=self.lease_seconds) if held else frozenset[UUID]()
        except ProviderUnavailable:
            _log.warning("leases could not be renewed", extra={"jobs": len(held)})
            kept = None
        for lease, one in held.items():
            if kept is not None and lease in kept:
                one.safe_until = asked_at + self.lease_seconds
            elif lease in self._held and (kept is not None or monotonic() > one.safe_until):
                one.task.cancel("the lease is lost")
