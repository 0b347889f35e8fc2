"""Application objects for a command, on the database that its settings name."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import uvloop

from entrypoints.cli.here import settings_here

if TYPE_CHECKING:
    import punq

    from entrypoints.settings import Settings

T = TypeVar("T")


def with_services(work: "Callable[[punq.Container, Settings], Awaitable[T]]") -> T:
    """Connect, run `work` with the container of all use cases, disconnect; what `work` returns.

    Raises:
        BadSettings, ProviderUnavailable: before `work` begins.
    """
    from entrypoints.composition.services import open_services

    async def run(settings: "Settings") -> T:
        async with open_services(settings) as services:
            return await work(services, settings)

    with settings_here() as settings, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(settings))
