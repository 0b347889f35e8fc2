"""Schema changes, for the commands that make them. Importing this loads Alembic."""

from adapters.postgres.migrating import Migration, find_drift, migrate_down, migrate_up, migration_status

__all__ = ["Migration", "find_drift", "migrate_down", "migrate_up", "migration_status"]
