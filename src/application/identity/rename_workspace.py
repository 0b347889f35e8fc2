"""Changing a workspace."""

from dataclasses import dataclass

from domain.identity.ports import IdentityTx
from domain.identity.users import problems_of_name
from domain.identity.workspaces import Workspace, WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.errors import Invalid, PreconditionFailed
from domain.shared.ids import WorkspaceId
from domain.shared.ports import Transactions


@dataclass(frozen=True, slots=True)
class RenameWorkspace:
    """Show another name for the caller's workspace."""

    transactions: Transactions[IdentityTx]

    async def __call__(
        self, *, actor: Actor, workspace_id: WorkspaceId, name: str | None, seen: int | None = None
    ) -> Workspace:
        """The workspace after the change.

        Args:
            name: None keeps it.
            seen: the version the caller has seen; None changes any.

        Raises:
            WorkspaceNotFound: it is not the one the caller acts in.
            Forbidden: the caller may not manage it.
            Invalid: the name will not do.
            PreconditionFailed: it was changed meanwhile.
        """
        if workspace_id != actor.workspace_id:
            raise WorkspaceNotFound("no such workspace")
        actor.must("workspace:manage")
        if name is not None and (problems := problems_of_name(name, pointer="/name")):
            raise Invalid(problems)
        async with self.transactions.begin(actor.tenant) as tx:
            workspace = await tx.workspaces.get(workspace_id)
            if seen is not None and seen != workspace.version:
                raise PreconditionFailed("it was changed meanwhile", current_version=workspace.version)
            if name is not None:
                workspace.rename(name)
            if workspace.events:
                await tx.workspaces.save(workspace)
            return workspace
