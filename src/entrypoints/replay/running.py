"""A whole replay: a workspace of its own, a worker and a relay beside, the figures at the end."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import punq

from application.assistance.evaluation.corpus import CorpusConversation
from application.assistance.evaluation.scoring import PartScore, Scoreboard
from application.identity.actors import as_member, as_person
from application.identity.found_workspace import FoundWorkspace
from application.identity.register import CreateAccount
from domain.identity.roles import Role
from domain.shared.access import Actor
from domain.shared.errors import AlreadyExists
from domain.shared.ids import UserId
from domain.shared.ports import Chance
from entrypoints.replay.playing import Replay

BEGAN_AT: Final = datetime(2019, 3, 1, 12, tzinfo=UTC)
"""When the conversations on file took place: their dates are of March 2019, counted from its first day."""

Tick = Callable[[], None]


class ReplayClock:
    """Stands at the day of the conversations; a millisecond passes with every look, so that order is kept."""

    def __init__(self, start: datetime = BEGAN_AT) -> None:
        self._now = start

    def now(self) -> datetime:
        """The pretended moment."""
        self._now += timedelta(milliseconds=1)
        return self._now


@dataclass(frozen=True, slots=True)
class Run:
    """How a replay is done: how many conversations at once, and what to call after each."""

    at_once: int = 8
    tick: Tick = lambda: None


async def run_replay(
    services: punq.Container, conversations: Sequence[CorpusConversation], run: Run
) -> list[PartScore]:
    """Play all of them in a new workspace, and score.

    Raises:
        NoSuggestion: no worker takes the jobs, or one was parked.
    """
    services.register(Replay)
    replay = services.resolve(Replay)
    actor = await _new_workspace(services)
    await replay.prepare(actor)
    board = Scoreboard()
    async for _, outcomes in replay.play(conversations, actor, at_once=run.at_once):
        for outcome, truth in outcomes:
            board.add(outcome, truth)
        run.tick()
    return board.result()


async def _new_workspace(services: punq.Container) -> Actor:
    email, password = "replay@usher.invalid", services.resolve(Chance).token(24).hex()
    try:
        user_id = (await services.resolve(CreateAccount)(email=email, password=password, display_name="Replay")).id
    except AlreadyExists as there:
        user_id = UserId(UUID(str(there.facts["user_id"])))
    workspace = await services.resolve(FoundWorkspace)(actor=as_person(user_id), name="Replay")
    return as_member(user_id, workspace.id, Role.OWNER)


@contextlib.asynccontextmanager
async def processes_beside(environment: dict[str, str], *commands: str) -> AsyncGenerator[None]:
    """`usher COMMAND` for each, while the block lasts."""
    started: list[asyncio.subprocess.Process] = []
    try:
        for command in commands:
            argv = (sys.executable, "-P", "-m", "entrypoints.cli", command)
            quiet = asyncio.subprocess.DEVNULL
            child = await asyncio.create_subprocess_exec(*argv, env={**os.environ, **environment}, stdout=quiet)
            started.append(child)
        yield
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        await asyncio.gather(*(process.wait() for process in started))
