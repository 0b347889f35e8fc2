"""Dramatiq's Redis broker with the settings that a ledger needs."""

from typing import Any, cast

from dramatiq import Actor
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware

from adapters.redis.bells import NAMESPACE
from application.operations.kinds import UNKNOWN_KIND


class DoorbellBroker(RedisBroker):
    """Messages that only ring.

    Nothing is delayed in Redis, so the delay queues have no consumers (each costs a poll). A message for an
    unknown actor goes to `UNKNOWN_KIND`, which sees to the job's row; Dramatiq alone would put the message
    aside and leave the row to be rung for ever.
    """

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue without its delay queue."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    def get_actor(self, actor_name: str) -> "Actor[Any, Any]":
        """The actor of this name, or the one for unknown names."""
        actors = cast("dict[str, Actor[Any, Any]]", self.actors)  # pyright: ignore[reportUnknownMemberType] - Dramatiq leaves it open
        return actors.get(actor_name) or actors[UNKNOWN_KIND]


def open_broker(
    url: str, middleware: list[Middleware], *, heartbeat_timeout_seconds: float = 15.0, namespace: str = NAMESPACE
) -> DoorbellBroker:
    """The broker of a worker process.

    Maintenance runs with every command, so that messages in the hands of a dead worker come back after the
    heartbeat's timeout; by default Dramatiq leaves that to a chance of 1 in 1,000. The timeout stays at 15 s
    or more in production: a thread that keeps the interpreter's lock looks dead (dramatiq issue 692).
    """
    return DoorbellBroker(
        url=url,
        middleware=middleware,
        namespace=namespace,
        maintenance_chance=1_000_000,
        heartbeat_timeout=int(heartbeat_timeout_seconds * 1000),
    )
