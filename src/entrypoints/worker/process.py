"""The worker process: Dramatiq's worker with a loop, the services of its jobs, and a clean end."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

import dramatiq
import uvloop
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.middleware import AsyncIO, Middleware, MiddlewareError
from typing_extensions import override

from application.operations.run_job import RunJob
from application.shared.fail_points import FailPoint, pass_by
from entrypoints.worker.actors import declare_actors
from entrypoints.worker.watchdog import Watchdog

_log = logging.getLogger(__name__)
T = TypeVar("T")

OpenRunJob = Callable[[], AbstractAsyncContextManager[RunJob]]
"""Opens what jobs need (pools, clients) on the worker's loop, and closes it at the end."""

OpenBroker = Callable[[list[Middleware]], dramatiq.Broker]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTiming:
    """How a worker process works.

    `threads` is how many jobs run at once. `poll_milliseconds` is how long an idle worker sleeps between looks
    at Redis: 20 ms cost about 5 % of a core and start a job within 50 ms. `prefetch` is how many messages of a
    queue it holds, those under way included: twice the threads; more would keep jobs from idle workers. A loop
    that does not answer for three times `watchdog_seconds` ends the process.
    """

    threads: int = 16
    poll_milliseconds: int = 20
    prefetch: int = 32
    grace_seconds: float = 30.0
    watchdog_seconds: float = 10.0


class UvloopAsyncIO(AsyncIO):
    """Dramatiq's AsyncIO middleware with uvloop."""

    @override
    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Start the loop that all jobs of this process share."""
        thread = EventLoopThread(self.logger)
        thread.loop.close()
        thread.loop = uvloop.new_event_loop()
        thread.start(timeout=5.0)
        set_event_loop_thread(thread)
        self.thread = thread


class NotReady(MiddlewareError):
    """The services could not be opened; the worker does not start."""


class Services(Middleware):
    """Opens what jobs need when the worker boots, renews leases, and ends running jobs when it stops."""

    def __init__(
        self, loop: UvloopAsyncIO, open_run_job: OpenRunJob, timing: WorkerTiming, fail_point: FailPoint
    ) -> None:
        self._loop_thread = loop
        self._open = open_run_job
        self._timing = timing
        self._fail_point = fail_point
        self._stack = AsyncExitStack()
        self._run_job: RunJob | None = None
        self._timer: threading.Timer | None = None

    @override
    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Open the services and declare the actors."""
        try:
            self._run_job = run_job = self._on_loop(self._enter()).result()
        except Exception as error:
            raise NotReady(str(error)) from error
        declare_actors(broker, run_job.kinds, run_job)

    @override
    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Begin nothing more, and give running jobs their grace; then return what still runs."""
        if self._run_job is not None:
            self._run_job.running.close()
        self._timer = threading.Timer(self._timing.grace_seconds, self.interrupt)
        self._timer.daemon = True
        self._timer.start()

    @override
    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Close the services."""
        if self._timer is not None:
            self._timer.cancel()
        self._on_loop(self._stack.aclose()).result()

    @override
    def before_ack(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        """Pass the last fail point."""
        self._fail_point("before_ack")

    def interrupt(self) -> None:
        """Stop all bodies now; their jobs return to their queues."""
        if self._run_job is not None:
            self._loop_thread.thread.loop.call_soon_threadsafe(self._run_job.running.stop)

    async def _enter(self) -> RunJob:
        run_job = await self._stack.enter_async_context(self._open())
        keeping = asyncio.create_task(run_job.running.keep())
        self._stack.callback(keeping.cancel)
        watchdog = Watchdog(asyncio.get_running_loop(), beat_seconds=self._timing.watchdog_seconds)
        watchdog.start()
        self._stack.callback(watchdog.stop)
        return run_job

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self._loop_thread.thread.loop)


def run_worker(
    open_broker: OpenBroker, open_run_job: OpenRunJob, timing: WorkerTiming, *, fail_point: FailPoint = pass_by
) -> int:
    """Work until SIGTERM or SIGINT, then drain; a second signal drains at once. The exit code.

    Must be called on the main thread. Running jobs get `grace_seconds` to finish; what is left after that, and
    whatever was fetched and not begun, is returned.

    Raises:
        Whatever `open_run_job` raised: the worker could not start.
    """
    loop = UvloopAsyncIO()
    services = Services(loop, open_run_job, timing, fail_point)
    broker = open_broker([loop, services])
    worker = dramatiq.Worker(broker, worker_timeout=timing.poll_milliseconds, worker_threads=timing.threads)
    worker.queue_prefetch = timing.prefetch
    stop = _stop_signals(services)
    try:
        worker.start()
    except NotReady as error:
        _log.critical("worker cannot start: %s", error)
        loop.after_worker_shutdown(broker, worker)
        raise error.__cause__ or error from None
    _log.info("worker is ready", extra={"threads": timing.threads})
    stop.wait()
    worker.stop(timeout=int((timing.grace_seconds + 10) * 1000))
    broker.close()
    return 0


def _stop_signals(services: Services) -> threading.Event:
    stop = threading.Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        if stop.is_set():
            services.interrupt()
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop
