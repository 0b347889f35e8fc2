"""How the door learns who is asking. The identity context answers; the door only carries the question."""

import re
from typing import Final, Protocol

from domain.shared.access import Actor
from domain.shared.errors import NotFound, Unauthorized
from domain.shared.ids import PLATFORM, WorkspaceId, private_id
from entrypoints.http.edge.exchange import Exchange
from entrypoints.http.policies import Policy, Standing

_LONGEST_TOKEN: Final = 4096
_OF_A_WORKSPACE: Final = "/api/v1/workspaces/wsp_"
_IN_PATH: Final = re.compile(r"/api/v1/workspaces/(wsp_[0-7][0-9a-hjkmnp-tv-z]{25})(?:/|$)")


class Authenticator(Protocol):
    """Turns a bearer token (access token or API key) into a caller. Called once per request, so it must be quick."""

    async def authenticate(self, token: str, workspace: WorkspaceId | None, /) -> Actor:
        """The caller behind the token, in one workspace, with its role and permissions as they are now.

        Args:
            token: what stood behind `Bearer`.
            workspace: what the caller chose with `Usher-Workspace`. None: not said, so the caller's only workspace,
                or the one an API key is bound to. `PLATFORM`: the route is personal, so no workspace, no role and
                no permissions of one.

        Raises:
            InvalidCredentials: no such token, or a forged one.
            TokenExpired: it was good once.
            TokenRevoked: signed out, suspended, or the key was withdrawn.
            NotFound: the caller is no member of that workspace, or it is none.
            Invalid: none was chosen and there are several (parameter `Usher-Workspace`).
            Forbidden: an API key on a route for persons.
        """
        ...


async def identify(authenticator: Authenticator, exchange: Exchange, policy: Policy) -> Actor:
    """Who is asking, admitted by the policy of the route.

    Raises:
        Unauthorized: no token, or none that counts.
        Forbidden: known, but without the permission.
    """
    header = exchange.headers.get(b"authorization")
    if header is None:
        raise Unauthorized("this needs a bearer token in the Authorization header")
    scheme, _, token = header.partition(b" ")
    if scheme.lower() != b"bearer" or not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii():
        raise Unauthorized("the Authorization header must be `Bearer <token>`")
    workspace = PLATFORM if policy.standing is Standing.PERSONAL else _workspace(exchange)
    actor = await authenticator.authenticate(token.decode("ascii"), workspace)
    policy.admit(actor)
    return actor


def _workspace(exchange: Exchange) -> WorkspaceId | None:
    """What the path says, else the header: whoever asks for /workspaces/wsp_... need not say it twice."""
    text = exchange.header(b"usher-workspace")
    if exchange.path.startswith(_OF_A_WORKSPACE) and (match := _IN_PATH.match(exchange.path)):
        if text not in {None, match[1]}:
            raise NotFound("the path names another workspace than the header")
        text = match[1]
    return None if text is None else WorkspaceId(private_id("wsp", text))
