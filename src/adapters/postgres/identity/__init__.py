"""Accounts, sessions, workspaces, members and API keys on PostgreSQL."""

from adapters.postgres.identity.access import PostgresAccessFacts
from adapters.postgres.identity.queries import PostgresIdentityQueries
from adapters.postgres.identity.users import PostgresSessions, PostgresUsers
from adapters.postgres.identity.workspaces import PostgresApiKeys, PostgresMemberships, PostgresWorkspaces

__all__ = [
    "PostgresAccessFacts",
    "PostgresApiKeys",
    "PostgresIdentityQueries",
    "PostgresMemberships",
    "PostgresSessions",
    "PostgresUsers",
    "PostgresWorkspaces",
]
