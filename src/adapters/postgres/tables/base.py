"""What rows share: advanced-alchemy's declarative base and column types, and the tenant's column."""

from datetime import datetime
from uuid import UUID

from advanced_alchemy.base import AdvancedDeclarativeBase, CommonTableAttributes
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import registry as orm_registry

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_REGISTRY = orm_registry(
    metadata=METADATA,
    type_annotation_map={
        UUID: Uuid(),
        datetime: DateTimeUTC(timezone=True),
        str: Text(),
        dict[str, object]: JSONB(),
        list[object]: JSONB(),
    },
)


class Row(CommonTableAttributes, AdvancedDeclarativeBase):
    """Base of every row class."""

    __abstract__ = True
    registry = _REGISTRY
    _sa_registry = _REGISTRY  # SQLAlchemy looks here first, and advanced-alchemy's base has set its own
    metadata = METADATA


class TenantRow(Row):
    """A row of one workspace; row-level security is forced on its table."""

    __abstract__ = True

    workspace_id: Mapped[UUID] = mapped_column(index=False)


class Versioned:
    """An entity's row: its id and the version that every change adds one to."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
