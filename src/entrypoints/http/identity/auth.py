"""Registering, signing in, staying in, going out."""

from typing import Annotated, Literal

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from application.identity.grants import Grant
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.refresh import RefreshSession
from application.identity.register import Register
from domain.shared.access import Actor
from domain.shared.ids import public_id
from entrypoints.http.etags import created
from entrypoints.http.fields import At, at, id_meta
from entrypoints.http.identity.fields import Email, Password, PersonName


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody who wants an account."""

    email: Email
    password: Annotated[
        str,
        Meta(
            min_length=8,
            max_length=1024,
            description="At least 8 characters of any kind; refused if it is guessed at once. Never cut or trimmed.",
            examples=["a long walk by the harbour"],
            extra_json_schema={"format": "password"},
        ),
    ]
    display_name: PersonName | UnsetType = UNSET


class Registration(msgspec.Struct, frozen=True):
    """What was asked for; it does not say whether the address was known."""

    email: Email
    next: Annotated[
        Literal["log_in"], Meta(description="What to do now: `log_in` at `/auth/login`.", examples=["log_in"])
    ]


class RegistrationEnvelope(msgspec.Struct, frozen=True):
    """A registration."""

    data: Registration


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """What a person signs in with."""

    email: Email
    password: Password


class RefreshRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The newest refresh token of a session."""

    refresh_token: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            description="The refresh token of the last answer. It works once; for 10 seconds it repeats its answer.",
            examples=["rt_AZoAAAAAcACAAAAAAAAAAg"],
        ),
    ]


class Tokens(msgspec.Struct, frozen=True):
    """A session's tokens. Keep them secret; the refresh token is the more precious one."""

    token_type: Annotated[Literal["Bearer"], Meta(description="How to send the access token.", examples=["Bearer"])]
    access_token: Annotated[
        str,
        Meta(description="Send it as `Authorization: Bearer`. Good for 15 minutes.", examples=["eyJhbGciOi..."]),
    ]
    access_token_expires_at: At
    refresh_token: Annotated[
        str,
        Meta(description="Trade it for the next pair at `/auth/refresh`.", examples=["rt_AZoAAAAAcACAAAAAAAAAAg"]),
    ]
    refresh_token_expires_at: At
    user_id: Annotated[str, id_meta("usr", "Who signed in.")]

    @classmethod
    def of(cls, grant: Grant) -> "Tokens":
        """The public form of a grant."""
        return cls(
            token_type="Bearer",  # noqa: S106 - a scheme, no secret
            access_token=grant.access_token,
            access_token_expires_at=at(grant.access_expires_at),
            refresh_token=grant.refresh_token,
            refresh_token_expires_at=at(grant.refresh_expires_at),
            user_id=public_id("usr", grant.user_id),
        )


class TokensEnvelope(msgspec.Struct, frozen=True):
    """Tokens of a session."""

    data: Tokens


class AuthController(Controller):
    path = "/auth"
    tags = ("Authentication",)

    @post("/register", operation_id="auth_register", opt={"problems": ("service_unavailable",)})
    async def register(
        self, register: NamedDependency[Register], data: JSONBody[NewAccount]
    ) -> Response[RegistrationEnvelope]:
        """Register with an e-mail address.

        The answer is the same whether the address was known or not; the owner of a known one keeps the account as it
        is. Sign in with `POST /auth/login` next.
        """
        name = None if data.display_name is UNSET else data.display_name
        await register(email=data.email, password=data.password, display_name=name)
        return created(RegistrationEnvelope(data=Registration(email=data.email, next="log_in")), "/api/v1/users/me")

    @post(
        "/login",
        operation_id="auth_login",
        status_code=200,
        opt={"problems": ("invalid_credentials", "account_suspended", "service_unavailable")},
    )
    async def log_in(self, log_in: NamedDependency[LogIn], data: JSONBody[Credentials]) -> TokensEnvelope:
        """Sign in with address and password.

        Opens a session of 30 days. An unknown address and a wrong password are one answer.
        """
        return TokensEnvelope(data=Tokens.of(await log_in(email=data.email, password=data.password)))

    @post(
        "/refresh",
        operation_id="auth_refresh",
        status_code=200,
        opt={"problems": ("invalid_credentials", "token_expired", "token_revoked")},
    )
    async def refresh(
        self, refresh_session: NamedDependency[RefreshSession], data: JSONBody[RefreshRequest]
    ) -> TokensEnvelope:
        """Trade a refresh token for the next pair.

        Parallel calls and a retry within 10 seconds get the same refresh token. Any older token ends the session.
        """
        return TokensEnvelope(data=Tokens.of(await refresh_session(refresh_token=data.refresh_token)))

    @post("/logout", operation_id="auth_logout", status_code=204, opt={"retry": "none"})
    async def log_out(self, actor: NamedDependency[Actor], log_out: NamedDependency[LogOut]) -> None:
        """End the session of the access token.

        Its tokens are refused within a second. A second time changes nothing, so no key is needed for a retry.
        """
        await log_out(actor=actor)
