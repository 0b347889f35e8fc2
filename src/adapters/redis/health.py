"""Whether Redis answers."""

from dataclasses import dataclass

import redis.asyncio
from redis.exceptions import RedisError

from domain.shared.errors import ProviderUnavailable


@dataclass(frozen=True, slots=True)
class RedisProbe:
    """`Probe`: without it jobs wait, and nothing is lost."""

    client: "redis.asyncio.Redis"
    name: str = "redis"
    is_critical: bool = False

    async def check(self) -> None:
        """See `application.operations.health.Probe.check`."""
        try:
            await self.client.ping()  # pyright: ignore[reportUnknownMemberType, reportGeneralTypeIssues] - sync and async share one signature
        except (RedisError, OSError) as error:
            raise ProviderUnavailable("redis", retry_after_seconds=1) from error
