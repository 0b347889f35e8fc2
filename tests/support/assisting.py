"""Builders and fakes for tests of the assistant."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from adapters.memory.assistance import MemorySuggestionQueries
from adapters.memory.database import MemoryDatabase
from adapters.memory.operations import MemoryLedger
from adapters.postgres.assistance.queries import PostgresSuggestionQueries
from adapters.postgres.database import OPERATOR_ROLE, PoolSize, PostgresDatabase, open_pool
from adapters.postgres.operations.ledger import PostgresLedger
from adapters.system import SystemChance, SystemClock, TimeOrderedIds
from application.assistance.accept_draft import AcceptDraft
from application.assistance.built_in import BuiltInDrafter
from application.assistance.chain import DraftingChain
from application.assistance.draft_reply import DraftReply
from application.assistance.queries import SuggestionQueries, SuggestionView
from application.assistance.rate_draft import RateDraft
from application.assistance.reject_draft import RejectDraft
from application.assistance.request_suggestion import RequestSuggestion
from application.conversations.close_conversation import CloseConversation
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.conversations.reopen_conversation import ReopenConversation
from application.knowledge.add_sources import AddSource, NewSource
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Claim, Decision, Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.ports import Assignment, Drafted, Drafter
from domain.assistance.results import Judgement, Label, Result
from domain.assistance.suggestion import Suggestion
from domain.conversations.message import Author
from domain.conversations.values import Customer, Particulars
from domain.knowledge.source import Content, Scope, SourceKind
from domain.operations.ports import Ledger
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, JobId, MessageId, SourceId, SuggestionId, UserId, WorkspaceId
from domain.shared.jobs import JobRun

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PERMISSIONS = frozenset(
    {"conversations:read", "conversations:write", "sources:read", "sources:write", "assistance:use", "jobs:read"}
)
MODEL = Label(provider="acme", model="oracle-1", prompt_version="reply-1")


class HandClock:
    """Stands still until moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def an_actor(workspace: UUID | None = None, *, permissions: frozenset[str] = PERMISSIONS) -> Actor:
    return Actor(
        user_id=UserId(uuid4()),
        workspace_id=WorkspaceId(workspace or uuid4()),
        permissions=permissions,
        role="staff",
    )


def a_draft(text: str = "The Polo is here.", *, decision: Decision = Decision.ANSWER, **others: Any) -> Draft:
    return Draft(decision=decision, text=text, reason=others.pop("reason", "as the sources say"), **others)


def a_fact(**others: Any) -> Fact:
    given: dict[str, Any] = {"kind": FactKind.INVENTORY, "title": "VW Polo", "entity": "Polo", "service": "stock"}
    given |= {"source_id": SourceId(uuid4()), "version": 1}
    return Fact(**(given | others))


def a_turn(text: str, sequence: int = 1, speaker: Speaker = Speaker.CUSTOMER) -> Turn:
    return Turn(sequence=sequence, speaker=speaker, text=text)


def a_claim(**others: Any) -> Claim:
    given: dict[str, Any] = {"text": "Polo", "source_id": SourceId(uuid4()), "field": "title", "value": "VW Polo"}
    return Claim(**(given | others))


def a_result(draft: Draft | None = None, **others: Any) -> Result:
    given: dict[str, Any] = {"judgement": Judgement(passed=True), "label": MODEL}
    return Result(draft=draft or a_draft(), **(given | others))


def a_suggestion(**others: Any) -> Suggestion:
    given: dict[str, Any] = {
        "id": SuggestionId(uuid4()),
        "workspace_id": WorkspaceId(uuid4()),
        "conversation_id": ConversationId(uuid4()),
        "message_id": MessageId(uuid4()),
        "saw_sequence": 1,
        "episode": 1,
        "requested_by": "user:ada",
        "created_at": NOW,
    }
    return Suggestion(**(given | others))


@dataclass
class ScriptedDrafter:
    """A model that says what the script says, in turn; a callable is called with the assignment first."""

    script: list[Drafted | ModelFailed | Callable[[Assignment], Any]]
    label: Label = MODEL
    seen: list[Assignment] = field(default_factory=list[Assignment])

    async def draft(self, assignment: Assignment, /, *, timeout_seconds: float) -> Drafted:
        assert timeout_seconds > 0
        self.seen.append(assignment)
        answer: Any = self.script.pop(0)
        if callable(answer) and not isinstance(answer, ModelFailed):
            answer = answer(assignment)
            if hasattr(answer, "__await__"):
                answer = await answer
        if isinstance(answer, ModelFailed):
            raise answer
        return answer


def answered(draft: Draft | None = None, *, tokens: int = 100) -> Drafted:
    return Drafted(
        outcome=CallOutcome.ANSWERED,
        draft=draft or a_draft(),
        usage=Usage(input_tokens=tokens, output_tokens=10),
        cost=Cost(nanos=tokens * 100, price_ids=("acme-1",)),
        provider_request="req_1",
    )


async def at_once(_: float) -> None:
    """A pause that does not wait."""


class House:
    """The assistant over a database: the memory one unless another is given, with its queries and its ledger."""

    def __init__(self, *drafters: Drafter, check: Any = None, database: Any = None) -> None:
        self.clock, self.ids, self.chance = HandClock(), TimeOrderedIds(), SystemChance()
        self.database: Any = database or MemoryDatabase(self.clock, self.ids)
        self.queries: SuggestionQueries = MemorySuggestionQueries(self.database)
        self.ledger: Ledger = MemoryLedger(self.database)
        self.actor = an_actor()
        options: Mapping[str, Any] = {"check": check} if check else {}
        chain = DraftingChain(drafters or (BuiltInDrafter(),), pause=at_once, **options)
        self.draft_reply = DraftReply(self.database, chain, self.clock, self.ids)
        self.request = RequestSuggestion(self.database, self.clock, self.ids)
        self.accept = AcceptDraft(self.database, self.clock)
        self.reject = RejectDraft(self.database, self.clock)
        self.rate = RateDraft(self.database)
        self.post_message = PostMessage(self.database, self.clock, self.ids)
        self.close = CloseConversation(self.database, self.clock)
        self.reopen = ReopenConversation(self.database, self.clock)

    @property
    def drafter(self) -> Any:
        """The first of the chain."""
        return self.draft_reply.chain.drafters[0]

    async def open(self, text: str | None = "Do you have a Polo?", name: str = "Anna Berg") -> ConversationId:
        open_conversation = OpenConversation(self.database, self.clock, self.ids)
        particulars = Particulars(customer=Customer(name=name, email="anna@example.org"))
        return (await open_conversation(actor=self.actor, particulars=particulars, first_text=text)).id

    async def say(self, conversation_id: ConversationId, text: str, author: Author = Author.CUSTOMER) -> Any:
        return await self.post_message(actor=self.actor, conversation_id=conversation_id, text=text, author=author)

    async def offer(self, kind: SourceKind = SourceKind.INVENTORY, **content: Any) -> SourceId:
        add = AddSource(self.database, self.clock, self.ids)
        new = NewSource(kind=kind, content=Content(**content), scope=Scope())
        return (await add(actor=self.actor, new=new)).id

    def claim(self, job_id: JobId | None) -> JobRun:
        """Take the job as a worker would."""
        job = self.database.tables["jobs"][job_id]
        job.state, job.lease, job.attempts = "running", uuid4(), job.attempts + 1
        payload = msgspec.json.decode(msgspec.json.encode(job.spec.payload))
        return JobRun(
            id=job.id,
            workspace_id=job.workspace_id,
            kind=job.spec.kind,
            payload=payload,
            attempt=job.attempts,
            lease=job.lease,
        )

    async def take(self, suggestion: Suggestion) -> JobRun:
        """Claim the job through the ledger, whichever that is."""
        assert suggestion.job_id is not None
        run = await self.ledger.claim(suggestion.job_id, lease_seconds=30, worker="test", alone=False)
        assert run is not None
        return run

    async def draft(self, suggestion: Suggestion) -> None:
        await self.draft_reply(run=await self.take(suggestion), suggestion_id=suggestion.id)

    async def view(self, suggestion: Suggestion) -> SuggestionView:
        return await self.queries.of_message(self.actor.tenant, suggestion.message_id)

    async def said(self, conversation_id: ConversationId) -> list[str]:
        """The texts sent so far."""
        async with self.database.begin(self.actor.tenant) as tx:
            thread = await tx.threads.lock(conversation_id)
            turns = await tx.threads.turns(conversation_id, episode=thread.episode, limit=100)
        return [turn.text for turn in turns]

    async def work(self, suggestion: Suggestion) -> JobRun:
        run = self.claim(suggestion.job_id)
        await self.draft_reply(run=run, suggestion_id=suggestion.id)
        return run

    async def suggested(self, conversation_id: ConversationId) -> Any:
        suggestion = await self.request(actor=self.actor, conversation_id=conversation_id)
        await self.work(suggestion)
        return self.stored(suggestion)

    def stored(self, suggestion: Suggestion) -> Any:
        return self.database.tables["suggestions"][suggestion.id]

    def calls(self) -> Sequence[Any]:
        return list(self.database.tables["model_calls"].values())

    def messages(self, conversation_id: ConversationId) -> Sequence[Any]:
        rows = self.database.tables["messages"].values()
        return [row for row in rows if row.conversation_id == conversation_id]

    def names(self) -> list[str]:
        return [each.event.name for each in self.database.tables["events"].values()]


@asynccontextmanager
async def a_postgres_house(url: str, *drafters: Drafter, check: Any = None) -> AsyncGenerator[House]:
    """The same over PostgreSQL, in a workspace of its own."""
    pool = await open_pool(url, size=PoolSize(largest=12))
    operators = await open_pool(url, role=OPERATOR_ROLE)
    try:
        database = PostgresDatabase(pool, SystemClock(), TimeOrderedIds())
        house = House(*drafters, check=check, database=database)
        house.queries, house.ledger = PostgresSuggestionQueries(database), PostgresLedger(operators, house.ids)
        yield house
    finally:
        await operators.close()
        await pool.close()
