"""What the assistance context asks of others: threads, facts, drafters, models, and its own records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.assistance.calls import CallOutcome, ModelCall
from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Draft
from domain.assistance.facts import Fact, Turn
from domain.assistance.models import Completion, Prompt
from domain.assistance.results import Judgement, Label, Objection
from domain.assistance.suggestion import Suggestion
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, MessageId, SuggestionId
from domain.shared.jobs import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation as the assistant needs it. `last_sequence` 0: nothing was said yet.

    `last_message_at` (UTC) is when the last word fell: "tomorrow" is said from there, however late the draft.
    """

    conversation_id: ConversationId
    last_sequence: int
    episode: int
    is_open: bool
    customer_name: str = ""
    customer_email: str | None = None
    last_message_at: datetime | None = None


class Threads(Protocol):
    """The conversations that suggestions are about."""

    async def lock(self, conversation_id: ConversationId, /) -> Thread:
        """Load it and hold it until the transaction ends: nobody can post meanwhile.

        Always taken before a suggestion of it, so that two transactions never wait for each other.

        Raises:
            NotFound: none with this id in this workspace.
        """
        ...

    async def turns(self, conversation_id: ConversationId, /, *, episode: int, limit: int) -> tuple[Turn, ...]:
        """The last `limit` messages that were sent in this episode, oldest first. Drafts are no turns."""
        ...

    async def keep_draft(
        self, conversation_id: ConversationId, message_id: MessageId, text: str, /, *, recorded_by: str
    ) -> None:
        """Store the draft as a message that is not sent: it has no sequence, and any posted message discards it.

        `recorded_by` is the caller that it was drafted for.
        """
        ...

    async def send_draft(
        self, conversation_id: ConversationId, message_id: MessageId, text: str, /, *, by: Actor
    ) -> int:
        """Send the draft with this text as the conversation's next message; returns its sequence.

        Raises:
            InvalidState: it is no draft any more, or the conversation is closed.
        """
        ...

    async def reject_draft(self, conversation_id: ConversationId, message_id: MessageId, /, *, by: Actor) -> None:
        """Take the draft out of sight for good.

        Raises:
            InvalidState: it is no draft any more.
        """
        ...


class FactShelf(Protocol):
    """The facts that a reply may use."""

    async def facts(self, conversation_id: ConversationId, /, *, about: str, limit: int) -> tuple[Fact, ...]:
        """All facts attached to the conversation, then the workspace's that suit `about` best, `limit` at most.

        Where fewer suit it, others make up the number: a workspace of few facts is seen whole.
        """
        ...


class Suggestions(Protocol):
    """The workspace's suggestions, for changing."""

    async def get(self, id: SuggestionId, /, *, lock: bool = True) -> Suggestion:
        """Load one, and lock it until the transaction ends unless told otherwise.

        Raises:
            SuggestionNotFound: none with this id in this workspace.
        """
        ...

    async def of_message(self, message_id: MessageId, /) -> Suggestion:
        """The suggestion whose draft has or would have this message id, not locked.

        Raises:
            SuggestionNotFound: none.
        """
        ...

    async def open_for(self, conversation_id: ConversationId, /) -> Sequence[Suggestion]:
        """Those of the conversation that are queued or ready, locked, oldest first."""
        ...

    async def is_abandoned(self, suggestion: Suggestion, /) -> bool:
        """Whether its job will not run by itself any more: parked, cancelled or purged."""
        ...

    async def save(self, suggestion: Suggestion, /) -> None:
        """Insert or update it, and hand its events to the feed.

        Raises:
            AlreadyExists: another one is open for the same conversation, sequence and episode.
        """
        ...


class ModelCalls(Protocol):
    """Records of provider calls."""

    async def get(self, id: UUID, /) -> ModelCall:
        """Load one and lock it.

        Raises:
            NotFound: none with this id in this workspace.
        """
        ...

    async def save(self, call: ModelCall, /) -> None:
        """Insert or update it."""
        ...

    async def of_suggestion(self, suggestion_id: SuggestionId, /) -> Sequence[ModelCall]:
        """All calls made for a suggestion, in the order they were opened, locked."""
        ...


class AssistanceTx(Protocol):
    """What this context may touch in one transaction."""

    @property
    def suggestions(self) -> Suggestions: ...

    @property
    def model_calls(self) -> ModelCalls: ...

    @property
    def threads(self) -> Threads: ...

    @property
    def facts(self) -> FactShelf: ...

    @property
    def jobs(self) -> Jobs: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a drafter is given. `now` is UTC; `is_whole` tells that the workspace has no more such facts than these.

    For a repair, `refused` is the draft that may not be shown (None where it was no draft at all) and
    `objections` say why.
    """

    turns: tuple[Turn, ...]
    facts: tuple[Fact, ...]
    now: datetime
    is_whole: bool = True
    refused: Draft | None = None
    objections: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a drafter answered. `draft` is None unless the outcome is `answered`; unknown usage is None, not zero."""

    outcome: CallOutcome
    draft: Draft | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    provider_request: str | None = None


class Drafter(Protocol):
    """Somebody who drafts replies: a model behind a provider, or the built-in rules."""

    @property
    def label(self) -> Label:
        """Who this is."""
        ...

    async def draft(self, assignment: Assignment, /, *, timeout_seconds: float) -> Drafted:
        """Draft one reply, within the time.

        Raises:
            ModelFailed: no answer came; its outcome says whether another try is worth it.
        """
        ...


class LanguageModel(Protocol):
    """One model of one provider."""

    @property
    def provider(self) -> str:
        """The provider's short name, such as `anthropic`."""
        ...

    @property
    def model(self) -> str:
        """The provider's name of the model."""
        ...

    async def complete(self, prompt: Prompt, /, *, timeout_seconds: float) -> Completion:
        """Ask once; never retries by itself.

        Raises:
            ModelFailed: no answer came.
        """
        ...


class Check(Protocol):
    """The verifier, seen from where it is used."""

    def __call__(self, draft: Draft, turns: Sequence[Turn], facts: Sequence[Fact], /, *, now: datetime) -> Judgement:
        """Whether every fact of the draft's text is supported, with the evidence. Pure; no model is asked."""
        ...
