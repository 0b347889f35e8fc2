"""Workspaces, members and API keys."""

from collections.abc import Iterable

from adapters.memory.repository import MemoryRepository
from domain.identity.api_keys import ApiKey, ApiKeyNotFound
from domain.identity.roles import Role
from domain.identity.users import User, email_key
from domain.identity.workspaces import AlreadyMember, MemberNotFound, Membership, Workspace, WorkspaceNotFound
from domain.shared.ids import UserId


class MemoryWorkspaces(MemoryRepository[Workspace]):
    """`Workspaces`."""

    table = "workspaces"
    missing = WorkspaceNotFound

    async def found(self, workspace: Workspace, owner: Membership, /) -> None:
        """See `Workspaces.found`."""
        await self.save(workspace)
        await MemoryMemberships(self._tx).save(owner)


class MemoryMemberships(MemoryRepository[Membership]):
    """`Members`."""

    table = "memberships"
    missing = MemberNotFound

    async def of_user(self, user_id: UserId, /) -> Membership:
        """See `Members.of_user`."""
        found = next((member for member in self.all() if member.user_id == user_id), None)
        if found is None:
            raise MemberNotFound("no such member")
        return await self.get(found.id)

    async def remove(self, member: Membership, /) -> None:
        """See `Members.remove`."""
        self._tx.record(list(member.events))
        member.events.clear()
        self._tx.write(self.table, member.id, None)

    async def owners(self) -> int:
        """See `Members.owners`."""
        return sum(member.role is Role.OWNER for member in self.all())

    async def account(self, email: str, /) -> UserId | None:
        """See `Members.account`."""
        users: Iterable[User] = self._tx.read("users").values()
        key = email_key(email)
        return next((user.id for user in users if user.email_key == key and not user.is_suspended), None)

    def check_unique(self, entity: Membership, /) -> None:
        """One membership a person and workspace."""
        rows: Iterable[Membership] = self._tx.read(self.table).values()
        same = (entity.workspace_id, entity.user_id)
        if any((row.workspace_id, row.user_id) == same and row.id != entity.id for row in rows):
            raise AlreadyMember("this person is a member already")


class MemoryApiKeys(MemoryRepository[ApiKey]):
    """`ApiKeys`."""

    table = "api_keys"
    missing = ApiKeyNotFound
