"""The verifier on real conversations: what it must reach, measured on the whole data set.

Slow (about half a minute); needs the shared data, which a plain clone does not have.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.assistance.evaluation.altering import Source
from application.assistance.evaluation.corpus import read_corpus
from application.assistance.evaluation.verifying import VerifierReport, measure, replies

pytestmark = pytest.mark.slow
NOW = datetime(2019, 3, 1, 9, tzinfo=UTC)
"""The conversations take place around that Friday."""


@pytest.fixture(scope="module")
def report(shared_data: Path) -> VerifierReport:
    corpus = read_corpus(shared_data / "car_rental.jsonl")
    judged = (reply for conversation in corpus for reply in replies(conversation) if reply.scored)
    return measure(judged, now=NOW, seed=7, wanted=1500)


def test_refuses_few_of_the_peoples_own_replies(report: VerifierReport) -> None:
    assert report.replies > 9_000
    assert report.refused_share <= 0.03


def test_catches_false_replies(report: VerifierReport) -> None:
    assert sum(line.cases for line in report.caught) >= 2_000
    assert report.caught_share() >= 0.995


def test_catches_values_of_sibling_rows(report: VerifierReport) -> None:
    assert report.caught_share(Source.SIBLING) >= 0.97


def test_covers_all_six_kinds_from_both_sources(report: VerifierReport) -> None:
    assert len(report.caught) == 12
    assert all(line.cases for line in report.caught)
