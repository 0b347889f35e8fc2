"""What every tenant table gets: forced row-level security, its policies, and the grants of the two roles."""

from alembic import op


def create_role(role: str) -> None:
    """A role that nobody logs in as, which the migrating user may switch to.

    Roles belong to the whole server: two databases on it share them, so their absence cannot be taken for granted.
    Who makes a role without being superuser becomes its administrator, and still has to grant itself the switch
    (PostgreSQL 16 and later; release notes of 16, "Migration").
    """
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOBYPASSRLS; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(
        f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{role}', 'SET') THEN "
        f"EXECUTE format('GRANT {role} TO %I', current_user); END IF; END $$"
    )
    op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")


def secure(table: str, *, app: str = "SELECT, INSERT, UPDATE, DELETE", operator: str = "SELECT") -> None:
    """Confine `usher_app` to the rows of its transaction's workspace; let `usher_operator` cross, with these rights."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} TO usher_app "
        "USING (workspace_id = usher_workspace()) WITH CHECK (workspace_id = usher_workspace())"
    )
    op.execute(f"CREATE POLICY operator ON {table} TO usher_operator USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {app} ON {table} TO usher_app")
    op.execute(f"GRANT {operator} ON {table} TO usher_operator")


def share(table: str, *, app: str = "SELECT, INSERT, UPDATE, DELETE", operator: str = "SELECT") -> None:
    """Grants of a table that belongs to no workspace."""
    op.execute(f"GRANT {app} ON {table} TO usher_app")
    op.execute(f"GRANT {operator} ON {table} TO usher_operator")
