"""Running one job: claim, body, and what becomes of it."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from application.operations.isolation import Isolation
from application.operations.kinds import JobKind, Kinds, PayloadUnreadable
from application.operations.running import RunningJobs
from application.shared.fail_points import FailPoint, pass_by
from domain.operations.jobs import Trouble
from domain.operations.ports import Ledger
from domain.shared.correlation import Correlation, correlation
from domain.shared.errors import ProviderUnavailable, Refusal
from domain.shared.ids import JobId, public_id
from domain.shared.jobs import JobRun, LeaseLost
from domain.shared.ports import Chance

_log = logging.getLogger(__name__)
_OUR_FAULT: Final = "Something went wrong on our side."


@dataclass(frozen=True, slots=True, kw_only=True)
class RunJob:
    """Claim a job, run its body, and see it finished, tried again or parked.

    Safe to call twice for one job, also at once: only one caller gets the lease.
    """

    ledger: Ledger
    kinds: Kinds
    running: RunningJobs
    chance: Chance
    worker: str
    fail_point: FailPoint = field(default=pass_by)
    isolation: Isolation = field(default_factory=Isolation)

    async def __call__(self, *, job_id: JobId, alone: bool = False) -> None:
        """Raises CancelledError when the process stops or the lease is lost; the job is returned then.

        Args:
            alone: wait until no other job runs in this process, and keep others waiting meanwhile.
        """
        async with self.isolation.alone() if alone else self.isolation.together():
            if not self.running.is_closed:
                await self._claim(job_id, alone=alone)

    async def _claim(self, job_id: JobId, *, alone: bool) -> None:
        self.fail_point("before_claim")
        seconds = self.running.lease_seconds
        run = await self.ledger.claim(job_id, lease_seconds=seconds, worker=self.worker, alone=alone)
        if run is None:
            return
        self.fail_point("after_claim")
        token = correlation.set(Correlation(run.request_id, f"job:{public_id('job', run.id)}"))
        try:
            await self._run(run)
        finally:
            correlation.reset(token)
        self.fail_point("after_commit")

    async def _run(self, run: JobRun) -> None:
        kind = self.kinds.get(run.kind)
        if kind is None:
            await self._park(run, Trouble(code="internal_error", detail=_OUR_FAULT, error_type="UnknownKind"))
            return
        try:
            with self.running.hold(run):
                async with asyncio.timeout(kind.time_limit_seconds):
                    result = await kind.body(run)
                await self.ledger.finish(run, result)
            _log.info("job done", extra=_facts(run))
        except asyncio.CancelledError:
            if await self.ledger.release(run):
                _log.info("job returned", extra=_facts(run))
            raise
        except LeaseLost:
            _log.warning("lease lost; the work was rolled back", extra=_facts(run))
        except Refusal as refusal:
            await self._park(run, _refused(refusal))
        except PayloadUnreadable as error:
            await self._park(run, _broken(error))
        except ProviderUnavailable as error:
            await self._retry(kind, run, _unavailable(error), at_least_seconds=error.retry_after_seconds or 0.0)
        except Exception as error:  # noqa: BLE001 - whatever it is, the row must tell of it
            _log.exception("job failed", extra=_facts(run))
            await self._retry(kind, run, _broken(error))

    async def _retry(self, kind: JobKind, run: JobRun, trouble: Trouble, *, at_least_seconds: float = 0.0) -> None:
        delay = kind.retry.delay(run.attempt, self.chance.fraction(), at_least_seconds=at_least_seconds)
        if delay is None:
            await self._park(run, trouble)
        elif await self.ledger.retry(run, trouble, delay):
            _log.info("job will be tried again", extra={**_facts(run), "delay_seconds": delay.total_seconds()})

    async def _park(self, run: JobRun, trouble: Trouble) -> None:
        if await self.ledger.park(run, trouble):
            facts = {**_facts(run), "code": trouble.code, "error_type": trouble.error_type}
            _log.warning("job parked", extra=facts)


def _refused(refusal: Refusal) -> Trouble:
    return Trouble(code=refusal.code, detail=str(refusal), facts=dict(refusal.facts), error_type=type(refusal).__name__)


def _unavailable(error: ProviderUnavailable) -> Trouble:
    return Trouble(
        code=error.code,
        detail="A provider that this needs does not answer.",
        facts={"provider": error.provider},
        error_type=type(error).__name__,
        message=_message(error),
    )


def _broken(error: Exception) -> Trouble:
    return Trouble(code="internal_error", detail=_OUR_FAULT, error_type=type(error).__name__, message=_message(error))


def _message(error: Exception) -> str:
    # PostgreSQL keeps no U+0000 in jsonb.
    return str(error)[:2000].replace("\0", "\N{REPLACEMENT CHARACTER}")


def _facts(run: JobRun) -> dict[str, object]:
    return {"job_id": public_id("job", run.id), "kind": run.kind, "attempt": run.attempt}
