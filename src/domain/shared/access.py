"""Who is asking, for whom, and what they may do."""

from dataclasses import dataclass, field

from domain.shared.errors import Forbidden
from domain.shared.ids import ApiKeyId, SessionId, UserId, WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A caller whose identity is proven, bound to one workspace.

    A person carries `user_id` (and `session_id`), a machine `api_key_id`. Permissions are names such as
    `conversations:write`; which role holds which is a table of the identity context.
    """

    workspace_id: WorkspaceId
    permissions: frozenset[str]
    role: str
    user_id: UserId | None = None
    session_id: SessionId | None = None
    api_key_id: ApiKeyId | None = None
    request_id: str | None = field(default=None, compare=False)

    @property
    def tenant(self) -> WorkspaceId:
        """The workspace that every transaction of this caller is confined to."""
        return self.workspace_id

    @property
    def caller(self) -> str:
        """A stable name of the person or machine, for idempotency scopes, cursors and records."""
        return f"key:{self.api_key_id}" if self.api_key_id else f"user:{self.user_id}"

    def may(self, permission: str) -> bool:
        """Whether the caller holds this permission in its workspace."""
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Go on only with this permission.

        Raises:
            Forbidden: the caller lacks it.
        """
        if permission not in self.permissions:
            raise Forbidden(f"this needs the permission {permission}", permission=permission)
