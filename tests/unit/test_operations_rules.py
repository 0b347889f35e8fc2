"""Retries, schedules and states."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.operations.jobs import (
    JobIsNotParked,
    JobIsOver,
    JobState,
    RetryPolicy,
    must_be_cancellable,
    must_be_parked,
)
from domain.operations.schedules import Schedule

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAILY = Schedule(name="daily", kind="purge", every=timedelta(days=1), offset=timedelta(hours=3, minutes=15), catch_up=3)


def test_waits_longer_with_every_attempt_up_to_the_cap() -> None:
    policy = RetryPolicy(max_attempts=9, base_seconds=2, cap_seconds=60)

    longest = [policy.delay(attempt, 1.0) for attempt in range(1, 9)]

    assert longest == [timedelta(seconds=seconds) for seconds in (2, 4, 8, 16, 32, 60, 60, 60)]


def test_spreads_waits_over_the_whole_range() -> None:
    policy = RetryPolicy(base_seconds=10)

    assert [policy.delay(1, chance) for chance in (0.0, 0.25, 0.5)] == [
        timedelta(seconds=seconds) for seconds in (0, 2.5, 5)
    ]


def test_waits_at_least_as_long_as_asked() -> None:
    assert RetryPolicy(base_seconds=2).delay(1, 0.5, at_least_seconds=30) == timedelta(seconds=31)


def test_gives_up_after_the_last_attempt() -> None:
    policy = RetryPolicy(max_attempts=3)

    assert policy.delay(2, 0.0) is not None
    assert policy.delay(3, 0.0) is None


def test_takes_the_newest_slot_the_first_time() -> None:
    assert DAILY.slots(None, NOON) == [datetime(2026, 11, 20, 3, 15, tzinfo=UTC)]


def test_takes_nothing_before_the_next_slot() -> None:
    last = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)

    assert DAILY.slots(last, last + timedelta(hours=23, minutes=59)) == []
    assert DAILY.slots(last, last + timedelta(days=1)) == [last + timedelta(days=1)]


def test_makes_up_for_missed_slots_oldest_first_and_bounded() -> None:
    last = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)

    two_missed = DAILY.slots(last, last + timedelta(days=2, hours=1))
    many_missed = DAILY.slots(last, NOON)

    assert two_missed == [last + timedelta(days=1), last + timedelta(days=2)]
    assert many_missed == [datetime(2026, 11, day, 3, 15, tzinfo=UTC) for day in (18, 19, 20)]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.CANCELLED])
def test_can_stop_what_has_not_ended(state: JobState) -> None:
    must_be_cancellable(state)


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED])
def test_cannot_stop_what_has_ended(state: JobState) -> None:
    with pytest.raises(JobIsOver) as refusal:
        must_be_cancellable(state)

    assert refusal.value.facts["current"] == state


def test_only_a_failed_job_is_parked() -> None:
    must_be_parked(JobState.FAILED)

    for state in set(JobState) - {JobState.FAILED}:
        with pytest.raises(JobIsNotParked):
            must_be_parked(state)
