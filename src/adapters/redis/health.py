"""Whether Redis answers."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from domain.shared.errors import ProviderUnavailable

if TYPE_CHECKING:
    from redis.asyncio import Redis


@dataclass(slots=True)
class RedisProbe:
    """`Probe`: without it jobs wait, and nothing is lost. The client is imported and made with the first check."""

    url: str = field(repr=False)
    timeout_seconds: float = 2.0
    name: str = "redis"
    is_critical: bool = False
    _client: "Redis | None" = field(default=None, init=False, repr=False)

    async def check(self) -> None:
        """See `application.operations.health.Probe.check`."""
        from redis.exceptions import RedisError  # noqa: PLC0415 -- 100 ms that the start of an API process need not wait for

        from adapters.redis.bells import open_client  # noqa: PLC0415 -- as above

        if self._client is None:
            self._client = open_client(self.url, timeout_seconds=self.timeout_seconds)
        try:
            await self._client.ping()  # pyright: ignore[reportUnknownMemberType, reportGeneralTypeIssues] - sync and async share one signature
        except (RedisError, OSError) as error:
            raise ProviderUnavailable("redis", retry_after_seconds=1) from error

    async def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            await self._client.aclose()
