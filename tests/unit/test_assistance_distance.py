import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assistance.distance import edit_distance


def by_the_book(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (one != other))
    return row[-1]


@given(st.text("ab c", max_size=40), st.text("ab c", max_size=40))
def test_agrees_with_the_book(left, right):
    assert edit_distance(left, right) == by_the_book(" ".join(left.split()), " ".join(right.split()))


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("a  b\n", "a b", 0), ("e\u0301", "é", 0), ("kitten", "sitting", 3)],
)
def test_ignores_what_nobody_sees(left, right, distance):
    assert edit_distance(left, right) == distance


def test_counts_what_is_beyond_its_reach_one_for_one():
    assert edit_distance("a" * 10_000, "a" * 10_007) == 7


def test_stays_quick_on_the_longest_texts():
    begun = time.process_time()

    edit_distance("abcdefg" * 1_500, "gfedcba" * 1_500)

    assert time.process_time() - begun < 1
