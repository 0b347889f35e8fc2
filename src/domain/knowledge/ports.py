"""What knowledge needs of the outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from domain.knowledge.source import Source
from domain.shared.ids import ConversationId, SourceId


class Sources(Protocol):
    """The tenant's sources, for changing and for drafting. To look at lists, use queries."""

    async def get(self, id: UUID, /, *, lock: bool = True) -> Source:
        """Load one and lock it until the transaction ends.

        Raises:
            SourceNotFound: none with this id in this tenant.
        """
        ...

    async def save(self, source: Source, /) -> None:
        """Insert or update it, keep this version for good, and hand its events to the feed.

        Raises:
            AlreadyExists: its external id is taken.
            PreconditionFailed: it was changed meanwhile by another transaction.
        """
        ...

    async def add_all(self, sources: Sequence[Source], /) -> None:
        """Insert new sources in few round trips, with their versions and events.

        Raises:
            AlreadyExists: an external id is taken.
        """
        ...

    async def by_external_ids(self, external_ids: Sequence[str], /) -> Mapping[str, SourceId]:
        """Which of these exist; asked with all other imports into this workspace locked out."""
        ...

    async def facts_for(self, conversation_id: ConversationId, text: str, limit: int, /) -> Sequence[Source]:
        """What a reply in this conversation may use, at most 2 x `limit` + 100 sources, none archived.

        First those attached to the conversation, newest batch first, each batch in the order in which its rows were
        added (at most `limit`); then the checklists and policies of the workspace (the oldest 100); then, of its
        other sources, the best matches of `text`, best first. Where fewer than `limit` match, sources that nobody
        named make up their number, inventory before other kinds and the newest first: "your cheapest car" names none.
        """
        ...


class Threads(Protocol):
    """The conversations that sources can be attached to."""

    async def exists(self, conversation_id: ConversationId, /) -> bool:
        """Whether this workspace has this conversation."""
        ...


class KnowledgeTx(Protocol):
    """What this context may touch in one transaction."""

    @property
    def sources(self) -> Sources: ...

    @property
    def source_threads(self) -> Threads: ...
