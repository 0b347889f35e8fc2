"""Letting somebody into a workspace."""

from dataclasses import dataclass

from application.identity.recent import RecentAccess
from domain.identity.ports import IdentityTx
from domain.identity.roles import Role, must_give
from domain.identity.users import problems_of_email
from domain.identity.workspaces import Membership, WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.errors import Invalid
from domain.shared.ids import WorkspaceId
from domain.shared.ports import Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class AddMember:
    """Make an existing account a member of the caller's workspace."""

    transactions: Transactions[IdentityTx]
    clock: Clock
    ids: Ids
    recent: RecentAccess

    async def __call__(
        self, *, actor: Actor, workspace_id: WorkspaceId, email: str, role: Role = Role.STAFF
    ) -> Membership:
        """The new membership.

        Raises:
            WorkspaceNotFound: it is not the one the caller acts in.
            Forbidden: the caller may not let people in, or not as this role.
            Invalid: nobody with this address can be let in: no account, or a suspended one (decision 12).
            AlreadyExists: they are a member already.
        """
        if workspace_id != actor.workspace_id:
            raise WorkspaceNotFound("no such workspace")
        actor.must("members:manage")
        must_give(actor.role, role)
        if problems := problems_of_email(email):
            raise Invalid(problems)
        async with self.transactions.begin(actor.tenant) as tx:
            user_id = await tx.memberships.account(email)
            if user_id is None:
                raise Invalid.at("/email", "must be the address of an account", code="cannot_be_added")
            member = Membership.add(
                id=self.ids.new(),
                workspace_id=actor.tenant,
                user_id=user_id,
                role=role,
                now=self.clock.now(),
            )
            await tx.memberships.save(member)
        self.recent.forget_user(user_id)
        return member
