"""From facts about a caller to an `Actor`."""

from domain.identity.roles import PERMISSIONS, PERSONAL_PERMISSIONS, PLATFORM_PERMISSIONS, Role
from domain.shared.access import Actor
from domain.shared.ids import PLATFORM, SessionId, UserId, WorkspaceId


def as_person(user_id: UserId, *, is_admin: bool = False, session_id: SessionId | None = None) -> Actor:
    """Somebody acting for themselves, in no workspace."""
    return Actor(
        workspace_id=PLATFORM,
        permissions=PLATFORM_PERMISSIONS if is_admin else PERSONAL_PERMISSIONS,
        role="admin" if is_admin else "user",
        user_id=user_id,
        session_id=session_id,
    )


def as_member(user_id: UserId, workspace_id: WorkspaceId, role: Role, *, session_id: SessionId | None = None) -> Actor:
    """A member acting in a workspace."""
    return Actor(
        workspace_id=workspace_id,
        permissions=PERMISSIONS[role],
        role=role.value,
        user_id=user_id,
        session_id=session_id,
    )
