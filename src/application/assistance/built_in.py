"""The drafter that needs no network: deterministic rules over the sources, always labelled as such."""

import asyncio
from typing import Final

from domain.assistance.calls import CallOutcome
from domain.assistance.ports import Assignment, Drafted
from domain.assistance.results import Label

BUILT_IN: Final = Label(provider="built_in", model="rules", prompt_version="rules-3", is_built_in=True)
"""How its drafts are labelled. The version grows whenever its drafts may come out differently."""


class BuiltInDrafter:
    """`Drafter` without a model. It takes milliseconds, costs nothing and never fails."""

    @property
    def label(self) -> Label:
        """Always the same."""
        return BUILT_IN

    async def draft(self, assignment: Assignment, /, *, timeout_seconds: float) -> Drafted:  # noqa: ARG002 - it never waits
        """See `domain.assistance.ports.Drafter`. Its second try at the same assignment would be the same."""
        from domain.assistance.drafting import draft_reply  # noqa: PLC0415 -- 30 ms that only workers need

        draft = await asyncio.to_thread(
            draft_reply, assignment.turns, assignment.facts, now=assignment.now, is_whole=assignment.is_whole
        )
        return Drafted(outcome=CallOutcome.ANSWERED, draft=draft)
