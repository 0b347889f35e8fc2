"""The chain of drafters: the first that answers drafts; what it drafts is judged, repaired once, or dropped."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol

import msgspec

from application.assistance.judging import judge
from application.shared.fail_points import FailPoint, pass_by
from domain.assistance.calls import WORTH_ANOTHER_TRY, CallOutcome, ModelFailed
from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Decision, Draft
from domain.assistance.ports import Assignment, Check, Drafted, Drafter
from domain.assistance.redaction import Redaction
from domain.assistance.results import Judgement, Label, Objection, Result
from domain.shared.errors import ProviderUnavailable


class CallBook(Protocol):
    """Where calls to providers are written down. A step is one question to one drafter: `anthropic/m:draft`."""

    async def kept(self, step: str, /) -> Drafted | None:
        """The answer that an earlier attempt of the job received for this step."""
        ...

    async def open(self, step: str, label: Label, inputs_hash: str, /) -> object:
        """Write down, durably, that a call begins; the answer names the record.

        Raises:
            Overtaken: a newer message has come; the call would be for nothing.
        """
        ...

    async def close(self, record: object, step: str, outcome: CallOutcome, drafted: Drafted | None, /) -> None:
        """Write down how it ended; an answer is kept for later attempts of the job."""
        ...

    async def refuse(self, step: str, judgement: Judgement, /) -> None:
        """Write down that the answer to this step may not be shown, and why."""
        ...


class Overtaken(Exception):
    """A newer message came while drafting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: for one call, for everything together, and the longest pause before another try of a call.

    The job's own time limit is longer than `whole_seconds`.
    """

    call_seconds: float = 20.0
    whole_seconds: float = 50.0
    pause_seconds: float = 2.0


@dataclass(slots=True)
class _Story:
    """What happened so far in one run of the chain."""

    deadline: float
    path: list[str] = field(default_factory=list[str])
    usage: Usage = field(default_factory=Usage)
    cost: Cost = field(default_factory=Cost)

    def count(self, drafted: Drafted) -> None:
        self.usage += drafted.usage or Usage()
        self.cost += drafted.cost or Cost()


@dataclass(frozen=True, slots=True)
class DraftingChain:
    """Asks drafters in order until one answers.

    Who does not answer (down, out of money, declines) makes room for the next. Who answers with something that
    may not be shown gets one try to mend it; then there is no draft: a drafter that was caught is not covered up.
    Personal data is taken out before a provider is asked, and put back before the draft is judged.
    """

    drafters: Sequence[Drafter]
    patience: Patience = field(default_factory=Patience)
    check: Check = judge
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    fail_point: FailPoint = pass_by

    async def __call__(self, assignment: Assignment, redaction: Redaction, book: CallBook) -> Result:
        """The result for this assignment.

        Raises:
            ProviderUnavailable: no drafter answered.   Overtaken: a newer message came.
        """
        story = _Story(time.monotonic() + self.patience.whole_seconds)
        for drafter in self.drafters:
            if redaction.is_overwhelmed and not drafter.label.is_built_in:
                story.path.append(f"{drafter.label.name}: not asked, too much personal data")
                continue
            result = await self._ask(drafter, assignment, redaction, book, story)
            if result is not None:
                return result
        raise ProviderUnavailable("drafting")

    async def _ask(
        self, drafter: Drafter, assignment: Assignment, redaction: Redaction, book: CallBook, story: _Story
    ) -> Result | None:
        name, judgement, told = drafter.label.name, Judgement(passed=False), assignment
        for purpose in ("draft",) if drafter.label.is_built_in else ("draft", "repair"):
            step = f"{name}:{purpose}"
            drafted = await self._answer(drafter, told, redaction, book, story, step)
            if drafted is None:
                return None
            judgement = await self._judge(drafted, assignment)
            if judgement.passed and drafted.draft:
                story.path.append(f"{step}: {drafted.draft.decision}")
                return _result(drafted.draft, judgement, drafter.label, assignment, story)
            story.path.append(f"{step}: refused")
            await book.refuse(step, judgement)
            told = replace(assignment, refused=drafted.draft, objections=judgement.objections)
        dropped = Draft(decision=Decision.NO_DRAFT, text="", reason="no draft stood the check")
        return _result(dropped, judgement, drafter.label, assignment, story)

    async def _judge(self, drafted: Drafted, assignment: Assignment) -> Judgement:
        if drafted.draft is None:
            objection = Objection(kind=str(drafted.outcome), text="", reason="the answer was not of the agreed shape")
            return Judgement(passed=False, objections=(objection,))
        # Off the loop, on which leases are renewed: a long text with many facts takes a while.
        return await asyncio.to_thread(
            self.check, drafted.draft, assignment.turns, assignment.facts, now=assignment.now
        )

    async def _answer(
        self,
        drafter: Drafter,
        assignment: Assignment,
        redaction: Redaction,
        book: CallBook,
        story: _Story,
        step: str,
    ) -> Drafted | None:
        """What the drafter answers, with personal data back in place; None when the next one must be asked."""
        if drafter.label.is_built_in:
            self.fail_point("before_call")
            drafted = await drafter.draft(assignment, timeout_seconds=self.patience.call_seconds)
            self.fail_point("after_call")
            return drafted
        drafted = await book.kept(step) or await self._call(drafter, _hidden(assignment, redaction), book, story, step)
        if drafted is None:
            return None
        story.count(drafted)
        if drafted.outcome is CallOutcome.DECLINED:
            story.path.append(f"{step}: declined")
            return None
        return replace(drafted, draft=redaction.reveal_draft(drafted.draft) if drafted.draft else None)

    async def _call(
        self, drafter: Drafter, assignment: Assignment, book: CallBook, story: _Story, step: str
    ) -> Drafted | None:
        for is_last in (False, True):
            seconds = min(self.patience.call_seconds, story.deadline - time.monotonic())
            if seconds <= 0:
                story.path.append(f"{step}: no time left")
                return None
            record = await book.open(step, drafter.label, inputs_hash(assignment, drafter.label))
            try:
                self.fail_point("before_call")
                drafted = await drafter.draft(assignment, timeout_seconds=seconds)
                self.fail_point("after_call")
            except ModelFailed as failure:
                await book.close(record, step, failure.outcome, None)
                story.path.append(f"{step}: {failure.outcome}")
                if is_last or not await self._may_try_again(failure):
                    return None
                continue
            await book.close(record, step, drafted.outcome, drafted)
            return drafted
        return None

    async def _may_try_again(self, failure: ModelFailed) -> bool:
        wait = 0.5 if failure.retry_after_seconds is None else failure.retry_after_seconds
        if failure.outcome not in WORTH_ANOTHER_TRY or wait > self.patience.pause_seconds:
            return False
        await self.pause(wait)
        return True


def _hidden(assignment: Assignment, redaction: Redaction) -> Assignment:
    return replace(
        assignment,
        turns=redaction.hide_turns(assignment.turns),
        facts=redaction.hide_facts(assignment.facts),
        refused=redaction.hide_draft(assignment.refused) if assignment.refused else None,
        objections=redaction.hide_objections(assignment.objections),
    )


def _result(draft: Draft, judgement: Judgement, label: Label, assignment: Assignment, story: _Story) -> Result:
    return Result(
        draft=draft,
        judgement=judgement,
        label=label,
        usage=story.usage,
        cost=story.cost,
        inputs_hash=inputs_hash(assignment, label),
        sources=tuple((fact.source_id, fact.version) for fact in assignment.facts),
        path=tuple(story.path),
    )


def inputs_hash(assignment: Assignment, label: Label) -> str:
    """SHA-256 (hex) of what a draft depends on: turns, facts with versions, whether there are more, and the label."""
    given = {"turns": assignment.turns, "facts": assignment.facts, "is_whole": assignment.is_whole}
    seen: Mapping[str, object] = {"label": label, **given}
    return sha256(msgspec.json.encode(seen, order="deterministic")).hexdigest()
