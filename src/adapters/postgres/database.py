"""The pool and the transactions on it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg
import msgspec

from adapters.postgres.statements import Statement
from adapters.postgres.transaction import PostgresTransaction
from adapters.postgres.troubles import LOST
from domain.shared.errors import ProviderUnavailable
from domain.shared.events import Event
from domain.shared.ids import WorkspaceId
from domain.shared.ports import Clock, Ids

APP_ROLE = "usher_app"
"""Owns nothing and bypasses nothing: row-level security confines it to one workspace a transaction."""

OPERATOR_ROLE = "usher_operator"
"""Crosses workspaces by policy. Held by the relay, operations and the look-up behind authentication."""

Routes = Mapping[type[Event], Sequence[str]]
"""Event -> kinds of the jobs that it causes. The table is `entrypoints.worker.routes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSize:
    """Connections of one process, and how long (seconds) to wait for one and for an answer."""

    smallest: int = 1
    largest: int = 10
    acquire_timeout_seconds: float = 5.0
    command_timeout_seconds: float = 5.0


_HAS_SCHEMA = "SELECT to_regclass('public.alembic_version') IS NOT NULL"


class SchemaMissing(ProviderUnavailable):
    """The database answers, but nobody has made the tables and roles in it."""

    code = "schema_missing"

    def __init__(self, url: str) -> None:
        super().__init__("database")
        self.args = (f"the database at {host_of(url)} has no tables of Usher yet: run `usher migrate up`",)


async def open_pool(
    url: str, *, role: str = APP_ROLE, size: PoolSize | None = None, parameters: Mapping[str, str] | None = None
) -> "asyncpg.Pool[asyncpg.Record]":
    """Connect to PostgreSQL as `role`.

    The driver's reset query is left out: nothing here uses SET, LISTEN or session locks on pooled connections.

    Raises:
        SchemaMissing: it was never migrated.   ProviderUnavailable: nobody answers at this address.
    """
    size = size or PoolSize()
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=size.smallest,
            max_size=size.largest,
            timeout=size.acquire_timeout_seconds,
            command_timeout=size.command_timeout_seconds,
            statement_cache_size=500,
            max_inactive_connection_lifetime=300.0,
            server_settings={"role": role, "application_name": f"usher ({role})", **(parameters or {})},
            init=_prepare,
            reset=_keep_as_is,
        )
        if await pool.fetchval(_HAS_SCHEMA):
            return pool
        await pool.close()
    except asyncpg.InvalidParameterValueError as error:  # "role does not exist": roles come with the tables
        raise SchemaMissing(url) from error
    except (*LOST, asyncpg.PostgresError) as error:
        raise ProviderUnavailable("database") from error
    raise SchemaMissing(url)


def host_of(url: str) -> str:
    """Where a database URL points to, for messages; never its password."""
    parts = urlsplit(url)
    return parts.hostname or parse_qs(parts.query).get("host", ["?"])[0]


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
    )


async def _keep_as_is(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Reset nothing; see `open_pool`."""


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """`Transactions` on PostgreSQL, for every context, and single reads for queries."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    clock: Clock
    ids: Ids
    routes: Routes = field(default_factory=dict[type[Event], Sequence[str]])
    acquire_timeout_seconds: float = 5.0

    @asynccontextmanager
    async def begin(self, tenant: WorkspaceId, /) -> AsyncGenerator[PostgresTransaction]:
        """Open a transaction confined to `tenant`; commit when the block ends, roll back when it fails.

        Raises:
            ProviderUnavailable: the database does not answer, or the commit did not happen.
        """
        async with self._connection() as connection:
            await _open(connection, tenant)
            transaction = PostgresTransaction(connection, tenant, self.clock, self.ids, self.routes)
            try:
                yield transaction
                await transaction.flush()
            except BaseException:
                await _roll_back(connection)
                raise
            await _commit(connection)

    async def rows(self, tenant: WorkspaceId, statement: Statement, /, **values: object) -> list[asyncpg.Record]:
        """All rows of one read, under the tenant's row-level security; one round trip."""
        async with self._connection() as connection:
            return await statement.confined_rows(connection, tenant, **values)

    async def row(self, tenant: WorkspaceId, statement: Statement, /, **values: object) -> asyncpg.Record | None:
        """The first row of one read, or None."""
        found = await self.rows(tenant, statement, **values)
        return found[0] if found else None

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
        try:
            connection: Any = await self.pool.acquire(timeout=self.acquire_timeout_seconds)
        except LOST as error:
            raise ProviderUnavailable("database", retry_after_seconds=1) from error
        try:
            yield connection
        except LOST as error:
            _hang_up(connection)
            raise ProviderUnavailable("database", retry_after_seconds=1) from error
        except asyncio.CancelledError:
            _hang_up(connection)
            raise
        finally:
            await self.pool.release(connection)


async def _open(connection: "asyncpg.Connection[asyncpg.Record]", tenant: UUID) -> None:
    # One simple-protocol round trip; a UUID's text is hexadecimal digits and hyphens, nothing to escape.
    await connection.execute(f"BEGIN; SELECT set_config('usher.workspace', '{tenant!s}', true)")


async def _commit(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    # PostgreSQL answers COMMIT of a failed transaction with "ROLLBACK" and no error.
    if await connection.execute("COMMIT") != "COMMIT":
        raise ProviderUnavailable("database")


async def _roll_back(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await connection.execute("ROLLBACK")
    except (*LOST, asyncpg.PostgresError):
        _hang_up(connection)


def _hang_up(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Close it at once; a connection that broke by itself has left the pool already."""
    with suppress(asyncpg.InterfaceError):
        connection.terminate()
