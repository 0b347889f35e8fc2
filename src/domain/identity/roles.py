"""Roles of a workspace and what each may do: a table, so that it can be printed and tested as one."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.shared.errors import Forbidden


class Role(StrEnum):
    """What a member is in a workspace, mightiest first."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"
    VIEWER = "viewer"


_READ: Final = frozenset(
    {"conversations:read", "sources:read", "jobs:read", "events:read", "members:read", "workspace:read"}
)
_WORK: Final = _READ | {"conversations:write", "sources:write", "assistance:use"}
_RUN: Final = _WORK | {"jobs:manage", "members:manage", "keys:manage", "workspace:manage", "operations:read"}

PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = MappingProxyType(
    {Role.OWNER: _RUN, Role.ADMIN: _RUN, Role.STAFF: _WORK, Role.VIEWER: _READ}
)
"""Role -> permissions. Owner and admin differ in whom they may change (`may_give`), not in what they may call."""

ALL_PERMISSIONS: Final = _RUN
"""Every permission that a role can hold and an API key can be scoped to."""

PERSONAL_PERMISSIONS: Final = frozenset({"account:read", "account:write", "workspaces:read", "workspaces:create"})
"""What a person may do outside any workspace: everything about the own account."""

PLATFORM_PERMISSIONS: Final = PERSONAL_PERMISSIONS | {"operations:read", "platform:manage"}
"""What an administrator of the installation may do outside any workspace; inside one, only the role counts."""


def may_give(giver: Role, role: Role) -> bool:
    """Whether a member with the role `giver` may make somebody `role`, or take that role away.

    Owners decide about everybody, admins about everybody but owners.
    """
    return giver is Role.OWNER or (giver is Role.ADMIN and role is not Role.OWNER)


def must_give(giver: str, *roles: Role) -> None:
    """Go on only if `giver` may decide about all these roles.

    Raises:
        Forbidden: one of them is above the giver, or the giver is no member at all.
    """
    if giver not in PERMISSIONS or not all(may_give(Role(giver), role) for role in roles):
        raise Forbidden("only an owner decides about owners", permission="members:manage")
