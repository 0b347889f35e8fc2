"""Refusals: what the business says no to, each with a public code and facts.

Nothing here knows HTTP; one table at the door maps codes to statuses. Codes are listed in
`docs/problems.md` and never change once published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


class Refusal(Exception):
    """The business says no. `facts` are public: never put secrets or other tenants' data there."""

    code: ClassVar[str] = "refused"

    def __init__(self, reason: str, /, **facts: object) -> None:
        super().__init__(reason)
        self.facts: Mapping[str, object] = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One bad field: where (a JSON pointer into the body, or a parameter's name) and what is wrong."""

    code: str
    message: str
    pointer: str | None = None
    parameter: str | None = None
    meta: Mapping[str, object] = field(default_factory=dict[str, object])


class Invalid(Refusal):
    """The request has bad fields; `problems` names all of them."""

    code = "validation_failed"

    def __init__(self, problems: Sequence[FieldProblem], /) -> None:
        count = len(problems)
        super().__init__(f"{count} field{' needs' if count == 1 else 's need'} attention")
        self.problems = tuple(problems)

    @classmethod
    def at(cls, pointer: str, message: str, *, code: str = "invalid", **meta: object) -> "Invalid":
        """One bad body field, by its JSON pointer."""
        return cls([FieldProblem(pointer=pointer, code=code, message=message, meta=meta)])


class Unauthorized(Refusal):
    """Nobody known is asking."""

    code = "authentication_required"


class InvalidCredentials(Unauthorized):
    code = "invalid_credentials"


class TokenExpired(Unauthorized):
    code = "token_expired"


class TokenRevoked(Unauthorized):
    code = "token_revoked"


class Forbidden(Refusal):
    """Known, and not allowed to do this to something they may see."""

    code = "permission_denied"


class NotFound(Refusal):
    """Nothing is here, or nothing that this caller may see: both answer alike."""

    code = "not_found"


class Conflict(Refusal):
    """Someone else was first."""

    code = "conflict"


class AlreadyExists(Conflict):
    code = "already_exists"


class InvalidState(Refusal):
    """Not possible in the present state. Facts: `current`, and `allowed` where there is a choice."""

    code = "invalid_state"


class PreconditionFailed(Refusal):
    """It was changed meanwhile. Fact: `current_version`."""

    code = "precondition_failed"


class Gone(Refusal):
    """It was here, and is deleted."""

    code = "gone"


class ProviderUnavailable(Exception):
    """Someone else is down. Workers retry; callers may come back after `retry_after_seconds`."""

    code: ClassVar[str] = "provider_unavailable"

    def __init__(self, provider: str, /, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{provider} does not answer")
        self.provider = provider
        self.retry_after_seconds = retry_after_seconds
