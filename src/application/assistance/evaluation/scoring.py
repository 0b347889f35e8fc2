"""Scores suggestions against what people did. How they came to be does not matter here.

Feed a `Scoreboard` one outcome and one truth for each agent turn; `result` gives the figures, for all
conversations and for the two parts of a fixed split: `dev`, on which rules may be tuned, and `held_out`.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Final

import msgspec

from application.assistance.evaluation.corpus import Truth
from application.assistance.evaluation.mentions import mentions
from domain.assistance.drafts import Decision

PARTS: Final = ("all", "dev", "held_out")
_DEV_PERCENT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the assistant did at one agent turn.

    `text` is what staff would be shown, empty for nothing; `slots` are the machine names of its questions,
    `values` the raw values of its claims. `findings` are the verifier's findings on that very text: a text that is
    shown must have none. `refused` are the findings on drafts that were therefore not shown. `cost_micros` is in
    millionths of one unit of `currency`.
    """

    conversation_id: str
    turn: int
    decision: Decision
    text: str
    slots: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    latency_ms: float = 0.0
    cost_micros: int = 0
    currency: str = "USD"


class Share(msgspec.Struct, frozen=True):
    """`hits` out of `total`; `share` is 0 where there was nothing to count."""

    hits: int
    total: int
    share: float


class Rates(msgspec.Struct, frozen=True):
    """Decisions on scored turns. `confusion` counts by `person>assistant`."""

    turns: int
    balanced_accuracy: float
    answers: Share
    clarifications: Share
    always_answer: float
    answer_once_facts_were_seen: float
    confusion: dict[str, int]


class SlotLine(msgspec.Struct, frozen=True):
    """One slot: how often the assistant asked for it, how often the person did at that turn, and in all."""

    slot: str
    asked: int
    right: int
    asked_by_person: int


class Speed(msgspec.Struct, frozen=True):
    """Milliseconds."""

    p50: float
    p95: float
    highest: float


class PartScore(msgspec.Struct, frozen=True):
    """The figures of one part.

    `decisions` reads "the last stated intent is of the car service", `decisions_in_service` only turns whose
    customer message itself states it. `slot_right` is out of all clarifications on scored turns,
    `slot_right_where_both_ask` out of those where the person asked too. `own_fact_mentioned` is out of answers on
    scored turns where the person's answer holds facts. `coverage` is the share of all turns that get a draft.
    """

    name: str
    conversations: int
    turns: int
    decisions: Rates
    decisions_in_service: Rates
    slot_right: Share
    slot_right_where_both_ask: Share
    slots: list[SlotLine]
    own_fact_mentioned: Share
    coverage: Share
    decisions_elsewhere: dict[str, int]
    unsupported_facts: int
    refused: dict[str, int]
    latency_ms: Speed
    cost_micros: dict[str, int]


def part_of(conversation_id: str) -> str:
    """`dev` or `held_out`, by a hash of the id: six in ten are dev, the same ones everywhere."""
    place = int(hashlib.sha256(conversation_id.encode()).hexdigest(), 16) % 100
    return "dev" if place < _DEV_PERCENT else "held_out"


@dataclass(slots=True)
class Scoreboard:
    """Collects outcomes; keeps small records only, no texts."""

    split: Callable[[str], str] = part_of
    _lines: dict[str, "_Tally"] = field(default_factory=lambda: {part: _Tally() for part in PARTS})

    def add(self, outcome: Outcome, truth: Truth) -> None:
        """Count one turn. Outcome and truth must be of the same turn.

        Raises:
            ValueError: they are not.
        """
        if (outcome.conversation_id, outcome.turn) != (truth.conversation_id, truth.turn):
            raise ValueError("outcome and truth are of different turns")
        for part in ("all", self.split(truth.conversation_id)):
            self._lines.setdefault(part, _Tally()).add(outcome, truth)

    def result(self) -> list[PartScore]:
        """The figures of each part, `all` first."""
        return [tally.score(part) for part, tally in self._lines.items()]


@dataclass(slots=True)
class _Decisions:
    confusion: Counter[tuple[Decision, Decision]] = field(default_factory=Counter[tuple[Decision, Decision]])
    facts_seen: Counter[tuple[Decision, bool]] = field(default_factory=Counter[tuple[Decision, bool]])

    def add(self, outcome: Outcome, truth: Truth) -> None:
        self.confusion[truth.decision, outcome.decision] += 1
        self.facts_seen[truth.decision, truth.facts_seen] += 1

    def rates(self) -> Rates:
        answers = self._recall(Decision.ANSWER)
        clarifications = self._recall(Decision.CLARIFY)
        seen = _share(self.facts_seen[Decision.ANSWER, True], answers.total)
        unseen = _share(self.facts_seen[Decision.CLARIFY, False], clarifications.total)
        return Rates(
            turns=self.confusion.total(),
            balanced_accuracy=(answers.share + clarifications.share) / 2,
            answers=answers,
            clarifications=clarifications,
            always_answer=0.5,
            answer_once_facts_were_seen=(seen.share + unseen.share) / 2,
            confusion={f"{true}>{got}": count for (true, got), count in sorted(self.confusion.items())},
        )

    def _recall(self, decision: Decision) -> Share:
        total = sum(count for (true, _), count in self.confusion.items() if true is decision)
        return _share(self.confusion[decision, decision], total)


@dataclass(slots=True)
class _Tally:
    conversations: set[str] = field(default_factory=set[str])
    scored: _Decisions = field(default_factory=_Decisions)
    in_service: _Decisions = field(default_factory=_Decisions)
    elsewhere: Counter[str] = field(default_factory=Counter[str])
    slots: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    slot_right: Counter[tuple[bool, bool]] = field(default_factory=Counter[tuple[bool, bool]])
    own_fact: Counter[bool] = field(default_factory=Counter[bool])
    shown: int = 0
    unsupported: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    latencies: list[float] = field(default_factory=list[float])
    costs: Counter[str] = field(default_factory=Counter[str])

    def add(self, outcome: Outcome, truth: Truth) -> None:
        self.conversations.add(truth.conversation_id)
        self.latencies.append(outcome.latency_ms)
        self.costs[outcome.currency] += outcome.cost_micros
        self.refused.update(outcome.refused)
        if outcome.text:
            self.unsupported += len(outcome.findings)
        self.shown += bool(outcome.text) and outcome.decision in {Decision.ANSWER, Decision.CLARIFY}
        if truth.in_service:
            self.in_service.add(outcome, truth)
        if not truth.scored:
            self.elsewhere[outcome.decision] += 1
            return
        self.scored.add(outcome, truth)
        self._add_slots(outcome, truth)
        if truth.stated and outcome.decision is Decision.ANSWER and truth.decision is Decision.ANSWER:
            self.own_fact[_states_one(outcome, truth)] += 1

    def _add_slots(self, outcome: Outcome, truth: Truth) -> None:
        for slot in truth.requested:
            self.slots[slot, "person"] += 1
        if outcome.decision is not Decision.CLARIFY:
            return
        self.slot_right[not set(outcome.slots).isdisjoint(truth.requested), truth.decision is Decision.CLARIFY] += 1
        for slot in outcome.slots:
            self.slots[slot, "asked"] += 1
            self.slots[slot, "right"] += slot in truth.requested

    def score(self, name: str) -> PartScore:
        right = self.slot_right[True, True] + self.slot_right[True, False]
        names = sorted({slot for slot, _ in self.slots})
        return PartScore(
            name=name,
            conversations=len(self.conversations),
            turns=len(self.latencies),
            decisions=self.scored.rates(),
            decisions_in_service=self.in_service.rates(),
            slot_right=_share(right, self.slot_right.total()),
            slot_right_where_both_ask=_share(right, self.slot_right[True, True] + self.slot_right[False, True]),
            slots=[SlotLine(s, *(self.slots[s, what] for what in ("asked", "right", "person"))) for s in names],
            own_fact_mentioned=_share(self.own_fact[True], self.own_fact.total()),
            coverage=_share(self.shown, len(self.latencies)),
            decisions_elsewhere=dict(sorted(self.elsewhere.items())),
            unsupported_facts=self.unsupported,
            refused=dict(sorted(self.refused.items())),
            latency_ms=_speed(self.latencies),
            cost_micros={currency: cost for currency, cost in sorted(self.costs.items()) if cost},
        )


def _states_one(outcome: Outcome, truth: Truth) -> bool:
    claimed = {value.lower() for value in outcome.values}
    return any(
        mentions(outcome.text, spellings) or any(value.lower() in claimed for value in spellings)
        for spellings in truth.stated
    )


def _share(hits: int, total: int) -> Share:
    return Share(hits=hits, total=total, share=hits / total if total else 0.0)


def _speed(latencies: Sequence[float]) -> Speed:
    if len(latencies) < 2:
        only = latencies[0] if latencies else 0.0
        return Speed(p50=only, p95=only, highest=only)
    cuts = quantiles(latencies, n=100, method="inclusive")
    return Speed(p50=cuts[49], p95=cuts[94], highest=max(latencies))
