"""Together, or alone."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from application.operations.isolation import Isolation


class Diary:
    """Notes who is inside, and who enters and leaves."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.inside: set[str] = set()

    async def stay(self, name: str, room: AbstractAsyncContextManager[None], seconds: float = 0.01) -> None:
        async with room:
            self.lines.append(f"+{name}")
            self.inside.add(name)
            assert "alone" not in self.inside or len(self.inside) == 1
            await asyncio.sleep(seconds)
            self.inside.discard(name)
            self.lines.append(f"-{name}")


async def test_many_run_together() -> None:
    isolation, diary = Isolation(), Diary()

    await asyncio.gather(*(diary.stay(name, isolation.together()) for name in "ab"))

    assert diary.lines[:2] == ["+a", "+b"]


async def test_one_waits_to_be_alone_and_keeps_later_ones_waiting() -> None:
    isolation, diary = Isolation(), Diary()

    await asyncio.gather(
        diary.stay("a", isolation.together()),
        diary.stay("alone", isolation.alone()),
        diary.stay("b", isolation.together()),
    )

    assert diary.lines == ["+a", "-a", "+alone", "-alone", "+b", "-b"]


async def test_two_are_alone_one_after_the_other() -> None:
    isolation, diary = Isolation(), Diary()

    await asyncio.gather(*(diary.stay("alone", isolation.alone()) for _ in range(3)))

    assert diary.lines == ["+alone", "-alone"] * 3


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    isolation, diary = Isolation(), Diary()
    staying = asyncio.create_task(diary.stay("a", isolation.together(), 0.05))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(diary.stay("alone", isolation.alone()))
    await asyncio.sleep(0)
    later = asyncio.create_task(diary.stay("b", isolation.together(), 0))
    await asyncio.sleep(0)

    waiting.cancel()
    await later

    assert diary.lines == ["+a", "+b", "-b"]
    await staying
    with pytest.raises(asyncio.CancelledError):
        await waiting
