"""Accounts, sessions, workspaces, memberships, API keys, and the look-up behind authentication."""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import create_role, secure

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_PLATFORM = "'00000000-0000-0000-0000-000000000000'"
_LOOK_UPS = ("usher_session_access(uuid)", "usher_api_key_access(uuid)", "usher_account(text)")


def upgrade() -> None:
    _create_accounts()
    _create_workspaces()
    _create_api_keys()
    _let_people_see_their_own()
    _create_look_up()


def downgrade() -> None:
    for function in _LOOK_UPS:
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP POLICY own ON workspaces")
    op.execute("DROP POLICY own ON memberships")
    op.execute("DROP POLICY member ON users")
    for table in ("api_keys", "memberships", "workspaces", "sessions", "passwords", "users"):
        op.drop_table(table)
    op.execute("DROP FUNCTION usher_user()")
    op.execute("REVOKE ALL ON SCHEMA public FROM usher_lookup")


def _create_accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.create_index("uq_users_email_key", "users", ["email_key"], unique=True)
    op.create_table(
        "passwords",
        sa.Column("user_id", sa.Uuid(), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_passwords_user_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("predecessor", sa.LargeBinary()),
        sa.Column("rotated_at", _MOMENT, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("end_reason", sa.Text()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    for table in ("users", "passwords", "sessions"):
        _keep_to_the_platform(table)


def _keep_to_the_platform(table: str) -> None:
    """Accounts have no workspace: only transactions of the platform see them, never those of a workspace."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY platform ON {table} TO usher_app "
        f"USING (usher_workspace() = {_PLATFORM}) WITH CHECK (usher_workspace() = {_PLATFORM})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO usher_app")


def _create_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
    )
    op.execute("ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE workspaces FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON workspaces TO usher_app "
        "USING (id = usher_workspace()) WITH CHECK (id = usher_workspace())"
    )
    op.execute("CREATE POLICY operator ON workspaces TO usher_operator USING (true) WITH CHECK (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON workspaces TO usher_app")
    op.execute("GRANT SELECT ON workspaces TO usher_operator")
    op.create_table(
        "memberships",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_memberships_workspace_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id"),
    )
    op.create_index("uq_memberships_workspace_id", "memberships", ["workspace_id", "user_id"], unique=True)
    op.create_index("ix_memberships_user_id", "memberships", ["user_id"])
    secure("memberships")


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_api_keys_workspace_id"),
        sa.ForeignKeyConstraint(["creator_id"], ["users.id"], name="fk_api_keys_creator_id"),
    )
    op.create_index("ix_api_keys_workspace_id", "api_keys", ["workspace_id", "id"])
    secure("api_keys", app="SELECT, INSERT, UPDATE")


def _let_people_see_their_own() -> None:
    """Policies that cross workspaces on purpose, for reading: see docs/decisions/0006-tenancy.md."""
    op.execute(
        "CREATE FUNCTION usher_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE "
        "AS $$ SELECT nullif(current_setting('usher.user', true), '')::uuid $$"
    )
    op.execute("CREATE POLICY own ON memberships FOR SELECT TO usher_app USING (user_id = usher_user())")
    op.execute(
        "CREATE POLICY own ON workspaces FOR SELECT TO usher_app "
        "USING (id IN (SELECT m.workspace_id FROM memberships m WHERE m.user_id = usher_user()))"
    )
    op.execute(
        "CREATE POLICY member ON users FOR SELECT TO usher_app "
        "USING (id IN (SELECT m.user_id FROM memberships m WHERE m.workspace_id = usher_workspace()))"
    )


def _create_look_up() -> None:
    """Whoever authenticates knows an id and no workspace yet. A role that nobody can log in as answers, by one id."""
    create_role("usher_lookup")
    columns = {
        "users": "id, email_key, is_admin, suspended_at",
        "sessions": "id, user_id, ended_at, expires_at",
        "memberships": "id, workspace_id, user_id, role",
        "api_keys": "id, workspace_id, creator_id, digest, scopes, expires_at, revoked_at",
    }
    for table, readable in columns.items():
        op.execute(f"GRANT SELECT ({readable}) ON {table} TO usher_lookup")
        op.execute(f"CREATE POLICY look_up ON {table} FOR SELECT TO usher_lookup USING (true)")
    _create_functions()
    op.execute("GRANT USAGE, CREATE ON SCHEMA public TO usher_lookup")
    for function in _LOOK_UPS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO usher_app")
        op.execute(f"ALTER FUNCTION {function} OWNER TO usher_lookup")
    op.execute("REVOKE CREATE ON SCHEMA public FROM usher_lookup")


def _create_functions() -> None:
    op.execute("""
CREATE FUNCTION usher_session_access(wanted uuid) RETURNS TABLE (
    user_id uuid, is_admin boolean, is_suspended boolean, ended_at timestamptz, expires_at timestamptz,
    workspaces uuid[], roles text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.user_id, u.is_admin, u.suspended_at IS NOT NULL, s.ended_at, s.expires_at,
           coalesce(m.workspaces, '{}'), coalesce(m.roles, '{}')
    FROM public.sessions s JOIN public.users u ON u.id = s.user_id
    CROSS JOIN LATERAL (
        SELECT array_agg(workspace_id ORDER BY id) AS workspaces, array_agg(role ORDER BY id) AS roles
        FROM public.memberships WHERE user_id = s.user_id
    ) m
    WHERE s.id = wanted
$$""")
    op.execute("""
CREATE FUNCTION usher_api_key_access(wanted uuid) RETURNS TABLE (
    user_id uuid, workspace_id uuid, digest bytea, scopes text[], expires_at timestamptz, revoked_at timestamptz,
    is_suspended boolean, role text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.creator_id, k.workspace_id, k.digest, k.scopes, k.expires_at, k.revoked_at,
           u.suspended_at IS NOT NULL, m.role
    FROM public.api_keys k JOIN public.users u ON u.id = k.creator_id
    LEFT JOIN public.memberships m ON m.workspace_id = k.workspace_id AND m.user_id = k.creator_id
    WHERE k.id = wanted
$$""")
    op.execute("""
CREATE FUNCTION usher_account(wanted_key text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT id FROM public.users WHERE email_key = wanted_key AND suspended_at IS NULL
$$""")
