"""LISTEN on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg

from adapters.postgres.database import OPERATOR_ROLE
from adapters.postgres.feed import JOBS_CHANNEL
from adapters.postgres.troubles import LOST
from domain.shared.errors import ProviderUnavailable


class PostgresWakeups:
    """News of committed jobs. A poll beside it makes up for news that got lost with a connection."""

    def __init__(self, url: str, *, role: str = OPERATOR_ROLE, check_seconds: float = 15.0) -> None:
        self._url = url
        self._role = role
        self._check_seconds = check_seconds

    async def listen(self) -> AsyncIterator[None]:
        """One item at the start and one for each burst of news.

        Raises:
            ProviderUnavailable: the connection broke.
        """
        news = asyncio.Event()

        def hear(*_: object) -> None:
            news.set()

        try:
            settings = {"role": self._role, "application_name": f"usher ({self._role}, listening)"}
            connection = await asyncpg.connect(self._url, timeout=5.0, server_settings=settings)
        except (*LOST, asyncpg.PostgresError) as error:
            raise ProviderUnavailable("database") from error
        try:
            connection.add_termination_listener(hear)
            await connection.add_listener(JOBS_CHANNEL, hear)
            while not connection.is_closed():
                yield None
                await self._wait(connection, news)
        except (*LOST, asyncpg.PostgresError) as error:
            raise ProviderUnavailable("database") from error
        finally:
            connection.terminate()
        raise ProviderUnavailable("database")

    async def _wait(self, connection: "asyncpg.Connection[asyncpg.Record]", news: asyncio.Event) -> None:
        """Until there is news; a silent line is tried now and then, because a dead one is silent too."""
        while True:
            try:
                await asyncio.wait_for(news.wait(), self._check_seconds)
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=5.0)
            else:
                news.clear()
                return
