"""When PostgreSQL is gone: the driver's errors that mean a lost or refused connection, in one place."""

from typing import Final

import asyncpg

LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver says when the server hangs up in the middle of its own step
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""The connection cannot be used any more, or was never made. Trying again later may help."""
