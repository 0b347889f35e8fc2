"""How much of a conversation and its sources a drafter sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.assistance.facts import Fact, Turn
from domain.assistance.ports import AssistanceTx, Thread

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The last messages of the episode, and the sources that come first, each up to so many characters in all.

    Sources are looked for by the words of the last `topic` messages. What does not fit is left out whole: a
    drafter, the verifier and a person then see the same.
    """

    turns: int = 60
    turn_characters: int = 100_000
    facts: int = 60
    fact_characters: int = 300_000
    topic: int = 4

    async def look(self, tx: AssistanceTx, thread: Thread) -> tuple[tuple[Turn, ...], tuple[Fact, ...]]:
        """Turns, oldest first, and facts, most important first."""
        said = await tx.threads.turns(thread.conversation_id, episode=thread.episode, limit=self.turns)
        newest_first = _fitting([(turn, len(turn.text)) for turn in reversed(said)], self.turn_characters)
        facts = await tx.facts.facts(thread.conversation_id, about=self.about(said), limit=self.facts)
        return tuple(reversed(newest_first)), _fitting([(fact, size(fact)) for fact in facts], self.fact_characters)

    def about(self, turns: Sequence[Turn]) -> str:
        """What the conversation is about now: up to 2,000 characters, the newest message first."""
        return "\n".join(turn.text for turn in reversed(turns[-self.topic :]))[:2_000]


def size(fact: Fact) -> int:
    """Characters of all that a fact says."""
    fields = sum(len(name) + len(value) for name, value in fact.fields.items())
    return len(fact.title) + len(fact.entity) + len(fact.text) + fields


def _fitting(sized: Iterable[tuple[T, int]], most: int) -> tuple[T, ...]:
    """The first of them whose sizes add up to no more than `most`; always the very first."""
    room, kept = most, list[T]()
    for one, characters in sized:
        room -= characters
        if kept and room < 0:
            break
        kept.append(one)
    return tuple(kept)
