"""The page about the status machine tells the table that decides."""

from pathlib import Path

from domain.conversations.statuses import TRANSITIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "status-machine.md"


def test_lists_every_transition_in_order():
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]

    guards = [f"`{line.guard}`" if line.guard else "" for line in TRANSITIONS]
    assert rows == [
        f"| `{line.current}` | `{line.move}` | `{line.next}` | {guard} | {line.effect} |"
        for line, guard in zip(TRANSITIONS, guards, strict=True)
    ]
