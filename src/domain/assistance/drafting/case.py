"""What a drafter looks at: the conversation as followed, and the facts sorted by what they are good for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.assistance.drafting.checklists import Checklist, Purpose, Slot, checklists_in
from domain.assistance.drafting.rows import focus, is_row
from domain.assistance.drafting.talk import Talk, follow
from domain.assistance.drafting.words import fold
from domain.assistance.facts import Fact, FactKind, Speaker, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One reply to write. `said` is what the customer wrote since the last reply, `folded` the same folded."""

    now: datetime
    turns: Sequence[Turn]
    said: str
    folded: str
    talk: Talk
    facts: Sequence[Fact]
    rows: tuple[Fact, ...]
    """Rows of the topic's group, or all rows where there is no topic; oldest first."""
    fresh: tuple[Fact, ...]
    """Rows and counts that a service returned after the customer's last message."""
    focus: Fact | None
    """The row spoken of last; none when a newer look-up has made it stale."""
    is_whole: bool = True
    """Whether there are no other rows than these."""

    @property
    def topic(self) -> Checklist | None:
        return self.talk.topic

    @property
    def newest(self) -> tuple[Fact, ...]:
        """The rows of the topic's last look-up, in the service's order; standing rows are batch 0."""
        batch = max((row.batch for row in self.rows), default=0)
        return tuple(row for row in self.rows if row.batch == batch)

    @property
    def looked_up(self) -> bool:
        """Whether a service answered for the topic since the topic was opened."""
        topic = self.topic
        services = topic.services if topic else ()
        answers = self.rows if topic and topic.purpose is Purpose.BOOK else self.facts
        since = max(self.talk.since, 1)
        return any(fact.service in services and fact.known_since >= since for fact in answers)

    def missing(self) -> list[Slot]:
        """The slots still to ask for: not told, and not settled by the row in question. None after a look-up."""
        topic = self.topic
        if topic is None or self.looked_up:
            return []
        known = self.talk.known
        row = self.focus if topic.purpose is Purpose.BOOK else None
        return [
            slot
            for slot in topic.slots
            if slot.required and slot.name not in known and not (row and any(row.fields.get(f) for f in slot.fields))
        ]


def read_case(turns: Sequence[Turn], facts: Sequence[Fact], now: datetime) -> Case:
    """Follow the conversation and sort the facts."""
    facts = [_named(fact) for fact in facts]
    every = tuple(fact for fact in facts if is_row(fact))
    talk = follow(turns, checklists_in(facts), every)
    said = _said_last(turns)
    last = next((turn.sequence for turn in reversed(turns) if turn.speaker is Speaker.CUSTOMER), 0)
    services = talk.topic.services if talk.topic else ()
    rows = tuple(row for row in every if row.service in services) if services else every
    fresh = tuple(
        fact for fact in facts if fact.known_since >= last > 0 and (is_row(fact) or fact.kind is FactKind.COUNT)
    )
    return Case(
        now=now,
        turns=turns,
        said=said,
        folded=fold(said),
        talk=talk,
        facts=facts,
        rows=rows,
        fresh=fresh,
        focus=_if_current(focus(rows, turns), rows),
    )


def _named(fact: Fact) -> Fact:
    """A row without a name of its own is called by its title, unless that only repeats its service."""
    if is_row(fact) and not fact.entity and fact.title != fact.service:
        return replace(fact, entity=fact.title)
    return fact


def _if_current(row: Fact | None, rows: Sequence[Fact]) -> Fact | None:
    """A row that a newer look-up of its service left out says nothing any more: its price was for other wishes."""
    if row is None or any(r.batch > row.batch and (r.service, r.kind) == (row.service, row.kind) for r in rows):
        return None
    return row


def _said_last(turns: Sequence[Turn]) -> str:
    said: list[str] = []
    for turn in reversed(turns):
        if turn.speaker is not Speaker.CUSTOMER:
            break
        said.insert(0, turn.text)
    return "\n".join(said)
