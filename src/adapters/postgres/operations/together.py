"""Calls that meet go together: many small statements of concurrent tasks become one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Together(Generic[A, B]):
    """Answers single calls in batches: while one batch is under way, the calls that arrive wait for the next.

    A lone call goes at once, so nothing waits for company. `work` answers in the order of its items; what
    it raises, every caller of that batch gets.
    """

    def __init__(self, work: Callable[[Sequence[A]], Awaitable[Sequence[B]]]) -> None:
        self._work = work
        self._waiting: list[tuple[A, asyncio.Future[B]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def __call__(self, item: A, /) -> B:
        """Hand in one item and wait for its answer."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._answer([pair for pair in batch if not pair[1].done()])
        finally:
            self._runner = None

    async def _answer(self, batch: list[tuple[A, "asyncio.Future[B]"]]) -> None:
        try:
            answers = await self._work([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - every caller of the batch raises it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
        else:
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
