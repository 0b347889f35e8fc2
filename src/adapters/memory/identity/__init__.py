"""Accounts, sessions, workspaces, members and API keys in memory."""

from adapters.memory.identity.access import MemoryAccessFacts
from adapters.memory.identity.queries import MemoryIdentityQueries
from adapters.memory.identity.users import MemorySession, MemorySessions, MemoryUsers
from adapters.memory.identity.workspaces import MemoryApiKeys, MemoryMemberships, MemoryWorkspaces

__all__ = [
    "MemoryAccessFacts",
    "MemoryApiKeys",
    "MemoryIdentityQueries",
    "MemoryMemberships",
    "MemorySession",
    "MemorySessions",
    "MemoryUsers",
    "MemoryWorkspaces",
]
