"""Plays conversations on file as if they happened now: the customer writes, the service answers, a suggestion is
asked for through the job and its worker, and then the person's own reply is sent.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from application.assistance.evaluation.corpus import CorpusConversation, CorpusTurn, FactRow, Truth, cuts, rows_at
from application.assistance.evaluation.replay_checklists import replay_checklists
from application.assistance.evaluation.scoring import Outcome
from application.assistance.queries import SuggestionView
from application.assistance.read_suggestion import ReadSuggestion
from application.assistance.request_suggestion import RequestSuggestion
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.knowledge.add_sources import AddSources, NewSource
from domain.assistance.drafts import Decision
from domain.assistance.suggestion import SuggestionStatus
from domain.conversations.message import Author
from domain.conversations.values import Channel, Customer, Particulars
from domain.knowledge.source import Content, Scope, SourceKind
from domain.shared.access import Actor
from domain.shared.ids import ConversationId

_PATIENCE_SECONDS: Final = 60.0
_NANOS_IN_A_MICRO: Final = 1_000


class NoSuggestion(Exception):
    """A suggestion did not come in time, or its job was parked: something on the path is broken."""


@dataclass(frozen=True, slots=True)
class Replay:
    """Plays conversations in the actor's workspace, several at a time; turns of one stay in order."""

    open_conversation: OpenConversation
    post_message: PostMessage
    add_sources: AddSources
    request_suggestion: RequestSuggestion
    read_suggestion: ReadSuggestion

    async def prepare(self, actor: Actor) -> None:
        """Give the workspace the checklists: what its people ask before they look something up."""
        batch = [
            NewSource(
                kind=SourceKind.CHECKLIST, content=Content(title=title, text=text), external_id=f"checklist:{title}"
            )
            for title, text in replay_checklists()
        ]
        await self.add_sources(actor=actor, batch=batch)

    async def play(
        self, conversations: Sequence[CorpusConversation], actor: Actor, *, at_once: int
    ) -> AsyncIterator[tuple[CorpusConversation, list[tuple[Outcome, Truth]]]]:
        """Each conversation with what was suggested at its agent turns, as they end.

        Raises:
            NoSuggestion: the path is broken.
        """
        seats = asyncio.Semaphore(at_once)

        async def seated(one: CorpusConversation) -> tuple[CorpusConversation, list[tuple[Outcome, Truth]]]:
            async with seats:
                return one, await self._conversation(one, actor)

        tasks = [asyncio.ensure_future(seated(one)) for one in conversations]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _conversation(self, told: CorpusConversation, actor: Actor) -> list[tuple[Outcome, Truth]]:
        conversation = await self.open_conversation(
            actor=actor,
            particulars=Particulars(customer=Customer(name="Customer"), channel=Channel.CHAT, subject=told.id),
        )
        outcomes: list[tuple[Outcome, Truth]] = []
        truths = {cut.turn: cut.truth for cut in cuts(told)}
        batch = 1
        for turn in told.turns:
            if turn.speaker != "customer":
                await self._tell(rows_at(turn, batch), conversation.id, actor)
                batch += len(turn.facts)
                outcomes.append((await self._suggest(told, turn, conversation.id, actor), truths[turn.i]))
            author = Author.CUSTOMER if turn.speaker == "customer" else Author.STAFF
            await self.post_message(actor=actor, conversation_id=conversation.id, text=turn.text, author=author)
        return outcomes

    async def _tell(self, rows: Sequence[FactRow], conversation_id: ConversationId, actor: Actor) -> None:
        if rows:
            await self.add_sources(actor=actor, batch=[_source(row, conversation_id) for row in rows])

    async def _suggest(
        self, told: CorpusConversation, turn: CorpusTurn, conversation_id: ConversationId, actor: Actor
    ) -> Outcome:
        started = time.perf_counter()
        asked = await self.request_suggestion(actor=actor, conversation_id=conversation_id)
        view = await self.read_suggestion(actor=actor, message_id=asked.message_id, wait_seconds=_PATIENCE_SECONDS)
        return _outcome(told.id, turn.i, view, (time.perf_counter() - started) * 1000)


def _outcome(conversation_id: str, turn: int, view: SuggestionView, latency_ms: float) -> Outcome:
    result = view.result
    if result is None or view.status in {SuggestionStatus.QUEUED, SuggestionStatus.FAILED}:
        raise NoSuggestion(f"{conversation_id}, turn {turn}: the suggestion is {view.status}")
    draft, objections = result.draft, tuple(each.kind for each in result.judgement.objections)
    return Outcome(
        conversation_id=conversation_id,
        turn=turn,
        decision=draft.decision if result.is_sendable or not draft.text else Decision.NO_DRAFT,
        text=draft.text if result.is_sendable else "",
        slots=tuple(question.slot for question in draft.questions),
        values=tuple(claim.value for claim in draft.claims),
        findings=objections if result.is_sendable else (),
        refused=() if result.is_sendable else objections,
        latency_ms=latency_ms,
        cost_micros=result.cost.nanos // _NANOS_IN_A_MICRO,
    )


def _source(row: FactRow, conversation_id: ConversationId) -> NewSource:
    return NewSource(
        kind=SourceKind(row.kind.value),
        content=Content(title=row.title, entity=row.entity, service=row.service, fields=row.fields),
        scope=Scope(conversation_id=conversation_id, known_since=row.known_since, batch=row.batch),
    )
