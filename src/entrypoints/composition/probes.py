"""Short questions to the servers, for `usher doctor`."""

import asyncpg
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from adapters.postgres.revisions import revisions

__all__ = ["ask_postgres", "ask_redis", "is_migrated"]

_ROLES = "SELECT count(*) FROM pg_roles WHERE rolname IN ('usher_app', 'usher_operator') AND NOT rolbypassrls"


async def ask_postgres(url: str, *, timeout_seconds: int) -> tuple[int, int]:
    """The server's major version, and how many of the two roles it has.

    Raises:
        ConnectionError: it cannot be reached or refuses us.
    """
    try:
        connection = await asyncpg.connect(url, timeout=timeout_seconds, command_timeout=timeout_seconds)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    try:
        return connection.get_server_version().major, int(await connection.fetchval(_ROLES))
    finally:
        await connection.close()


async def is_migrated(url: str) -> bool:
    """Whether the database has this release's newest revision; quicker than to ask Alembic."""
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version")) == revisions()[-1][0]
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()


async def ask_redis(url: str, *, timeout_seconds: int) -> str:
    """The server's version.

    Raises:
        ConnectionError: it cannot be reached or refuses us.
    """
    pool = ConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] - redis leaves **kwargs untyped
        url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds
    )
    client = Redis(connection_pool=pool)
    try:
        told: dict[str, object] = await client.info("server")  # pyright: ignore[reportUnknownMemberType] - as above
        return str(told.get("valkey_version") or told["redis_version"])
    except (OSError, RedisError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    finally:
        await client.aclose()
