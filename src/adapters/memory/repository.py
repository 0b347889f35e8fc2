"""Loading and saving aggregates in memory: copies in, copies out."""

import copy
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

from domain.shared.errors import NotFound, PreconditionFailed

if TYPE_CHECKING:
    from adapters.memory.database import MemoryTransaction

E_ = TypeVar("E_")


class MemoryRepository(Generic[E_]):
    """Base of the aggregates' repositories in memory: copies in, copies out, locked while in use."""

    table: ClassVar[str]
    missing: ClassVar[type[NotFound]] = NotFound
    tenant_free: ClassVar[bool] = False

    def __init__(self, transaction: "MemoryTransaction") -> None:
        self._tx = transaction

    async def get(self, id: UUID, /, *, lock: bool = True) -> E_:
        """Load one and lock it until the transaction ends.

        Raises:
            NotFound: none with this id in this tenant.
        """
        if lock:
            await self._tx.lock(self.table, id)
        found = self._tx.read(self.table).get(id)
        if found is None or not (self.tenant_free or found.workspace_id == self._tx.tenant):
            raise self.missing("nothing with this id")
        return cast(E_, copy.deepcopy(found))

    async def save(self, entity: Any, /) -> None:
        """Insert or update it, and hand its events to the feed.

        Raises:
            PreconditionFailed: it was changed meanwhile by another transaction.
        """
        stored = self._tx.read(self.table).get(entity.id)
        if (stored.version if stored else 0) != entity.version:
            raise PreconditionFailed("it was changed meanwhile", current_version=stored.version if stored else None)
        self.check_unique(entity)
        entity.version += 1
        self._tx.record(list(entity.events))
        entity.events.clear()
        self._tx.write(self.table, entity.id, entity)

    def check_unique(self, entity: Any, /) -> None:
        """Refuse a unique value that is taken; subclasses with such values override it."""

    def all(self) -> list[E_]:
        """Copies of all rows that this transaction sees of its tenant."""
        rows = self._tx.read(self.table).values()
        return [copy.deepcopy(row) for row in rows if self.tenant_free or row.workspace_id == self._tx.tenant]
