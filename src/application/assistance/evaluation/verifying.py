"""How well the verifier tells true replies from false ones, on what people really wrote.

Two figures: how many of the people's own replies it refuses, by class of refusal; and how many of the same replies
it catches once one value is made false. Reports name replies by key and never quote them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from random import Random

import msgspec

from application.assistance.evaluation.altering import Case, Reply, Skip, Source, Stated, changes, take
from application.assistance.evaluation.corpus import CorpusConversation, cuts, parse_act
from domain.assistance.verifier import Finding, FindingKind, SpanKind, Verdict, verify_text

_STATING = frozenset({"OFFER", "INFORM", "CONFIRM", "INFORM_COUNT"})
_EXAMPLES = 5


class RefusalClass(msgspec.Struct, frozen=True):
    """One sort of refusal: how often, and a few keys of replies."""

    name: str
    count: int
    examples: tuple[str, ...]


class Caught(msgspec.Struct, frozen=True):
    """False replies of one kind: how many there were and how many were refused; keys of the missed."""

    source: str
    kind: str
    cases: int
    caught: int
    missed: tuple[str, ...]


class VerifierReport(msgspec.Struct, frozen=True):
    """One run. `refused` are people's own replies that did not pass; `skipped` counts changes that were no case."""

    replies: int
    refused: int
    classes: tuple[RefusalClass, ...]
    caught: tuple[Caught, ...]
    skipped: dict[str, int]

    @property
    def refused_share(self) -> float:
        """Of the people's own replies."""
        return self.refused / self.replies if self.replies else 0.0

    def caught_share(self, source: str | None = None) -> float:
        """Of the false replies, all or those of one source."""
        lines = [line for line in self.caught if source in {None, line.source}]
        cases = sum(line.cases for line in lines)
        return sum(line.caught for line in lines) / cases if cases else 0.0


def replies(conversation: CorpusConversation) -> Iterator[Reply]:
    """Each agent turn of a conversation as a reply to judge; the acts only tell what it states."""
    for cut in cuts(conversation):
        acts = [parse_act(text) for text in conversation.turns[cut.turn].acts]
        yield Reply(
            key=f"{cut.conversation_id}/{cut.turn}",
            text=cut.reply,
            turns=cut.turns,
            facts=cut.facts,
            stated=tuple(
                Stated(act=act.kind, slot=act.slot, value=act.values[0])
                for act in acts
                if act.kind in _STATING and act.values
            ),
            scored=cut.truth.scored,
        )


def measure(judged: Iterable[Reply], *, now: datetime, seed: int, wanted: int) -> VerifierReport:
    """Judge the replies as they are, then `wanted` false ones of each source made from those that passed."""
    refusals: list[tuple[str, str]] = []
    passed: list[Reply] = []
    total = 0
    for reply in judged:
        total += 1
        verdict = _judge(reply, reply.text, now)
        if verdict.passed:
            passed.append(reply)
        else:
            refusals.append((refusal_class(verdict), reply.key))
    lines: list[Caught] = []
    skipped: Counter[str] = Counter()
    for source in Source:
        random = Random(f"{seed}/{source}")  # noqa: S311  a reproducible sample, not a secret
        cases = _cases(passed, source, now, random, skipped)
        lines += _caught(take(cases, wanted, random), now)
    return VerifierReport(
        replies=total,
        refused=len(refusals),
        classes=tuple(_classes(refusals)),
        caught=tuple(lines),
        skipped=dict(skipped),
    )


def refusal_class(verdict: Verdict) -> str:
    """The sort of a refusal, by its first finding."""
    finding = verdict.findings[0]
    if finding.about is None:
        return str(finding.kind)
    if finding.about is SpanKind.NAME and finding.kind is FindingKind.UNSUPPORTED:
        return "unknown word" if _is_small(finding) else "unknown name"
    return (
        f"{finding.about} of another row" if finding.kind is FindingKind.CROSS_ROW else f"unsupported {finding.about}"
    )


def _is_small(finding: Finding) -> bool:
    return finding.text.islower() or (" " not in finding.text and finding.start == 0)


def _judge(reply: Reply, text: str, now: datetime) -> Verdict:
    return verify_text(text, reply.turns, reply.facts, now=now)


def _cases(passed: Sequence[Reply], source: Source, now: datetime, random: Random, skipped: Counter[str]) -> list[Case]:
    found: list[Case] = []
    for reply in passed:
        for change in changes(reply, source, now, random):
            if isinstance(change, Case):
                found.append(change)
            else:
                skip: Skip = change[0]
                skipped[f"{source}: {skip}"] += 1
    return found


def _caught(cases: Sequence[Case], now: datetime) -> Iterator[Caught]:
    missed: dict[str, list[str]] = {}
    total: Counter[str] = Counter()
    for case in cases:
        total[case.kind] += 1
        if _judge(case.reply, case.text, now).passed:
            missed.setdefault(case.kind, []).append(f"{case.reply.key} {case.slot}")
    for kind, count in sorted(total.items()):
        lost = missed.get(kind, [])
        yield Caught(str(cases[0].source), kind, count, count - len(lost), tuple(lost))


def _classes(refusals: Sequence[tuple[str, str]]) -> Iterator[RefusalClass]:
    for name, count in Counter(name for name, _ in refusals).most_common():
        keys = [key for known, key in refusals if known == name]
        yield RefusalClass(name, count, tuple(keys[:_EXAMPLES]))
