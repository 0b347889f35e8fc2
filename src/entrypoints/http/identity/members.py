"""The members of a workspace."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, UnsetType

from application.identity.add_member import AddMember
from application.identity.change_member import ChangeMember
from application.identity.queries import ListMembers, MemberLine, ShowMember
from application.identity.remove_member import RemoveMember
from domain.identity.roles import Role
from domain.identity.workspaces import Membership
from domain.shared.access import Actor
from domain.shared.ids import UserId, WorkspaceId, private_id, public_id
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import At, CursorText, IfMatch, Limit, PageInfo, Version, at, id_meta
from entrypoints.http.identity.fields import Email, MemberRole, PersonName, UserIdInPath, WorkspaceIdInPath
from entrypoints.http.once import OnlyOnce


class MembershipBody(msgspec.Struct, frozen=True):
    """A person's place in a workspace."""

    user_id: Annotated[str, id_meta("usr", "The person.")]
    role: MemberRole
    created_at: At
    version: Version

    @classmethod
    def of(cls, member: Membership | MemberLine) -> "MembershipBody":
        """The public form."""
        return cls(
            user_id=public_id("usr", member.user_id),
            role=Role(member.role),
            created_at=at(member.created_at),
            version=member.version,
        )


class MemberBody(msgspec.Struct, frozen=True):
    """A member, and how the person is shown."""

    user_id: Annotated[str, id_meta("usr", "The person.")]
    email: Email
    display_name: PersonName
    role: MemberRole
    created_at: At
    version: Version

    @classmethod
    def of(cls, line: MemberLine) -> "MemberBody":
        """The public form."""
        return cls(
            user_id=public_id("usr", line.user_id),
            email=line.email,
            display_name=line.display_name,
            role=Role(line.role),
            created_at=at(line.created_at),
            version=line.version,
        )


class MembershipEnvelope(msgspec.Struct, frozen=True):
    """One membership."""

    data: MembershipBody


class MemberList(msgspec.Struct, frozen=True):
    """A page of members."""

    data: list[MemberBody]
    page: PageInfo


class NewMember(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody to let in. The address must have an account."""

    email: Email
    role: MemberRole = Role.STAFF


class MemberChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: what is absent stays."""

    role: MemberRole | UnsetType = UNSET


class MemberController(Controller):
    path = "/workspaces/{workspace_id:str}/members"
    tags = ("Members",)

    @get(operation_id="members_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        list_members: NamedDependency[ListMembers],
        paging: NamedDependency[Paging],
        workspace_id: WorkspaceIdInPath,
        limit: Limit = 20,
        cursor: CursorText = None,
    ) -> MemberList:
        """List the members, oldest first."""
        page = await list_members(
            actor=actor, workspace_id=_workspace(workspace_id), after=paging.after(cursor), limit=limit
        )
        return MemberList(data=[MemberBody.of(line) for line in page.items], page=paging.info(page, limit))

    @post(operation_id="members_create", opt={"problems": ("already_exists",)})
    async def create(
        self,
        actor: NamedDependency[Actor],
        add_member: NamedDependency[AddMember],
        once: NamedDependency[OnlyOnce],
        workspace_id: WorkspaceIdInPath,
        data: JSONBody[NewMember],
    ) -> Response[MembershipEnvelope]:
        """Let somebody in.

        Needs an account with this address: without one, or with a suspended one, `/email` is `cannot_be_added`.
        """

        async def act(add_member: AddMember) -> Response[MembershipEnvelope]:
            member = await add_member(
                actor=actor, workspace_id=_workspace(workspace_id), email=data.email, role=data.role
            )
            body = MembershipBody.of(member)
            location = f"/api/v1/workspaces/{workspace_id}/members/{body.user_id}"
            return created(MembershipEnvelope(data=body), location, version=member.version)

        return await once(add_member, act)

    @get("/{user_id:str}", operation_id="members_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        show_member: NamedDependency[ShowMember],
        workspace_id: WorkspaceIdInPath,
        user_id: UserIdInPath,
    ) -> Response[MembershipEnvelope]:
        """Show a membership."""
        member = await show_member(actor=actor, workspace_id=_workspace(workspace_id), user_id=_user(user_id))
        return tagged(MembershipEnvelope(data=MembershipBody.of(member)), member.version)

    @patch("/{user_id:str}", operation_id="members_update", opt={"problems": ("invalid_state",)})
    async def update(
        self,
        actor: NamedDependency[Actor],
        change_member: NamedDependency[ChangeMember],
        once: NamedDependency[OnlyOnce],
        workspace_id: WorkspaceIdInPath,
        user_id: UserIdInPath,
        data: JSONBody[MemberChanges],
        if_match: IfMatch = None,
    ) -> Response[MembershipEnvelope]:
        """Give a member another role.

        Counts within a second. A workspace keeps at least one owner.
        """
        seen = seen_version(if_match)

        async def act(change_member: ChangeMember) -> Response[MembershipEnvelope]:
            member = await change_member(
                actor=actor,
                workspace_id=_workspace(workspace_id),
                user_id=_user(user_id),
                role=None if data.role is UNSET else data.role,
                seen=seen,
            )
            return tagged(MembershipEnvelope(data=MembershipBody.of(member)), member.version)

        return await once(change_member, act)

    @delete("/{user_id:str}", operation_id="members_delete", opt={"problems": ("invalid_state",)})
    async def remove(
        self,
        actor: NamedDependency[Actor],
        remove_member: NamedDependency[RemoveMember],
        workspace_id: WorkspaceIdInPath,
        user_id: UserIdInPath,
        if_match: IfMatch = None,
    ) -> None:
        """End a membership; everybody may end their own.

        Counts within a second, for the person's API keys too. The last owner cannot leave.
        """
        await remove_member(
            actor=actor,
            workspace_id=_workspace(workspace_id),
            user_id=_user(user_id),
            seen=seen_version(if_match),
        )


def _workspace(text: str) -> WorkspaceId:
    return WorkspaceId(private_id("wsp", text))


def _user(text: str) -> UserId:
    return UserId(private_id("usr", text))
