"""Leaving a workspace, and being asked to."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.ports import IdentityTx
from domain.identity.roles import must_give
from domain.identity.workspaces import WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import UserId, WorkspaceId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """End a membership of the caller's workspace; everybody may end their own. Its API keys stop working too."""

    transactions: Transactions[IdentityTx]
    recent: RecentAccess

    async def __call__(
        self, *, actor: Actor, workspace_id: WorkspaceId, user_id: UserId, seen: int | None = None
    ) -> None:
        """Remove the member.

        Args:
            seen: the version the caller has seen; None removes any.

        Raises:
            WorkspaceNotFound: it is not the one the caller acts in.
            Forbidden: the caller may not decide about this member.
            MemberNotFound: no such member.
            LastOwner: nobody could manage the workspace any more.
            PreconditionFailed: it was changed meanwhile.
        """
        if workspace_id != actor.workspace_id:
            raise WorkspaceNotFound("no such workspace")
        is_self = user_id == actor.user_id
        if not is_self:
            actor.must("members:manage")
        async with self.transactions.begin(actor.tenant) as tx:
            await tx.workspaces.get(actor.tenant)  # two owners leaving at once must see each other
            member = await tx.memberships.of_user(user_id)
            if not is_self:
                must_give(actor.role, member.role)
            if seen is not None and seen != member.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=member.version)
            member.leave(owners=await tx.memberships.owners())
            await tx.memberships.remove(member)
        self.recent.forget_user(user_id)
