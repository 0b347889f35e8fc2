"""Whether PostgreSQL answers, and which schema it has."""

import ast
import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Integer, Text, literal_column, select, text

from adapters.postgres.database import PostgresDatabase
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
        files = await asyncio.to_thread(_revisions, migrations_folder())
        return [Migration(revision, message, revision <= applied) for revision, message in files]


def migrations_folder() -> Path:
    """Where the revision files are, in a wheel or in a checkout.

    Raises:
        FileNotFoundError: neither has them; the installation is broken.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "schema/migrations", here.parents[3] / "migrations"):
        if (folder / "env.py").exists():
            return folder
    raise FileNotFoundError("this installation has no migrations folder")


def _revisions(folder: Path) -> list[tuple[str, str]]:
    """(revision, first line of the docstring) of each file; the chain is linear and numbered by file name."""
    found: list[tuple[str, str]] = []
    for file in sorted((folder / "versions").glob("[0-9]*_*.py")):
        said = ast.get_docstring(ast.parse(file.read_bytes())) or ""
        found.append((file.name.split("_", 1)[0], said.split("\n", 1)[0]))
    return found
