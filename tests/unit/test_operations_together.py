"""Calls that meet go together."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.postgres.operations.together import Together


class Counter:
    """Answers with the double, and notes its batches; odd sums fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    async def work(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        await asyncio.sleep(0.01)
        if 13 in items:
            raise ValueError("unlucky")
        return [2 * item for item in items]


async def test_a_lone_call_goes_at_once_and_the_rest_together() -> None:
    counter = Counter()
    double = Together(counter.work)

    first = asyncio.create_task(double(1))
    await asyncio.sleep(0.001)
    rest = [asyncio.create_task(double(number)) for number in (2, 3, 4)]

    assert [await first, *[await each for each in rest]] == [2, 4, 6, 8]
    assert counter.batches == [[1], [2, 3, 4]]


async def test_everybody_in_a_failed_batch_hears_of_it() -> None:
    double = Together(Counter().work)

    answers = await asyncio.gather(double(13), double(2), return_exceptions=True)
    later = await double(5)

    assert [type(answer) for answer in answers] == [ValueError, ValueError]
    assert later == 10


async def test_who_gives_up_waiting_is_left_out() -> None:
    counter = Counter()
    double = Together(counter.work)
    first = asyncio.create_task(double(1))
    await asyncio.sleep(0.001)
    impatient, patient = asyncio.create_task(double(2)), asyncio.create_task(double(3))
    await asyncio.sleep(0.001)

    impatient.cancel()

    assert (await first, await patient) == (2, 6)
    assert counter.batches == [[1], [3]]
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_who_leaves_during_the_work_disturbs_nobody() -> None:
    counter = Counter()
    double = Together(counter.work)
    leaving, failing, staying = (asyncio.create_task(double(number)) for number in (1, 13, 2))
    await asyncio.sleep(0.001)

    leaving.cancel()
    answers = await asyncio.gather(leaving, failing, staying, return_exceptions=True)

    assert isinstance(answers[0], asyncio.CancelledError)
    assert [type(answer) for answer in answers[1:]] == [ValueError, ValueError]
