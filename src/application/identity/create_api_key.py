"""Making an API key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.identity.api_keys import SECRET_BYTES, ApiKey, KeyText
from domain.identity.ports import IdentityTx
from domain.identity.roles import ALL_PERMISSIONS
from domain.identity.users import problems_of_name
from domain.shared.access import Actor
from domain.shared.errors import FieldProblem, Forbidden, Invalid
from domain.shared.ids import ApiKeyId
from domain.shared.ports import Chance, Clock, Ids, Transactions


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Give a machine access to the caller's workspace, with some of the caller's permissions."""

    transactions: Transactions[IdentityTx]
    clock: Clock
    ids: Ids
    chance: Chance

    async def __call__(
        self, *, actor: Actor, name: str, scopes: Collection[str], expires_at: datetime | None = None
    ) -> tuple[ApiKey, KeyText]:
        """The key's record, and its text, which is not kept anywhere.

        Args:
            expires_at: UTC, exclusive; None for never.

        Raises:
            Forbidden: the caller may not make keys, is a machine, or lacks one of the scopes.
            Invalid: a blank name, no or unknown scopes, or an end in the past.
        """
        actor.must("keys:manage")
        if actor.user_id is None:
            raise Forbidden("only a person can make an API key", permission="keys:manage")
        now = self.clock.now()
        if problems := _problems(name, scopes, expires_at, now):
            raise Invalid(problems)
        for scope in scopes:
            actor.must(scope)
        text = KeyText.make(ApiKeyId(self.ids.new()), self.chance.token(SECRET_BYTES))
        key = ApiKey.create(
            text,
            workspace_id=actor.tenant,
            creator_id=actor.user_id,
            name=name,
            scopes=frozenset(scopes),
            now=now,
            expires_at=expires_at,
        )
        async with self.transactions.begin(actor.tenant) as tx:
            await tx.api_keys.save(key)
        return key, text


def _problems(name: str, scopes: Collection[str], expires_at: datetime | None, now: datetime) -> list[FieldProblem]:
    problems = problems_of_name(name, pointer="/name")
    if not scopes:
        problems.append(FieldProblem(pointer="/scopes", code="too_few", message="must name at least one"))
    problems += [
        FieldProblem(pointer=f"/scopes/{index}", code="unknown_value", message="is not a permission")
        for index, scope in enumerate(scopes)
        if scope not in ALL_PERMISSIONS
    ]
    if expires_at is not None and expires_at <= now:
        problems.append(FieldProblem(pointer="/expires_at", code="out_of_range", message="must be later than now"))
    return problems
