"""What the identity context needs of the outside."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.identity.api_keys import ApiKey
from domain.identity.sessions import AccessClaims, RefreshToken, Session, SessionEnd
from domain.identity.users import User
from domain.identity.workspaces import Membership, Workspace
from domain.shared.events import Event
from domain.shared.ids import SessionId, UserId


class PasswordHasher(Protocol):
    """A slow hash, computed beside the event loop by few threads with a bounded queue."""

    async def hash(self, password: str, /) -> str:
        """A salted hash to store.

        Raises:
            ProviderUnavailable: the queue is full; come back.
        """
        ...

    async def verify(self, password: str, stored: str | None, /) -> bool:
        """Whether the stored hash is that of the password. None (nobody has this address) takes as long, and is False.

        Raises:
            ProviderUnavailable: the queue is full; come back.
        """
        ...

    def is_outdated(self, stored: str, /) -> bool:
        """Whether the hash was made with other parameters than today's."""
        ...


class AccessTokens(Protocol):
    """Short-lived proofs of a session, signed so that no process has to ask another."""

    def issue(self, claims: AccessClaims, /, *, now: datetime) -> str:
        """The token."""
        ...

    def verify(self, token: str, /, *, now: datetime) -> AccessClaims:
        """What a token of ours says.

        Raises:
            InvalidCredentials: it is not ours, or not an access token for us.
            TokenExpired: it was good once.
        """
        ...


class RefreshTokens(Protocol):
    """Unguessable chains: each token has one successor, which only the holder of the server's secret can tell."""

    def first(self, session_id: SessionId, /) -> RefreshToken:
        """The first token of a new session: 256 random bits."""
        ...

    def successor(self, token: RefreshToken, /) -> RefreshToken:
        """The token after this one; always the same."""
        ...

    def read(self, text: str, /) -> RefreshToken:
        """The token in this text, proven to have been issued here, whether it still counts or not.

        Raises:
            InvalidCredentials: it is none, or a forged one.
        """
        ...


class Users(Protocol):
    """All accounts. Only transactions of `PLATFORM` see them."""

    async def get(self, id: UserId, /) -> User:
        """Load one and lock it until the transaction ends.

        Raises:
            UserNotFound: none with this id.
        """
        ...

    async def save(self, user: User, /) -> None:
        """Update it, and hand its events to the feed."""
        ...

    async def register(self, user: User, password_hash: str, /) -> UserId:
        """Insert the account, with its events, unless its address is taken; then nothing changes.

        Returns whose address it is now: the user's own id, or that of the earlier account.
        """
        ...

    async def by_email(self, email: str, /) -> tuple[User, str] | None:
        """The account with this address and its password's hash; not locked."""
        ...

    async def change_hash(self, id: UserId, fresh: str, /, *, replacing: str) -> bool:
        """Store another hash, unless the present one is no longer `replacing`."""
        ...


class Sessions(Protocol):
    """Logins, each with the digests of its newest refresh token and of that token's predecessor."""

    async def open(self, session: Session, token: RefreshToken, /) -> bool:
        """Store a new session; False if the account was suspended meanwhile."""
        ...

    async def rotate(self, token: RefreshToken, successor: RefreshToken, /, *, now: datetime) -> Session | None:
        """Move the session from this token to its successor, in one conditional statement.

        Also succeeds, changing nothing, where this very step was done less than `GRACE` ago. None: the session
        has ended, or the token is no longer its newest.
        """
        ...

    async def find(self, id: SessionId, /) -> Session | None:
        """A session as it stands; not locked."""
        ...

    async def end(self, id: SessionId, reason: SessionEnd, /, *, now: datetime) -> bool:
        """End it for good; False if it had ended before."""
        ...


class Workspaces(Protocol):
    """Workspaces, each its own tenant."""

    async def get(self, id: UUID, /) -> Workspace:
        """Load the tenant's workspace and lock it until the transaction ends.

        Raises:
            WorkspaceNotFound: another workspace, or none.
        """
        ...

    async def save(self, workspace: Workspace, /) -> None:
        """Update it, and hand its events to the feed."""
        ...

    async def found(self, workspace: Workspace, owner: Membership, /) -> None:
        """Insert a new workspace with its first owner, from a transaction of `PLATFORM`.

        Its events go to the platform's feed.
        """
        ...


class Memberships(Protocol):
    """The members of the tenant's workspace."""

    async def of_user(self, user_id: UserId, /) -> Membership:
        """Load a person's membership and lock it.

        Raises:
            MemberNotFound: this person is no member.
        """
        ...

    async def save(self, member: Membership, /) -> None:
        """Insert or update it, and hand its events to the feed.

        Raises:
            AlreadyExists: this person is a member already.
        """
        ...

    async def remove(self, member: Membership, /) -> None:
        """Delete it, and hand its events to the feed."""
        ...

    async def owners(self) -> int:
        """How many owners there are. Exact only while the workspace is locked."""
        ...

    async def account(self, email: str, /) -> UserId | None:
        """The account with this address, unless it is suspended."""
        ...


class ApiKeys(Protocol):
    """The tenant's API keys."""

    async def get(self, id: UUID, /) -> ApiKey:
        """Load one and lock it until the transaction ends.

        Raises:
            ApiKeyNotFound: none with this id in this tenant.
        """
        ...

    async def save(self, key: ApiKey, /) -> None:
        """Insert or update it, and hand its events to the feed."""
        ...


class IdentityTx(Protocol):
    """What this context may touch in one transaction."""

    @property
    def users(self) -> Users: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def memberships(self) -> Memberships: ...
    @property
    def api_keys(self) -> ApiKeys: ...

    def record(self, events: Iterable[Event], /) -> None:
        """Append events that belong to no aggregate to the feed."""
        ...
