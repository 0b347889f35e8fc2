"""Founding a workspace."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.ports import IdentityTx
from domain.identity.roles import Role
from domain.identity.users import problems_of_name
from domain.identity.workspaces import Membership, Workspace
from domain.shared.access import Actor
from domain.shared.errors import Forbidden, Invalid
from domain.shared.ids import PLATFORM, WorkspaceId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class FoundWorkspace:
    """Make a workspace whose owner is the caller."""

    transactions: Transactions[IdentityTx]
    clock: Clock
    ids: Ids
    recent: RecentAccess

    async def __call__(self, *, actor: Actor, name: str) -> Workspace:
        """The new workspace.

        Raises:
            Forbidden: an API key asks.
            Invalid: the name will not do.
        """
        actor.must("workspaces:create")
        if actor.user_id is None:
            raise Forbidden("only a person can own a workspace", permission="workspaces:create")
        if problems := problems_of_name(name, pointer="/name"):
            raise Invalid(problems)
        now = self.clock.now()
        id = WorkspaceId(self.ids.new())
        workspace = Workspace.found(id=id, name=name, owner_id=actor.user_id, now=now)
        owner = Membership(id=self.ids.new(), workspace_id=id, user_id=actor.user_id, role=Role.OWNER, created_at=now)
        async with self.transactions.begin(PLATFORM) as tx:
            await tx.workspaces.found(workspace, owner)
        self.recent.forget_user(actor.user_id)
        return workspace
