"""What `docs/assistant.md` says is what the code does."""

import re
from pathlib import Path

from domain.assistance.calls import REPAIRABLE, WORTH_ANOTHER_TRY, CallOutcome
from domain.assistance.suggestion import MOVES

PAGE = (Path(__file__).parents[2] / "docs" / "assistant.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    table = PAGE.split(heading, 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_lists_what_becomes_of_every_outcome():
    said = {name: row[1:] for row in rows("| outcome") for name in re.findall(r"`(\w+)`", row[0])}

    assert set(said) == {str(outcome) for outcome in CallOutcome} - {"open"}
    for outcome in set(CallOutcome) - {CallOutcome.OPEN}:
        again, told, then = said[outcome]
        assert bool(again) == (outcome in WORTH_ANOTHER_TRY), outcome
        assert bool(told) == (outcome in REPAIRABLE or outcome is CallOutcome.ANSWERED), outcome
        assert then == ("no draft" if told else "next drafter"), outcome


def test_lists_every_move_of_a_suggestion():
    said = {
        name: tuple(re.findall(r"`(\w+)`", row[1]))
        for row in rows("| status")
        for name in re.findall(r"`(\w+)`", row[0])
    }

    assert said == {str(status): moves for status, moves in MOVES.items()}
