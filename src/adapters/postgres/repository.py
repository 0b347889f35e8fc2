"""Loading and saving aggregates: tenant, lock and version are written here, once."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar, cast
from uuid import UUID

import asyncpg
from sqlalchemy import Table, and_, bindparam, insert, select, update

from adapters.postgres.statements import Statement
from adapters.postgres.tables.base import Row
from domain.shared.errors import AlreadyExists, NotFound, PreconditionFailed
from domain.shared.events import Event

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction


class Entity(Protocol):
    """What a repository needs of an aggregate: `version` 0 means new, and every save adds one."""

    id: Any
    version: int
    events: list[Any]


E_ = TypeVar("E_", bound=Entity)


class Repository(ABC, Generic[E_]):
    """Base of the aggregates' repositories on PostgreSQL.

    Subclasses give the row class, the refusal for a missing one, and the two mappings. Rows without a
    `workspace_id` column (accounts) are not confined to a tenant.
    """

    row_type: ClassVar[type[Row]]
    missing: ClassVar[type[NotFound]] = NotFound

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    @abstractmethod
    def to_entity(self, row: asyncpg.Record, /) -> E_:
        """The aggregate in this row; every field by hand."""

    @abstractmethod
    def values(self, entity: E_, /) -> Mapping[str, object]:
        """The row's columns but `id`, `workspace_id` and `version`."""

    async def get(self, id: UUID, /, *, lock: bool = True) -> E_:
        """Load one and lock it until the transaction ends.

        Raises:
            NotFound: none with this id in this tenant (as the subclass's `missing`).
        """
        statement = _select(self.row_type, lock=lock)
        row = await statement.row(self._tx.connection, id=id, workspace_id=self._tx.tenant)
        if row is None:
            raise self.missing("nothing with this id")
        return self.to_entity(row)

    async def save(self, entity: E_, /) -> None:
        """Insert or update it, and hand its events to the feed.

        Raises:
            PreconditionFailed: it was changed meanwhile by another transaction.
            AlreadyExists: a unique value of it is taken.
        """
        if entity.version == 0:
            await self._insert(entity)
        else:
            await self._update(entity)
        entity.version += 1
        events = cast("list[Event]", entity.events)
        self._tx.record(events)
        entity.events.clear()

    async def _insert(self, entity: E_) -> None:
        try:
            await _insert(self.row_type).run(
                self._tx.connection,
                id=entity.id,
                workspace_id=self._tx.tenant,
                version=1,
                **self.values(entity),
            )
        except asyncpg.UniqueViolationError as error:
            raise self.taken(error) from error

    async def _update(self, entity: E_) -> None:
        try:
            changed = await _update(self.row_type).run(
                self._tx.connection,
                key_id=entity.id,
                key_workspace_id=self._tx.tenant,
                key_version=entity.version,
                version=entity.version + 1,
                **self.values(entity),
            )
        except asyncpg.UniqueViolationError as error:
            raise self.taken(error) from error
        if changed != 1:
            raise PreconditionFailed("it was changed meanwhile", current_version=None)

    def taken(self, error: asyncpg.UniqueViolationError, /) -> AlreadyExists:  # noqa: ARG002 - for subclasses
        """The refusal for a unique value that is taken; subclasses may name the field by the constraint."""
        return AlreadyExists("something with this value exists already")


def table_of(row_type: type[Row]) -> Table:
    """The Core table behind a row class."""
    return cast(Table, row_type.__table__)


@cache
def _select(row_type: type[Row], *, lock: bool) -> Statement:
    table = table_of(row_type)
    columns = [column for column in table.columns if column.computed is None]
    statement = select(*columns).where(table.c.id == bindparam("id"))
    if "workspace_id" in table.c:
        statement = statement.where(table.c.workspace_id == bindparam("workspace_id"))
    return Statement(statement.with_for_update() if lock else statement)


@cache
def _insert(row_type: type[Row]) -> Statement:
    table = table_of(row_type)
    columns = [column.name for column in table.columns if column.computed is None]
    return Statement(insert(table).values({name: bindparam(name) for name in columns}))


@cache
def _update(row_type: type[Row]) -> Statement:
    table = table_of(row_type)
    fixed = {"id", "workspace_id", *(column.name for column in table.columns if column.computed is not None)}
    keys = [table.c[name] == bindparam(f"key_{name}") for name in ("id", "workspace_id", "version") if name in table.c]
    changes: dict[str, Any] = {
        column.name: bindparam(column.name) for column in table.columns if column.name not in fixed
    }
    return Statement(update(table).where(and_(*keys)).values(changes))
