"""API keys."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from application.identity.create_api_key import CreateApiKey
from application.identity.queries import ApiKeyLine, ListApiKeys, ShowApiKey
from application.identity.revoke_api_key import RevokeApiKey
from domain.identity.api_keys import ApiKey, KeyText
from domain.identity.users import LONGEST_NAME
from domain.shared.access import Actor
from domain.shared.errors import Invalid
from domain.shared.ids import ApiKeyId, private_id, public_id
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, seen_version, tagged
from entrypoints.http.fields import (
    NOT_BLANK,
    At,
    CursorText,
    IfMatch,
    Limit,
    PageInfo,
    Version,
    at,
    at_or_none,
    id_meta,
)
from entrypoints.http.identity.fields import ApiKeyIdInPath
from entrypoints.http.once import OnlyOnce

Scope = Literal[
    "assistance:use",
    "conversations:read",
    "conversations:write",
    "events:read",
    "jobs:manage",
    "jobs:read",
    "keys:manage",
    "members:manage",
    "members:read",
    "operations:read",
    "sources:read",
    "sources:write",
    "workspace:manage",
    "workspace:read",
]
"""Every permission; a test holds it equal to `domain.identity.roles.ALL_PERMISSIONS`."""

KeyName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        description="What the key is for; not blank.",
        examples=["Website chat"],
        extra_json_schema=NOT_BLANK,
    ),
]


class ApiKeyBody(msgspec.Struct, frozen=True):
    """An API key, without its secret."""

    id: Annotated[str, id_meta("key", "The API key.")]
    name: KeyName
    hint: Annotated[
        str, Meta(description="The start and the end of the key, to recognise it.", examples=["ck_live_01jd3k…x9Qa"])
    ]
    scopes: Annotated[
        list[str], Meta(description="What it may do at most; never more than its maker.", examples=[["jobs:read"]])
    ]
    creator_id: Annotated[str, id_meta("usr", "Who made it.")]
    created_at: At
    expires_at: At | None
    revoked_at: At | None
    version: Version

    @classmethod
    def of(cls, key: ApiKey | ApiKeyLine) -> "ApiKeyBody":
        """The public form."""
        return cls(
            id=public_id("key", key.id),
            name=key.name,
            hint=key.hint,
            scopes=sorted(key.scopes),
            creator_id=public_id("usr", key.creator_id),
            created_at=at(key.created_at),
            expires_at=at_or_none(key.expires_at),
            revoked_at=at_or_none(key.revoked_at),
            version=key.version,
        )


class ApiKeyEnvelope(msgspec.Struct, frozen=True):
    """One API key."""

    data: ApiKeyBody


class ApiKeyList(msgspec.Struct, frozen=True):
    """A page of API keys."""

    data: list[ApiKeyBody]
    page: PageInfo


class CreatedApiKeyBody(ApiKeyBody, frozen=True):
    """A new API key and, this once, its text."""

    key: Annotated[
        str | None,
        Meta(
            description="The key itself; it is shown once and not kept, so a replayed answer has null here.",
            examples=["ck_live_01jd3kq0z8e4tb6x5w2v9r7m1n_..."],
        ),
    ]


class CreatedApiKeyEnvelope(msgspec.Struct, frozen=True):
    """A new API key."""

    data: CreatedApiKeyBody


class NewApiKey(msgspec.Struct, forbid_unknown_fields=True):
    """An API key to make."""

    name: KeyName
    scopes: Annotated[
        list[Scope],
        Meta(
            min_length=1,
            max_length=50,
            description="What it may do: some of what its maker may.",
            examples=[["conversations:read"]],
        ),
    ]
    expires_at: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(description="When it ends, exclusive; null for never.", examples=["2027-11-20T07:33:00.000Z"]),
    ] = None


class ApiKeyController(Controller):
    path = "/api-keys"
    tags = ("API keys",)

    @get(operation_id="api_keys_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        list_api_keys: NamedDependency[ListApiKeys],
        paging: NamedDependency[Paging],
        limit: Limit = 20,
        cursor: CursorText = None,
    ) -> ApiKeyList:
        """List the API keys, oldest first; withdrawn ones too."""
        page = await list_api_keys(actor=actor, after=paging.after(cursor), limit=limit)
        return ApiKeyList(data=[ApiKeyBody.of(line) for line in page.items], page=paging.info(page, limit))

    @post(operation_id="api_keys_create")
    async def create(
        self,
        actor: NamedDependency[Actor],
        create_api_key: NamedDependency[CreateApiKey],
        once: NamedDependency[OnlyOnce],
        data: JSONBody[NewApiKey],
    ) -> Response[CreatedApiKeyEnvelope]:
        """Make an API key for a machine.

        It acts in this workspace only, with `scopes`, and never with more than its maker may do at that moment. The
        key is in this answer and nowhere else.
        """
        ends = _moment(data.expires_at)
        made: list[tuple[ApiKey, KeyText]] = []

        async def act(create_api_key: CreateApiKey) -> Response[CreatedApiKeyEnvelope]:
            made.append(await create_api_key(actor=actor, name=data.name, scopes=data.scopes, expires_at=ends))
            return _answer(made[0][0], None)

        # What is kept for a retry has no secret in it; only this answer has.
        kept = await once(create_api_key, act)
        return _answer(made[0][0], made[0][1].text) if made else kept

    @get("/{api_key_id:str}", operation_id="api_keys_get")
    async def show(
        self,
        actor: NamedDependency[Actor],
        show_api_key: NamedDependency[ShowApiKey],
        api_key_id: ApiKeyIdInPath,
    ) -> Response[ApiKeyEnvelope]:
        """Show an API key."""
        key = await show_api_key(actor=actor, api_key_id=private_id("key", api_key_id))
        return tagged(ApiKeyEnvelope(data=ApiKeyBody.of(key)), key.version)

    @delete("/{api_key_id:str}", operation_id="api_keys_delete")
    async def remove(
        self,
        actor: NamedDependency[Actor],
        revoke_api_key: NamedDependency[RevokeApiKey],
        api_key_id: ApiKeyIdInPath,
        if_match: IfMatch = None,
    ) -> None:
        """Withdraw an API key.

        It is refused within a second, and stays in the list with `revoked_at`. A second time changes nothing.
        """
        wanted = ApiKeyId(private_id("key", api_key_id))
        await revoke_api_key(actor=actor, api_key_id=wanted, seen=seen_version(if_match))


def _answer(key: ApiKey, text: str | None) -> Response[CreatedApiKeyEnvelope]:
    body = CreatedApiKeyBody(**msgspec.structs.asdict(ApiKeyBody.of(key)), key=text)
    return created(CreatedApiKeyEnvelope(data=body), f"/api/v1/api-keys/{body.id}", version=key.version)


def _moment(sent: datetime | None) -> datetime | None:
    try:
        return None if sent is None else sent.astimezone(UTC)
    except OverflowError as error:
        raise Invalid.at("/expires_at", "is no time point of our calendar", code="out_of_range") from error
