"""Giving a member another role."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.ports import IdentityTx
from domain.identity.roles import Role, must_give
from domain.identity.workspaces import Membership, WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.errors import PreconditionFailed
from domain.shared.ids import UserId, WorkspaceId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class ChangeMember:
    """Give a member of the caller's workspace another role. It counts within a second."""

    transactions: Transactions[IdentityTx]
    recent: RecentAccess

    async def __call__(
        self,
        *,
        actor: Actor,
        workspace_id: WorkspaceId,
        user_id: UserId,
        role: Role | None,
        seen: int | None = None,
    ) -> Membership:
        """The membership after the change.

        Args:
            role: None keeps it.
            seen: the version the caller has seen; None changes any.

        Raises:
            WorkspaceNotFound: it is not the one the caller acts in.
            Forbidden: the caller may not decide about this member or this role.
            MemberNotFound: no such member.
            LastOwner: the only owner would become something else.
            PreconditionFailed: it was changed meanwhile.
        """
        if workspace_id != actor.workspace_id:
            raise WorkspaceNotFound("no such workspace")
        actor.must("members:manage")
        async with self.transactions.begin(actor.tenant) as tx:
            await tx.workspaces.get(actor.tenant)  # two owners leaving at once must see each other
            member = await tx.memberships.of_user(user_id)
            must_give(actor.role, member.role, role or member.role)
            if seen is not None and seen != member.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=member.version)
            if role is not None:
                member.become(role, owners=await tx.memberships.owners())
            if member.events:
                await tx.memberships.save(member)
        self.recent.forget_user(user_id)
        return member
