"""Statements: SQLAlchemy Core, compiled once to the driver's own SQL.

A compiled statement on asyncpg's connection costs about half of the same statement through an engine; see
`docs/decisions/0009-one-pool-compiled-statements.md`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from asyncpg import Record
from asyncpg.connection import Connection
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

_DIALECT = PGDialect_asyncpg()


class Statement:
    """A Core statement, compiled when first used. Parameters go by the names of its `bindparam`s."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement

    @cached_property
    def _compiled(self) -> tuple[str, tuple[str, ...], Mapping[str, object]]:
        compiled = cast(SQLCompiler, cast(ClauseElement, self._statement).compile(dialect=_DIALECT))
        if compiled.post_compile_params:
            raise TypeError("`in_` is only complete when it runs: compare with `any_` of an array instead")
        return str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params)

    @property
    def text(self) -> str:
        """The SQL with $1, $2, … in place of names."""
        return self._compiled[0]

    @cached_property
    def confined(self) -> str:
        """The same read as a transaction of its own; one more parameter, the last, is the workspace's id as text.

        The setting that row-level security looks at is made by the statement itself, for its own duration. The OFFSET
        (always 0) is what makes it certain: it depends on the setting, so PostgreSQL cannot run the read before.
        Were it ever to, the read would find nothing. See `docs/decisions/0030-a-read-is-one-round-trip.md`.
        """
        text, names, _ = self._compiled
        return (
            f"SELECT found.* FROM (SELECT set_config('usher.workspace', ${len(names) + 1}, true)) AS tenant (id), "  # noqa: S608 -- compiled text
            f"LATERAL (SELECT * FROM ({text}) AS read OFFSET char_length(tenant.id) - 36) AS found"
        )

    async def confined_rows(self, connection: "Connection[Record]", tenant: UUID, /, **values: object) -> list[Record]:
        """All rows of a read outside of any transaction, under the tenant's row-level security; one round trip."""
        return await connection.fetch(self.confined, *self.arguments(values), str(tenant))

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """The values in the order of the text's numbers; literals of the statement fill in themselves."""
        _, names, literals = self._compiled
        return [values[name] if name in values else literals[name] for name in names]

    async def rows(self, connection: "Connection[Record]", /, **values: object) -> list[Record]:
        """All rows."""
        return await connection.fetch(self._compiled[0], *self.arguments(values))

    async def row(self, connection: "Connection[Record]", /, **values: object) -> Record | None:
        """The first row, or None."""
        return await connection.fetchrow(self._compiled[0], *self.arguments(values))

    async def value(self, connection: "Connection[Record]", /, **values: object) -> Any:
        """The first column of the first row, or None."""
        return await connection.fetchval(self._compiled[0], *self.arguments(values))

    async def run(self, connection: "Connection[Record]", /, **values: object) -> int:
        """Execute; how many rows were changed."""
        status = await connection.execute(self._compiled[0], *self.arguments(values))
        return int(status.rpartition(" ")[2] or 0)

    async def run_many(self, connection: "Connection[Record]", many: list[Mapping[str, object]], /) -> None:
        """Execute once for each set of values, in one round trip."""
        await connection.executemany(self._compiled[0], [self.arguments(values) for values in many])
