"""How Alembic runs the revisions: on the connection that `adapters.postgres.migrating` hands over."""

from typing import cast

from alembic import context
from sqlalchemy import Connection

from adapters.postgres.tables.base import METADATA

connection = cast("Connection", context.config.attributes["connection"])
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
