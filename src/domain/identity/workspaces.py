"""Workspaces and their members."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.identity.roles import Role
from domain.shared.errors import AlreadyExists, InvalidState, NotFound
from domain.shared.events import Event
from domain.shared.ids import UserId, WorkspaceId


class WorkspaceNotFound(NotFound): ...


class MemberNotFound(NotFound): ...


class AlreadyMember(AlreadyExists): ...


class LastOwner(InvalidState):
    """A workspace without an owner could never be managed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceEvent(Event):
    workspace_id: UUID

    @property
    def subject(self) -> tuple[str, UUID]:
        return "wsp", self.workspace_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFounded(WorkspaceEvent):
    """A new workspace; stands in the platform's feed."""

    name: ClassVar[str] = "workspace.founded"
    owner_id: UUID


class WorkspaceRenamed(WorkspaceEvent):
    name: ClassVar[str] = "workspace.renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEvent(Event):
    user_id: UUID
    role: str

    @property
    def subject(self) -> tuple[str, UUID]:
        return "usr", self.user_id


class MemberAdded(MemberEvent):
    name: ClassVar[str] = "member.added"


class MemberRoleChanged(MemberEvent):
    name: ClassVar[str] = "member.role_changed"


class MemberRemoved(MemberEvent):
    name: ClassVar[str] = "member.removed"


@dataclass(slots=True, kw_only=True, eq=False)
class Workspace:
    """A business: the wall around everything that belongs to it."""

    id: WorkspaceId
    name: str
    created_at: datetime
    version: int = 0
    events: list[WorkspaceEvent] = field(default_factory=list[WorkspaceEvent], repr=False)

    @property
    def workspace_id(self) -> WorkspaceId:
        """Its own tenant."""
        return self.id

    @classmethod
    def found(cls, *, id: WorkspaceId, name: str, owner_id: UserId, now: datetime) -> "Workspace":
        """A new workspace of this owner."""
        workspace = cls(id=id, name=name, created_at=now)
        workspace.events.append(WorkspaceFounded(workspace_id=id, owner_id=owner_id))
        return workspace

    def rename(self, name: str) -> None:
        """Show another name from now on; the same name again changes nothing."""
        if name != self.name:
            self.name = name
            self.events.append(WorkspaceRenamed(workspace_id=self.id))


@dataclass(slots=True, kw_only=True, eq=False)
class Membership:
    """A person's place in a workspace."""

    id: UUID
    workspace_id: WorkspaceId
    user_id: UserId
    role: Role
    created_at: datetime
    version: int = 0
    events: list[MemberEvent] = field(default_factory=list[MemberEvent], repr=False)

    @classmethod
    def add(cls, *, id: UUID, workspace_id: WorkspaceId, user_id: UserId, role: Role, now: datetime) -> "Membership":
        """A new member."""
        member = cls(id=id, workspace_id=workspace_id, user_id=user_id, role=role, created_at=now)
        member.events.append(MemberAdded(user_id=user_id, role=role))
        return member

    def become(self, role: Role, *, owners: int) -> None:
        """Take another role.

        Args:
            owners: how many owners the workspace has now, counted under a lock.

        Raises:
            LastOwner: nobody else could take over.
        """
        if role is self.role:
            return
        self._must_not_be_last(owners)
        self.role = role
        self.events.append(MemberRoleChanged(user_id=self.user_id, role=role))

    def leave(self, *, owners: int) -> None:
        """Belong to the workspace no longer; delete it then.

        Raises:
            LastOwner: nobody else could take over.
        """
        self._must_not_be_last(owners)
        self.events.append(MemberRemoved(user_id=self.user_id, role=self.role))

    def _must_not_be_last(self, owners: int) -> None:
        if self.role is Role.OWNER and owners <= 1:
            raise LastOwner("a workspace keeps at least one owner", current=Role.OWNER.value)
