"""The identity context over HTTP: signing in, the own account, workspaces, members, API keys."""

from entrypoints.http.identity.api_keys import ApiKeyController
from entrypoints.http.identity.auth import AuthController
from entrypoints.http.identity.members import MemberController
from entrypoints.http.identity.users import UserController
from entrypoints.http.identity.workspaces import WorkspaceController

__all__ = ["ApiKeyController", "AuthController", "MemberController", "UserController", "WorkspaceController"]
