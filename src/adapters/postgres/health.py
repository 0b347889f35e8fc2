"""Whether PostgreSQL answers, and which schema it has."""

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Integer, Text, literal_column, select, text

from adapters.postgres.database import PostgresDatabase
from adapters.postgres.revisions import revisions
from adapters.postgres.statements import Statement
from application.operations.health import Migration
from domain.shared.ids import PLATFORM

_ONE: Final = Statement(select(literal_column("1", Integer)))
_REVISION: Final = Statement(select(literal_column("version_num", Text)).select_from(text("alembic_version")))


@dataclass(frozen=True, slots=True)
class PostgresProbe:
    """`Probe`: nothing works without it."""

    database: PostgresDatabase
    name: str = "database"
    is_critical: bool = True

    async def check(self) -> None:
        """See `application.operations.health.Probe.check`."""
        await self.database.rows(PLATFORM, _ONE)


@dataclass(frozen=True, slots=True)
class PostgresMigrations:
    """`Migrations`: the files of this release, and how far the database is. Does not load Alembic."""

    database: PostgresDatabase

    async def all(self) -> list[Migration]:
        """See `application.operations.health.Migrations.all`."""
        row = await self.database.row(PLATFORM, _REVISION)
        applied = str(row[0]) if row and row[0] else ""
        files = await asyncio.to_thread(revisions)
        return [Migration(revision, message, revision <= applied) for revision, message in files]
