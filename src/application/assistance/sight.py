"""How much of a conversation and its sources a drafter sees."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

from domain.assistance.facts import Fact, FactKind, Turn
from domain.assistance.ports import AssistanceTx, Thread

T = TypeVar("T")

_LONG_WORD: Final = re.compile(r"\S{201,}")
_STANDING: Final = frozenset({FactKind.POLICY, FactKind.CHECKLIST})


class Seen(NamedTuple):
    """Turns, oldest first, and facts, most important first; `is_whole` where the workspace has no more of them."""

    turns: tuple[Turn, ...]
    facts: tuple[Fact, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The last messages of the episode, and the sources that come first, each up to so many characters in all.

    Sources are looked for by the words of the last `topic` messages. What does not fit is left out whole: the
    drafter and the verifier then see the same. Words of more than 200 characters, which nobody reads, are cut.
    """

    turns: int = 60
    turn_characters: int = 60_000
    facts: int = 60
    fact_characters: int = 300_000
    topic: int = 4

    async def look(self, tx: AssistanceTx, thread: Thread) -> Seen:
        """What is to be seen now."""
        said = await tx.threads.turns(thread.conversation_id, episode=thread.episode, limit=self.turns)
        legible = [replace(turn, text=_LONG_WORD.sub(_shortened, turn.text)) for turn in reversed(said)]
        newest_first = _fitting([(turn, len(turn.text)) for turn in legible], self.turn_characters)
        facts = await tx.facts.facts(thread.conversation_id, about=self.about(said), limit=self.facts)
        fitting = _fitting([(fact, size(fact)) for fact in facts], self.fact_characters)
        shared = [fact for fact in facts if fact.known_since == 0 and fact.kind not in _STANDING]
        is_whole = len(shared) < self.facts and len(fitting) == len(facts)
        return Seen(tuple(reversed(newest_first)), fitting, is_whole)

    def about(self, turns: Sequence[Turn]) -> str:
        """What the conversation is about now: up to 2,000 characters, the newest message first."""
        return "\n".join(turn.text for turn in reversed(turns[-self.topic :]))[:2_000]


def _shortened(word: re.Match[str]) -> str:
    return f"{word[0][:200]}…"


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
