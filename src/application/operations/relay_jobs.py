"""The relay: from rows to bells, and from lost bells back to rows."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from domain.operations.ports import Bells, Dispatch, Picked, Ring
from domain.shared.errors import ProviderUnavailable
from domain.shared.ids import JobId, public_id
from domain.shared.jobs import Queue

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Window:
    """How many jobs of a queue may be rung and unclaimed: what workers take in about a quarter of a second.

    So a backlog of slow jobs, too, keeps a newcomer of another workspace waiting but for few of them.
    """

    least: int
    most: int
    size: int = field(init=False)
    _taken: int = field(default=0, init=False)
    _since: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.size = self.least = min(self.least, self.most)

    def fill(self, count: int, now: float) -> None:
        """Take note that so many jobs found room, and measure anew every half second."""
        self._taken += count
        if now - self._since >= 0.5:
            self.size = max(self.least, min(self.most, self._taken // 2))
            self._since, self._taken = now, 0


@dataclass(slots=True, kw_only=True)
class RelayJobs:
    """Ring for due jobs, at most a window of unclaimed ones of each queue at a time, and never more than `window`.

    The window keeps the order in PostgreSQL, where fairness and priorities are decided, instead of in a long
    list in Redis. It also bounds what is lost when Redis loses everything.
    """

    dispatch: Dispatch
    bells: Bells
    window: int = 256
    smallest_window: int = 64
    _windows: dict[Queue, Window] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._windows = {queue: Window(self.smallest_window, self.window) for queue in Queue}

    async def __call__(self) -> bool:
        """Ring until nothing is due or the windows are full; True when jobs are waiting for room.

        Raises:
            ProviderUnavailable: the ledger or the bells do not answer; what was not rung will be.
        """
        waiting = False
        for queue, window in self._windows.items():
            picked = await self._pick(queue, window)
            while picked.rings or picked.may_have_more:
                await self._ring(picked.rings)
                picked = await self._pick(queue, window)
            waiting = waiting or picked.is_full
        return waiting

    async def _pick(self, queue: Queue, window: Window) -> Picked:
        picked = await self.dispatch.pick(queue, window=window.size)
        window.fill(len(picked.rings), monotonic())
        return picked

    async def _ring(self, rings: Sequence[Ring]) -> None:
        try:
            await self.bells.ring(rings)
        except ProviderUnavailable:
            await self.dispatch.unring([ring.job_id for ring in rings])
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallBells:
    """Find jobs whose bell was lost (Redis was flushed or restarted empty) and have them rung again.

    After `longest_seconds` a job is rung again even if its bell still seems to be there: a worker's connection
    may have broken between taking the message and getting it. Where the bell just waits behind slow jobs, the
    second one is harmless.
    """

    dispatch: Dispatch
    bells: Bells
    patience_seconds: float = 2.0
    longest_seconds: float = 60.0
    limit: int = 1000

    async def __call__(self) -> int:
        """How many were lost.

        Raises:
            ProviderUnavailable: the ledger or the bells do not answer.
        """
        rung = await self.dispatch.rung_before(self.patience_seconds, limit=self.limit)
        lost = {ring.job_id for ring in await self.bells.missing(rung)} if rung else set[JobId]()
        lost |= {ring.job_id for ring in await self.dispatch.rung_before(self.longest_seconds, limit=self.limit)}
        # Some of them were claimed and done since the first look; those stay as they are.
        rung_again = await self.dispatch.unring(lost) if lost else 0
        if rung_again:
            _log.warning("bells were lost and will be rung again", extra={"jobs": rung_again})
        return rung_again


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepLeases:
    """Take jobs back from processes that died."""

    dispatch: Dispatch
    back_off_seconds: float = 2.0
    limit: int = 500

    async def __call__(self) -> int:
        """How many jobs were taken back.

        Raises:
            ProviderUnavailable: the ledger does not answer.
        """
        lost = await self.dispatch.sweep(limit=self.limit, back_off_seconds=self.back_off_seconds)
        for one in lost:
            facts = {"job_id": public_id("job", one.job_id), "kind": one.kind, "worker": one.worker}
            _log.warning(
                "job parked after its process died again" if one.is_parked else "job taken back from a dead process",
                extra={**facts, "deaths": one.deaths},
            )
        return len(lost)
