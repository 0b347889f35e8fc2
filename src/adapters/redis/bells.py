"""Ringing Dramatiq's workers without its blocking client: one pipeline for a batch of jobs."""

from collections.abc import Sequence
from typing import Final

import msgspec
import redis.asyncio
from redis.exceptions import RedisError

from application.operations.kinds import actor_name
from domain.operations.ports import Ring
from domain.shared.errors import ProviderUnavailable
from domain.shared.ids import public_id

NAMESPACE: Final = "usher"
"""Prefix of every key in Redis."""


def open_client(url: str, *, timeout_seconds: float = 2.0) -> "redis.asyncio.Redis":
    """A client that waits so long for a connection, and so long for an answer."""
    return redis.asyncio.Redis.from_url(url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds)  # pyright: ignore[reportUnknownMemberType] - untyped **kwargs


class RedisBells:
    """`Bells` as Dramatiq's messages, under ids made of the job's id and its attempts so far.

    A message is a hash field with its content and a list entry with its id, as in the `enqueue` of Dramatiq's
    Redis script. The known id shows whether the message is still there; the attempts keep the putting away of
    one attempt's message from taking the next one's along. Source: dramatiq 2.2.1, brokers/redis/dispatch.lua.
    """

    def __init__(self, client: "redis.asyncio.Redis", namespace: str = NAMESPACE) -> None:
        self._client = client
        self._namespace = namespace

    async def ring(self, rings: Sequence[Ring], /) -> None:
        """See `domain.operations.ports.Bells.ring`."""
        if not rings:
            return
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                for ring in rings:
                    queue = f"{self._namespace}:{ring.queue}"
                    pipeline.hset(f"{queue}.msgs", _message_id(ring), _message(ring))
                    pipeline.rpush(queue, _message_id(ring))
                await pipeline.execute()
        except (RedisError, OSError) as error:
            raise ProviderUnavailable("redis", retry_after_seconds=1) from error

    async def missing(self, rings: Sequence[Ring], /) -> list[Ring]:
        """See `domain.operations.ports.Bells.missing`."""
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                for ring in rings:
                    pipeline.hexists(f"{self._namespace}:{ring.queue}.msgs", _message_id(ring))
                found = await pipeline.execute()
        except (RedisError, OSError) as error:
            raise ProviderUnavailable("redis", retry_after_seconds=1) from error
        return [ring for ring, is_there in zip(rings, found, strict=True) if not is_there]


def _message_id(ring: Ring) -> str:
    return f"{ring.job_id}.{ring.attempts}"


def _message(ring: Ring) -> bytes:
    message_id = _message_id(ring)
    return msgspec.json.encode(
        {
            "queue_name": ring.queue,
            "actor_name": actor_name(ring.kind, ring.queue),
            "args": [],
            "kwargs": {"job_id": public_id("job", ring.job_id), "alone": ring.is_suspect},
            "options": {"redis_message_id": message_id},
            "message_id": message_id,
            "message_timestamp": ring.job_id.int >> 80,  # milliseconds: when the UUIDv7 was made (RFC 9562)
        }
    )
