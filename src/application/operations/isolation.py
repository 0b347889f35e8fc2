"""Jobs that may have killed their process run alone, so that they take nobody along a last time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Isolation:
    """One process's jobs: many together, or one alone. Who wants to be alone goes before those who come later."""

    _together: int = 0
    _is_alone: bool = False
    _waiting: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    @asynccontextmanager
    async def together(self) -> AsyncGenerator[None]:
        """Run beside others."""
        if self._is_alone or self._waiting:
            async with self._changed:
                await self._changed.wait_for(lambda: not (self._is_alone or self._waiting))
                self._together += 1
        else:
            self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            if self._waiting:
                await self._tell()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Wait until the others have finished, and keep new ones waiting."""
        self._waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not (self._is_alone or self._together))
                self._is_alone = True
        finally:
            self._waiting -= 1
            if not self._is_alone:
                await self._tell()
        try:
            yield
        finally:
            self._is_alone = False
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
