"""`usher serve`, `usher worker` and `usher relay`: the processes that the product runs as."""

import asyncio
import contextlib
import signal
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import TYPE_CHECKING

import click
import uvloop

from entrypoints.cli.here import settings_here
from entrypoints.cli.output import OK
from entrypoints.settings import Environment, Settings

if TYPE_CHECKING:
    from application.operations.run_job import RunJob


@click.command()
def serve() -> int:
    """Serve the HTTP API until SIGTERM, then let running requests end."""
    with _process() as settings, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))
    return OK


@click.command()
def worker() -> int:
    """Run jobs until SIGTERM, then let running ones end; what is left goes back to the ledger."""
    from application.shared.fail_points import fail_point_of
    from entrypoints.composition.jobs import broker_at
    from entrypoints.composition.processes import job_servers, job_timing, open_worker, worker_timing
    from entrypoints.worker.process import run_worker

    with _process() as settings:
        servers, timing = job_servers(settings), job_timing(settings)
        fail_point = fail_point_of(settings.fail_at, is_test=settings.env is Environment.TEST)

        def open_services() -> "AbstractAsyncContextManager[RunJob]":
            return open_worker(settings, fail_point=fail_point)

        return run_worker(broker_at(servers, timing), open_services, worker_timing(settings), fail_point=fail_point)


@click.command()
def relay() -> int:
    """Ring for due jobs, return lost ones and run schedules, until SIGTERM."""
    from entrypoints.composition.jobs import open_relay
    from entrypoints.composition.processes import job_servers, job_timing
    from entrypoints.relay.process import run_relay

    with _process() as settings:
        return run_relay(lambda: open_relay(job_servers(settings), job_timing(settings)))


@contextlib.contextmanager
def _process() -> Generator[Settings]:
    """Settings and logs of a process that stays."""
    from entrypoints import logs

    with settings_here() as settings:
        logs.configure(settings.log_level)
        yield settings


async def _serve(settings: Settings) -> None:
    from entrypoints.composition.services import open_services
    from entrypoints.http.app import create_app
    from entrypoints.http.serving import Server, ServerSettings
    from entrypoints.http.settings import HttpSettings

    door = HttpSettings(
        public_url=settings.public_url,
        secret_key=settings.secret_key.reveal().encode(),
        version=version("usher"),
        body_timeout_seconds=settings.body_timeout_seconds,
    )
    place = ServerSettings(
        host=settings.host,
        port=settings.port,
        drain_seconds=settings.drain_timeout_seconds,
        trusted_proxies=settings.trusted_proxies,
    )
    # uvicorn raises the signal again when it has ended; these let what was opened be closed first.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    async with open_services(settings) as services:
        try:
            await Server(create_app(services, door), place).serve()
        except SystemExit as error:  # uvicorn's way; its log tells more
            raise click.ClickException(f"cannot listen on {settings.host}:{settings.port}") from error
