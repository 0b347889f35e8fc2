"""kill -9 at every fail point of a job's life, for each kind of effect: everything happens exactly once."""

import asyncio
import signal
from pathlib import Path

import pytest

from adapters.embedded import EmbeddedServers
from application.shared.fail_points import FAIL_POINTS
from tests.support.job_stage import open_stage

pytestmark = [pytest.mark.journey, pytest.mark.crash]

KINDS = ("noop", "effect", "call")
"""Finished by the wrapper; by its own transaction; by its own transaction after an outside call kept as a step."""


@pytest.mark.parametrize("point", FAIL_POINTS)
async def test_takes_effect_once_when_the_worker_dies(
    servers: EmbeddedServers, redis_url: str, tmp_path: Path, point: str
) -> None:
    kinds = [kind for kind in KINDS if kind != "noop" or not point.endswith("_call")]

    await asyncio.gather(*(_die_and_recover(servers, redis_url, tmp_path, point, kind) for kind in kinds))


async def _die_and_recover(servers: EmbeddedServers, redis_url: str, folder: Path, point: str, kind: str) -> None:
    async with open_stage(servers, redis_url, folder, lease_seconds=1.0, heartbeat_timeout_seconds=1.0) as stage:
        stage.start("relay")
        jobs = await stage.add(kind, 5)

        doomed = stage.start(fail_at=f"{point}:2", threads=1)
        died_of = await stage.until_dead(doomed)
        stage.start()
        states = await stage.until_over()

        assert died_of == -signal.SIGKILL
        assert states == {"succeeded": 5}, (point, kind)
        if kind != "noop":
            assert await stage.effects() == dict.fromkeys(jobs, 1), (point, kind)
        if kind == "call":
            # Between the call and its kept step the call is repeated under the same key, which the service ignores.
            assert set(stage.calls()) == {str(job) for job in jobs}
            assert point == "after_call" or set(stage.calls().values()) == {1}
