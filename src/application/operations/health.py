"""Whether what this process needs is there."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import msgspec

from application.shared.pages import Key, Page
from domain.shared.errors import ProviderUnavailable

State = Literal["ok", "degraded", "down"]

_PATIENCE_SECONDS: Final = 2.0
_FRESH_SECONDS: Final = 1.0
"""The same answer serves everybody for so long: asking is open to all, and must not become load."""


class Probe(Protocol):
    """Looks whether one thing is there, such as `database` or `redis`."""

    @property
    def name(self) -> str: ...

    @property
    def is_critical(self) -> bool:
        """Whether nothing works without it. Otherwise the service is degraded and goes on."""
        ...

    async def check(self) -> None:
        """Do the smallest thing that proves it.

        Raises:
            ProviderUnavailable: it does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Probes:
    """All of them, in the order in which they are shown."""

    items: tuple[Probe, ...] = ()


class Check(msgspec.Struct, frozen=True):
    """What one probe found; `milliseconds` is how long it took."""

    name: str
    state: Literal["ok", "down"]
    is_critical: bool
    milliseconds: float


class Health(msgspec.Struct, frozen=True):
    """`down` if something critical is missing, `degraded` if anything else is."""

    state: State
    checks: tuple[Check, ...]


@dataclass(slots=True)
class CheckHealth:
    """Ask all probes at once; each has two seconds."""

    probes: Probes
    elapsed: Callable[[], float] = field(default=time.monotonic)
    _last: Health | None = field(default=None, init=False)
    _asked_at: float = field(default=float("-inf"), init=False)

    async def __call__(self) -> Health:
        """The health now, or as it was within the last second."""
        if self._last is None or self.elapsed() - self._asked_at > _FRESH_SECONDS:
            checks = await asyncio.gather(*[self._ask(probe) for probe in self.probes.items])
            self._last = Health(_worst(checks), tuple(checks))
            self._asked_at = self.elapsed()
        return self._last

    async def _ask(self, probe: Probe) -> Check:
        started = self.elapsed()
        state: Literal["ok", "down"] = "ok"
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await probe.check()
        except (ProviderUnavailable, TimeoutError, OSError):
            state = "down"
        return Check(probe.name, state, probe.is_critical, round((self.elapsed() - started) * 1000, 1))


def _worst(checks: list[Check]) -> State:
    if any(check.is_critical and check.state == "down" for check in checks):
        return "down"
    return "degraded" if any(check.state == "down" for check in checks) else "ok"


class Migration(msgspec.Struct, frozen=True):
    """One change of the database schema."""

    revision: str
    message: str
    is_applied: bool


class Migrations(Protocol):
    """The schema changes that this release knows."""

    async def all(self) -> list[Migration]:
        """Oldest first.

        Raises:
            ProviderUnavailable: the database does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class ListMigrations:
    """Show which schema changes the database has, oldest first."""

    migrations: Migrations

    async def __call__(self, *, limit: int, after: Key | None = None) -> Page[Migration]:
        """A page; keys are `(revision,)`."""
        known = await self.migrations.all()
        start = 0
        if after is not None:
            start = next((n + 1 for n, each in enumerate(known) if each.revision == after[0]), len(known))
        items = known[start : start + limit]
        return Page(items=items, after=(items[-1].revision,) if start + limit < len(known) else None)
