"""Accounts, passwords, sessions, workspaces, memberships and API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from adapters.postgres.tables.base import Row, TenantRow, Versioned


class UserRow(Row, Versioned):
    """A person's account. Seen by transactions of the platform, and by workspaces for their members."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_email_key", "email_key", unique=True),)

    email: Mapped[str]
    email_key: Mapped[str]
    display_name: Mapped[str]
    is_admin: Mapped[bool]
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PasswordRow(Row):
    """A password's hash, apart from the account so that no workspace ever sees it."""

    __tablename__ = "passwords"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    hash: Mapped[str]


class SessionRow(Row):
    """A login: the SHA-256 of its newest refresh token's secret, and of the one before."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    predecessor: Mapped[bytes | None] = mapped_column(LargeBinary)
    rotated_at: Mapped[datetime]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class WorkspaceRow(Row, Versioned):
    """A workspace: the tenant itself, so its own id takes the place of `workspace_id` in its policy."""

    __tablename__ = "workspaces"

    name: Mapped[str]
    created_at: Mapped[datetime]


class MembershipRow(TenantRow, Versioned):
    """A person's place in a workspace."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("uq_memberships_workspace_id", "workspace_id", "user_id", unique=True),
        Index("ix_memberships_user_id", "user_id"),
    )

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    created_at: Mapped[datetime]


class ApiKeyRow(TenantRow, Versioned):
    """A machine's key: the SHA-256 of its text."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_workspace_id", "workspace_id", "id"),)

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspaces.id"))
    creator_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    hint: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
