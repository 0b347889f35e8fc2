"""How long this process has been up, and whether it is on its way down."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.shared.ports import Clock


@dataclass(slots=True)
class Uptime:
    """`is_draining` turns true when the server was told to stop; readiness follows it."""

    clock: Clock
    is_draining: bool = False
    _started_at: datetime | None = field(default=None, init=False)

    async def begin(self) -> None:
        """Called once, when the server starts."""
        self._started_at = self.clock.now()

    @property
    def started_at(self) -> datetime:
        """When that was, in UTC."""
        if self._started_at is None:
            self._started_at = self.clock.now()
        return self._started_at

    def seconds(self) -> int:
        """Whole seconds since the start."""
        return max(0, int((self.clock.now() - self.started_at).total_seconds()))
