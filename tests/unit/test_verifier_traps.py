"""Traps and honest replies: nothing false passes, nothing true is refused."""

import pytest

from tests.support.verifier_honest import HONEST
from tests.support.verifier_traps import TRAPS
from tests.support.verifier_worlds import WORLDS, judge

_TRAPS = [(kind, *line) for kind, lines in TRAPS.items() for line in lines]
_HONEST = [(kind, *line) for kind, lines in HONEST.items() for line in lines]


@pytest.mark.parametrize(("kind", "world", "before", "reply"), _TRAPS)
def test_refuses_the_trap(kind: str, world: str, before: tuple[str, ...], reply: str) -> None:
    verdict = judge(WORLDS[world], reply, *before)

    assert not verdict.passed, f"{kind}: {reply!r} passed on {verdict.evidence}"
    assert verdict.findings


@pytest.mark.parametrize(("kind", "world", "before", "reply"), _HONEST)
def test_lets_the_honest_reply_pass(kind: str, world: str, before: tuple[str, ...], reply: str) -> None:
    verdict = judge(WORLDS[world], reply, *before)

    assert verdict.passed, f"{kind}: {reply!r} refused for {verdict.findings}"


def test_has_enough_of_both() -> None:
    assert len(_TRAPS) >= 200
    assert len(_HONEST) >= 100


@pytest.mark.parametrize(("kind", "world", "before", "reply"), _TRAPS)
def test_points_at_the_words_it_refuses(kind: str, world: str, before: tuple[str, ...], reply: str) -> None:
    verdict = judge(WORLDS[world], reply, *before)

    assert all(finding.text == reply[finding.start : finding.end] for finding in verdict.findings), kind
