"""Schema changes: Alembic, driven over asyncpg, one migrator at a time.

The revision files are in `migrations/`: at the top of a checkout, or inside this package in a wheel.
"""

import importlib
import pkgutil
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from adapters.postgres import tables
from adapters.postgres.revisions import migrations_folder
from adapters.postgres.tables.base import METADATA
from domain.shared.errors import Conflict, ProviderUnavailable

T = TypeVar("T")

_TURN: Final = 0x7573_6865_72
"""Key of the advisory lock that lets one migrator work at a time."""
_OTHERS_TIMEOUT: Final = "10min"
_LOCK_TIMEOUT: Final = "5s"
"""A migration that cannot get its lock fails, instead of queueing everybody behind it."""

_UNPROTECTED: Final = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT 1 FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One revision file, and whether the database has it."""

    revision: str
    message: str
    is_applied: bool


class MigrationRefused(Conflict):
    """There is no such revision, or the database did not let it happen; nothing of the failed step was done."""


async def migrate_up(url: str, revision: str = "head") -> list[Migration]:
    """Apply what is missing, in order, one transaction each; what was applied.

    Raises:
        ProviderUnavailable: nobody answers at this address. The other functions too.
        MigrationRefused: no such revision, or the database refused it.
    """
    return await _move(url, lambda config: command.upgrade(config, revision))


async def migrate_down(url: str, revision: str = "-1") -> list[Migration]:
    """Take back to a revision (`-1` one step, `base` all); what was taken back."""
    return await _move(url, lambda config: command.downgrade(config, revision))


async def migration_status(url: str) -> list[Migration]:
    """Every revision, oldest first."""
    async with _connection(url) as connection:
        return await connection.run_sync(_status)


async def find_drift(url: str) -> list[str]:
    """What differs between the files, the database and the row classes; empty when all agree."""
    async with _connection(url) as connection:
        missing = [m.revision for m in await connection.run_sync(_status) if not m.is_applied]
        findings = [f"revision {revision} is not applied" for revision in missing]
        findings += await connection.run_sync(_differences)
        unprotected = await connection.scalars(text(_UNPROTECTED))
        return findings + [f"table {name} is not under forced row-level security" for name in unprotected]


def load_tables() -> None:
    """Import every module of `adapters.postgres.tables`, so that the metadata knows every table."""
    for module in pkgutil.walk_packages(tables.__path__, f"{tables.__name__}."):
        importlib.import_module(module.name)


@asynccontextmanager
async def _connection(url: str) -> AsyncGenerator[AsyncConnection]:
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        connection = await engine.connect()
    except (OSError, SQLAlchemyError) as error:
        await engine.dispose()
        raise ProviderUnavailable("database") from error
    try:
        yield connection
    finally:
        await connection.close()
        await engine.dispose()


async def _move(url: str, step: Callable[[Config], None]) -> list[Migration]:
    async with _connection(url) as connection:
        await connection.execute(text(f"SET lock_timeout = '{_OTHERS_TIMEOUT}'"))
        await connection.execute(text("SELECT pg_advisory_lock(:turn)"), {"turn": _TURN})
        await connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
        await connection.commit()
        before = await connection.run_sync(_status)
        await connection.commit()
        try:
            await connection.run_sync(_run, step)
        except CommandError as error:
            raise MigrationRefused(str(error)) from error
        except DBAPIError as error:
            raise MigrationRefused(f"the database refused: {error.orig}") from error
        after = await connection.run_sync(_status)
        return [now for then, now in zip(before, after, strict=True) if then.is_applied is not now.is_applied]


def _run(connection: Connection, step: Callable[[Config], None]) -> None:
    config = _configuration()
    config.attributes["connection"] = connection
    step(config)


def _configuration() -> Config:
    """Alembic's configuration, without a file; revisions import their helpers as `migrations.…`."""
    folder = migrations_folder()
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _status(connection: Connection) -> list[Migration]:
    scripts = ScriptDirectory.from_config(_configuration())
    heads = MigrationContext.configure(connection).get_current_heads()
    applied = {script.revision for script in scripts.iterate_revisions(heads, "base")} if heads else set[str]()
    return [
        Migration(revision=script.revision, message=script.doc, is_applied=script.revision in applied)
        for script in reversed(list(scripts.walk_revisions()))
    ]


def _differences(connection: Connection) -> list[str]:
    load_tables()
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
    return [f"models and database differ: {difference}" for difference in compare_metadata(context, METADATA)]
