"""Looking at a suggestion, now or when it is there."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from application.assistance.queries import SuggestionQueries, SuggestionView
from domain.assistance.policies import may_read
from domain.assistance.suggestion import SuggestionStatus
from domain.shared.access import Actor
from domain.shared.errors import Forbidden
from domain.shared.ids import MessageId

_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.25


@dataclass(frozen=True, slots=True)
class ReadSuggestion:
    """Show the suggestion behind a message id; wait for its end if asked to."""

    queries: SuggestionQueries
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self, *, actor: Actor, message_id: MessageId, wait_seconds: float = 0) -> SuggestionView:
        """What may be shown now, or what is there after at most `wait_seconds`, whatever it is then.

        Raises:
            SuggestionNotFound: no suggestion has this message.   Forbidden: the caller may not read conversations.
        """
        if not may_read(actor):
            raise Forbidden("this caller may not read suggestions")
        deadline, pause = time.monotonic() + wait_seconds, _FIRST_PAUSE
        view = await self.queries.of_message(actor.tenant, message_id)
        while view.status is SuggestionStatus.QUEUED and time.monotonic() < deadline:
            await self.pause(min(pause, max(deadline - time.monotonic(), 0)))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
            view = await self.queries.of_message(actor.tenant, message_id)
        return view
