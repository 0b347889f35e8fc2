"""Who belongs to the workspace, for assignments."""

from typing import TYPE_CHECKING

from domain.shared.ids import UserId

if TYPE_CHECKING:
    from adapters.postgres.transaction import PostgresTransaction


class PostgresMembers:
    """`Members` from the identity context's memberships."""

    def __init__(self, transaction: "PostgresTransaction") -> None:
        self._tx = transaction

    async def include(self, user_id: UserId, /) -> bool:
        """See `domain.conversations.ports.Members.include`."""
        return bool(
            await self._tx.connection.fetchval(
                "SELECT EXISTS (SELECT FROM memberships WHERE workspace_id = $1 AND user_id = $2)",
                self._tx.tenant,
                user_id,
            )
        )
