"""What tests of the identity context share: a clock to turn, cheap passwords, and ready-made people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.crypto.access_tokens import Ed25519AccessTokens
from adapters.crypto.refresh_tokens import ChainedRefreshTokens
from adapters.memory.database import MemoryDatabase
from adapters.memory.identity import MemoryAccessFacts, MemoryIdentityQueries
from adapters.system import SystemChance, TimeOrderedIds
from application.identity.access import AccessFacts
from application.identity.actors import as_member, as_person
from application.identity.authenticate import Authenticate
from application.identity.create_api_key import CreateApiKey
from application.identity.found_workspace import FoundWorkspace
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.queries import IdentityQueries
from application.identity.recent import RecentAccess
from application.identity.refresh import RefreshSession
from application.identity.register import CreateAccount, Register
from domain.identity.ports import IdentityTx
from domain.identity.roles import Role
from domain.identity.users import User
from domain.identity.workspaces import Membership
from domain.shared.access import Actor
from domain.shared.ids import UserId, WorkspaceId
from domain.shared.ports import Chance, Ids, Transactions

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"
SEED = bytes(range(32))
ISSUER, AUDIENCE = "https://usher.test", "https://usher.test/api/v1"


@dataclass
class TurnableClock:
    """`Clock` that stands still until it is turned."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class PlainPasswords:
    """`PasswordHasher` that hashes nothing, and notes whom it was asked about."""

    asked: list[str | None] = field(default_factory=list[str | None])
    outdated: Sequence[str] = ()

    async def hash(self, password: str, /) -> str:
        return f"plain:{password}"

    async def verify(self, password: str, stored: str | None, /) -> bool:
        self.asked.append(stored)
        return stored is not None and stored.removeprefix("old-") == f"plain:{password}"

    def is_outdated(self, stored: str, /) -> bool:
        return stored.startswith("old-")


@dataclass
class CountedFacts:
    """`AccessFacts` that counts the look-ups."""

    facts: AccessFacts
    count: int = 0

    async def of_session(self, id: Any, /) -> Any:
        self.count += 1
        return await self.facts.of_session(id)

    async def of_api_key(self, id: Any, /) -> Any:
        self.count += 1
        return await self.facts.of_api_key(id)


def who(actor: Actor) -> UserId:
    """The person who acts."""
    assert actor.user_id is not None
    return actor.user_id


@dataclass(kw_only=True)
class Desk:
    """The identity context, wired over some transactions; hashing is a fake unless told otherwise."""

    transactions: Transactions[IdentityTx]
    facts: AccessFacts
    queries: IdentityQueries
    clock: TurnableClock
    passwords: Any = field(default_factory=PlainPasswords)
    ids: Ids = field(default_factory=TimeOrderedIds)
    chance: Chance = field(default_factory=SystemChance)
    recent: RecentAccess = field(default_factory=RecentAccess)

    def __post_init__(self) -> None:
        self.tokens = Ed25519AccessTokens(SEED, issuer=ISSUER, audience=AUDIENCE, chance=self.chance)
        self.chains = ChainedRefreshTokens(b"s" * 32, self.chance)
        tx, clock, ids = self.transactions, self.clock, self.ids
        self.register = Register(tx, self.passwords, clock, ids)
        self.create_account = CreateAccount(tx, self.passwords, clock, ids)
        self.log_in = LogIn(tx, self.passwords, self.tokens, self.chains, clock, ids)
        self.refresh = RefreshSession(tx, self.tokens, self.chains, clock, self.recent)
        self.log_out = LogOut(tx, clock, self.recent)
        self.found = FoundWorkspace(tx, clock, ids, self.recent)
        self.create_key = CreateApiKey(tx, clock, ids, self.chance)
        self.authenticate = Authenticate(self.tokens, self.facts, clock, self.recent)

    def email(self, name: str) -> str:
        """An address nobody else has: contract tests share a database."""
        return f"{name}.{self.ids.new().hex}@example.test"

    async def a_user(self, name: str = "ada", **known: Any) -> User:
        email = known.pop("email", None) or self.email(name)
        return await self.create_account(email=email, password=PASSWORD, display_name=name, **known)

    async def a_workspace(self, owner: User | None = None, name: str = "Harbour Cars") -> Actor:
        """A new workspace, as its owner."""
        owner = owner or await self.a_user()
        workspace = await self.found(actor=as_person(owner.id), name=name)
        return as_member(owner.id, workspace.id, Role.OWNER)

    async def a_member(self, workspace_id: WorkspaceId, role: Role, user: User | None = None) -> Actor:
        """Somebody else in the workspace."""
        user = user or await self.a_user(role.value)
        async with self.transactions.begin(workspace_id) as tx:
            await tx.memberships.save(
                Membership.add(
                    id=self.ids.new(),
                    workspace_id=workspace_id,
                    user_id=user.id,
                    role=role,
                    now=self.clock.now(),
                )
            )
        return as_member(user.id, workspace_id, role)

    async def suspend(self, user_id: UserId) -> None:
        """What an administrator will do one day."""
        async with self.transactions.begin(as_person(user_id).tenant) as tx:
            user = await tx.users.get(user_id)
            user.suspended_at = self.clock.now()
            await tx.users.save(user)


def a_desk(clock: TurnableClock | None = None, **known: Any) -> Desk:
    """The identity context in memory."""
    clock = clock or TurnableClock()
    database = MemoryDatabase(clock, TimeOrderedIds())
    return Desk(
        transactions=database,
        facts=MemoryAccessFacts(database),
        queries=MemoryIdentityQueries(database),
        clock=clock,
        **known,
    )
