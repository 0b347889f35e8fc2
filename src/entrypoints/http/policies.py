"""Who may call what: every operation names its policy here. One without a policy stops the start.

This is the first of two checks. It is about the route; the use case decides about the object.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.shared.access import Actor
from domain.shared.errors import Forbidden


class Standing(StrEnum):
    """How much of the caller must be known."""

    PUBLIC = "public"
    PERSONAL = "personal"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route asks of its caller.

    `PUBLIC`: nothing; a token is not even looked at. `PERSONAL`: a signed-in caller, acting for itself and for no
    workspace. `MEMBER`: a caller in a workspace who holds `permission` there.
    """

    standing: Standing
    permission: str | None = None

    def admit(self, actor: Actor) -> None:
        """Go on only if this caller fits.

        Raises:
            Forbidden: the permission is missing.
        """
        if self.permission is not None and self.permission not in actor.permissions:
            raise Forbidden(f"this needs the permission {self.permission}", permission=self.permission)


PUBLIC: Final = Policy(Standing.PUBLIC)
PERSONAL: Final = Policy(Standing.PERSONAL)


def personal(permission: str) -> Policy:
    """Signed in, acting in no workspace, and holding this permission for oneself, such as `account:write`."""
    return Policy(Standing.PERSONAL, permission)


def member(permission: str) -> Policy:
    """In a workspace, holding this permission there, such as `conversations:read`."""
    return Policy(Standing.MEMBER, permission)


POLICIES: Final[Mapping[str, Policy]] = {
    # ------------------------------------------------------------------------------------- the door
    "index_get": PUBLIC,
    "livez_get": PUBLIC,
    "readyz_get": PUBLIC,
    "status_get": PUBLIC,
    "docs_show": PUBLIC,
    "docs_asset": PUBLIC,
    "openapi_get": PUBLIC,
    "problems_list": PUBLIC,
    "problems_get": PUBLIC,
    "migrations_list": member("operations:read"),
    # ------------------------------------------------------------------------------------- identity
    "auth_register": PUBLIC,
    "auth_login": PUBLIC,
    "auth_refresh": PUBLIC,
    "auth_logout": PERSONAL,
    "users_me_get": personal("account:read"),
    "users_me_update": personal("account:write"),
    "workspaces_list": personal("workspaces:read"),
    "workspaces_create": personal("workspaces:create"),
    "workspaces_get": member("workspace:read"),
    "workspaces_update": member("workspace:manage"),
    "members_list": member("members:read"),
    "members_get": member("members:read"),
    "members_create": member("members:manage"),
    "members_update": member("members:manage"),
    # Everybody may leave; the use case asks for members:manage where somebody else is meant.
    "members_delete": member("members:read"),
    "api_keys_list": member("keys:manage"),
    "api_keys_get": member("keys:manage"),
    "api_keys_create": member("keys:manage"),
    "api_keys_delete": member("keys:manage"),
    # ------------------------------------------------------------------------------------- conversations
    "conversations_list": member("conversations:read"),
    "conversations_create": member("conversations:write"),
    "conversations_get": member("conversations:read"),
    "conversations_status": member("conversations:read"),
    "conversations_update": member("conversations:write"),
    "conversations_assign": member("conversations:write"),
    "conversations_close": member("conversations:write"),
    "conversations_reopen": member("conversations:write"),
    "conversation_transitions_get": PUBLIC,
    "messages_list": member("conversations:read"),
    "messages_create": member("conversations:write"),
    "messages_get": member("conversations:read"),
    # ------------------------------------------------------------------------------------- knowledge
    "sources_list": member("sources:read"),
    "sources_create": member("sources:write"),
    "sources_get": member("sources:read"),
    "sources_update": member("sources:write"),
    "sources_archive": member("sources:write"),
    "source_versions_list": member("sources:read"),
    # ------------------------------------------------------------------------------------- assistance
    "suggestions_create": member("assistance:use"),
    "suggestions_get": member("conversations:read"),
    "suggestions_accept": member("assistance:use"),
    "suggestions_reject": member("assistance:use"),
    "suggestions_rate": member("assistance:use"),
    # ------------------------------------------------------------------------------------- operations
    "jobs_list": member("jobs:read"),
    "jobs_get": member("jobs:read"),
    "jobs_cancel": member("jobs:manage"),
    "events_list": member("events:read"),
}


class PolicyMissing(Exception):
    """A route without a policy, or a policy without a route: the process must not start."""


def check(operations: Mapping[str, object], policies: Mapping[str, Policy]) -> None:
    """Every operation has its name and its policy, and every policy its operation.

    Args:
        operations: operation id by handler.
        policies: the table.

    Raises:
        PolicyMissing: naming all that are wrong, and the file to mend.
    """
    faults = [f"{handler} has no operation_id" for handler, name in operations.items() if not name]
    known = {str(name) for name in operations.values() if name}
    faults += [f"{name} has no policy" for name in sorted(known - policies.keys())]
    faults += [f"{name} has a policy but no route" for name in sorted(policies.keys() - known)]
    if faults:
        raise PolicyMissing("entrypoints/http/policies.py: " + "; ".join(faults))
