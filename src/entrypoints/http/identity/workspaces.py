"""Workspaces."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from application.identity.found_workspace import FoundWorkspace
from application.identity.queries import ListWorkspaces, ShowWorkspace, WorkspaceLine
from application.identity.rename_workspace import RenameWorkspace
from domain.identity.roles import Role
from domain.identity.workspaces import Workspace
from domain.shared.access import Actor
from domain.shared.ids import WorkspaceId, private_id, public_id
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import At, CursorText, IfMatch, Limit, PageInfo, Version, at, id_meta
from entrypoints.http.identity.fields import MemberRole, WorkspaceIdInPath, WorkspaceName
from entrypoints.http.once import OnlyOnce


class WorkspaceBody(msgspec.Struct, frozen=True):
    """A workspace: a business, and the wall around all that is its own."""

    id: Annotated[str, id_meta("wsp", "The workspace.")]
    name: WorkspaceName
    created_at: At
    version: Version

    @classmethod
    def of(cls, workspace: Workspace | WorkspaceLine) -> "WorkspaceBody":
        """The public form."""
        return cls(
            id=public_id("wsp", workspace.id),
            name=workspace.name,
            created_at=at(workspace.created_at),
            version=workspace.version,
        )


class OwnWorkspaceBody(msgspec.Struct, frozen=True):
    """A workspace of the caller's, and what the caller is there."""

    id: Annotated[str, id_meta("wsp", "The workspace; send it as `Usher-Workspace`.")]
    name: WorkspaceName
    role: MemberRole
    created_at: At
    version: Version

    @classmethod
    def of(cls, line: WorkspaceLine) -> "OwnWorkspaceBody":
        """The public form."""
        return cls(
            id=public_id("wsp", line.id),
            name=line.name,
            role=Role(line.role),
            created_at=at(line.created_at),
            version=line.version,
        )


class WorkspaceEnvelope(msgspec.Struct, frozen=True):
    """One workspace."""

    data: WorkspaceBody


class OwnWorkspaceList(msgspec.Struct, frozen=True):
    """A page of the caller's workspaces."""

    data: list[OwnWorkspaceBody]
    page: PageInfo


class NewWorkspace(msgspec.Struct, forbid_unknown_fields=True):
    """A workspace to found."""

    name: WorkspaceName


class WorkspaceChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: what is absent stays."""

    name: WorkspaceName | UnsetType = UNSET


class WorkspaceController(Controller):
    path = "/workspaces"
    tags = ("Workspaces",)

    @get(operation_id="workspaces_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        list_workspaces: NamedDependency[ListWorkspaces],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
    ) -> OwnWorkspaceList:
        """List the caller's workspaces, oldest first."""
        page = await list_workspaces(actor=actor, after=paging.after(cursor), limit=limit)
        return OwnWorkspaceList(data=[OwnWorkspaceBody.of(line) for line in page.items], page=paging.info(page, limit))

    @post(operation_id="workspaces_create")
    async def create(
        self,
        actor: NamedDependency[Actor],
        found_workspace: NamedDependency[FoundWorkspace],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[NewWorkspace],
    ) -> Response[WorkspaceEnvelope]:
        """Found a workspace and own it."""

        async def act(found_workspace: FoundWorkspace) -> Response[WorkspaceEnvelope]:
            workspace = await found_workspace(actor=actor, name=data.name)
            body = WorkspaceBody.of(workspace)
            location = f"/api/v1/workspaces/{body.id}"
            return created(WorkspaceEnvelope(data=body), location, version=workspace.version)

        return await once(found_workspace, act)

    @get("/{workspace_id:str}", operation_id="workspaces_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        show_workspace: NamedDependency[ShowWorkspace],
        workspace_id: WorkspaceIdInPath,
    ) -> Response[WorkspaceEnvelope]:
        """Show a workspace of the caller's."""
        wanted = WorkspaceId(private_id("wsp", workspace_id))
        workspace = await show_workspace(actor=actor, workspace_id=wanted)
        return tagged(WorkspaceEnvelope(data=WorkspaceBody.of(workspace)), workspace.version)

    @patch("/{workspace_id:str}", operation_id="workspaces_update")
    async def update(
        self,
        actor: NamedDependency[Actor],
        rename_workspace: NamedDependency[RenameWorkspace],
        once: NamedDependency[OnlyOnce],
        workspace_id: WorkspaceIdInPath,
        data: JSONBody[WorkspaceChanges],
        if_match: IfMatch = None,
    ) -> Response[WorkspaceEnvelope]:
        """Change a workspace."""
        wanted = WorkspaceId(private_id("wsp", workspace_id))
        seen = seen_version(if_match)
        name = None if data.name is UNSET else data.name

        async def act(rename_workspace: RenameWorkspace) -> Response[WorkspaceEnvelope]:
            workspace = await rename_workspace(actor=actor, workspace_id=wanted, name=name, seen=seen)
            return tagged(WorkspaceEnvelope(data=WorkspaceBody.of(workspace)), workspace.version)

        return await once(rename_workspace, act)
