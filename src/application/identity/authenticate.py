"""Who is behind a bearer token, and what they may do right now."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from application.identity.access import AccessFacts, KeyAccess, SessionAccess
from application.identity.actors import as_member, as_person
from application.identity.recent import FACTS_LIFETIME, PROOF_LIFETIME, Known, RecentAccess
from domain.identity.api_keys import KEY_PREFIX, KeyText
from domain.identity.ports import AccessTokens
from domain.identity.roles import PERMISSIONS, Role
from domain.identity.sessions import AccessClaims
from domain.identity.users import AccountSuspended
from domain.identity.workspaces import WorkspaceNotFound
from domain.shared.access import Actor
from domain.shared.errors import (
    FieldProblem,
    Forbidden,
    Invalid,
    InvalidCredentials,
    TokenExpired,
    TokenRevoked,
)
from domain.shared.ids import PLATFORM, ApiKeyId, SessionId, UserId, WorkspaceId
from domain.shared.ports import Clock

MACHINE = "machine"
"""The role of an API key: its scopes say what it may do."""


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Turns an access token or an API key into an `Actor`.

    Signatures count as checked for a minute, access facts for less than a second (decision 14). A request
    that comes soon after another of the same caller costs a few microseconds and waits for nothing.
    """

    tokens: AccessTokens
    facts: AccessFacts
    clock: Clock
    recent: RecentAccess = field(default_factory=RecentAccess)

    async def authenticate(self, token: str, workspace: WorkspaceId | None, /) -> Actor:
        """The caller behind the token, in one workspace, with role and permissions as they are now.

        Args:
            token: what stood behind `Bearer`.
            workspace: the chosen one; None for the caller's only one, or the one an API key is bound to;
                `PLATFORM` for somebody acting for themselves, in none.

        Raises:
            InvalidCredentials: no such token, or a forged one.
            TokenExpired: it was good once.
            TokenRevoked: signed out, or the key was withdrawn.
            AccountSuspended: an administrator has closed the account for now.
            WorkspaceNotFound: the caller is no member there.
            Invalid: none was chosen, and the caller does not belong to exactly one.
            Forbidden: an API key, which is nobody, acting for itself.
        """
        now = self.clock.now()
        digest = sha256(token.encode()).digest()
        proof = self.recent.proofs.get(digest, now)
        if token.startswith(KEY_PREFIX):
            id = proof if isinstance(proof, UUID) else _read(token)
            return await self._machine(id, digest, workspace, now)
        if not isinstance(proof, AccessClaims):
            proof = self.tokens.verify(token, now=now)
            self.recent.proofs.put(digest, proof, now, min(proof.expires_at, now + PROOF_LIFETIME))
        known = self.recent.known.get(proof.session_id, now)
        if known is None:
            known = await self._look_up_session(proof, now)
        actor = known.actors.get(workspace)
        if actor is None:
            actor = known.actors[workspace] = _person(known.facts, proof, workspace, now)
        return actor

    async def _look_up_session(self, claims: AccessClaims, now: datetime) -> Known:
        facts = await self.facts.of_session(claims.session_id)
        if facts is None or facts.user_id != claims.user_id:
            raise TokenRevoked("this session is over")
        return self._remember(claims.session_id, facts, now, facts.expires_at)

    async def _machine(self, id: ApiKeyId, digest: bytes, workspace: WorkspaceId | None, now: datetime) -> Actor:
        # The digest of a key's text is also what is stored of it; `proofs` only spares reading the same text again.
        known = self.recent.known.get(id, now)
        if known is None:
            facts = await self.facts.of_api_key(id)
            if facts is None:
                raise _no_key()
            known = self._remember(id, facts, now, facts.expires_at)
        facts = known.facts
        if not isinstance(facts, KeyAccess) or not compare_digest(facts.digest, digest):
            raise _no_key()
        actor = known.actors.get(workspace)
        if actor is None:
            self.recent.proofs.put(digest, id, now, now + PROOF_LIFETIME)
            actor = known.actors[workspace] = _key_holder(facts, id, workspace, now)
        return actor

    def _remember(
        self,
        id: SessionId | ApiKeyId,
        facts: SessionAccess | KeyAccess,
        now: datetime,
        expires_at: datetime | None,
    ) -> Known:
        until = now + FACTS_LIFETIME
        known = Known(facts)
        # No actor outlives its session or key, even within the second.
        self.recent.known.put(id, known, now, min(until, expires_at) if expires_at else until)
        return known


def _person(
    facts: SessionAccess | KeyAccess, claims: AccessClaims, workspace: WorkspaceId | None, now: datetime
) -> Actor:
    if not isinstance(facts, SessionAccess) or facts.ended_at is not None or now >= facts.expires_at:
        raise TokenRevoked("this session is over")
    if facts.is_suspended:
        raise AccountSuspended("this account is suspended")
    user_id, session_id = UserId(facts.user_id), claims.session_id
    if workspace == PLATFORM:
        return as_person(user_id, is_admin=facts.is_admin, session_id=session_id)
    if workspace is None:
        workspace = _only_one(facts)
    role = facts.roles.get(workspace)
    if role is None:
        raise WorkspaceNotFound("no such workspace")
    return as_member(user_id, workspace, Role(role), session_id=session_id)


def _only_one(facts: SessionAccess) -> WorkspaceId:
    if len(facts.roles) == 1:
        return next(iter(facts.roles))
    message = (
        "is required, because you belong to several workspaces: GET /workspaces lists them"
        if facts.roles
        else "is required, and you belong to no workspace yet: POST /workspaces founds one"
    )
    raise Invalid([FieldProblem(parameter="Usher-Workspace", code="required", message=message)])


def _read(text: str) -> ApiKeyId:
    key = KeyText.read(text)
    if key is None:
        raise _no_key()
    return key.id


def _no_key() -> InvalidCredentials:
    return InvalidCredentials("this is no API key of ours")


def _key_holder(facts: KeyAccess, id: ApiKeyId, workspace: WorkspaceId | None, now: datetime) -> Actor:
    if facts.expires_at is not None and now >= facts.expires_at:
        raise TokenExpired("this API key has expired")
    if facts.revoked_at is not None or facts.is_suspended or facts.role is None:
        raise TokenRevoked("this API key was withdrawn")
    if workspace == PLATFORM:
        raise Forbidden("an API key has no account: this is for persons")
    if workspace is not None and workspace != facts.workspace_id:
        raise WorkspaceNotFound("no such workspace")
    return Actor(
        workspace_id=facts.workspace_id,
        permissions=PERMISSIONS[Role(facts.role)].intersection(facts.scopes),
        role=MACHINE,
        api_key_id=id,
    )
