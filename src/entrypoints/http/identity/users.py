"""The own account."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from application.identity.queries import AccountView, ShowAccount
from application.identity.rename_user import RenameUser
from domain.identity.users import User
from domain.shared.access import Actor
from domain.shared.ids import public_id
from entrypoints.http.etags import seen_version, tagged
from entrypoints.http.fields import At, IfMatch, Version, at, id_meta
from entrypoints.http.identity.fields import Email, PersonName
from entrypoints.http.once import OnlyOnce


class AccountBody(msgspec.Struct, frozen=True):
    """An account, as its owner sees it."""

    id: Annotated[str, id_meta("usr", "The person.")]
    email: Email
    display_name: PersonName
    is_admin: Annotated[bool, Meta(description="Administers this installation.", examples=[False])]
    created_at: At
    version: Version

    @classmethod
    def of(cls, account: AccountView | User) -> "AccountBody":
        """The public form."""
        return cls(
            id=public_id("usr", account.id),
            email=account.email,
            display_name=account.display_name,
            is_admin=account.is_admin,
            created_at=at(account.created_at),
            version=account.version,
        )


class AccountEnvelope(msgspec.Struct, frozen=True):
    """One account."""

    data: AccountBody


class AccountChanges(msgspec.Struct, forbid_unknown_fields=True):
    """A merge patch: what is absent stays."""

    display_name: PersonName | UnsetType = UNSET


class UserController(Controller):
    path = "/users"
    tags = ("Users",)

    @get("/me", operation_id="users_me_get")
    async def show(
        self, actor: NamedDependency[Actor], show_account: NamedDependency[ShowAccount]
    ) -> Response[AccountEnvelope]:
        """Show the own account."""
        account = await show_account(actor=actor)
        return tagged(AccountEnvelope(data=AccountBody.of(account)), account.version)

    @patch("/me", operation_id="users_me_update")
    async def update(
        self,
        actor: NamedDependency[Actor],
        rename_user: NamedDependency[RenameUser],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[AccountChanges],
        if_match: IfMatch = None,
    ) -> Response[AccountEnvelope]:
        """Change the own account."""
        seen = seen_version(if_match)
        name = None if data.display_name is UNSET else data.display_name

        async def act(rename_user: RenameUser) -> Response[AccountEnvelope]:
            user = await rename_user(actor=actor, display_name=name, seen=seen)
            return tagged(AccountEnvelope(data=AccountBody.of(user)), user.version)

        return await once(rename_user, act)
