"""The application with the controllers of conversations and sources over memory."""

from typing import Any

from application.conversations.assign_conversation import AssignConversation
from application.conversations.close_conversation import CloseConversation
from application.conversations.edit_conversation import EditConversation
from application.conversations.get_conversation import GetConversation, GetConversationStatus
from application.conversations.list_conversations import ListConversations
from application.conversations.open_conversation import OpenConversation
from application.conversations.post_message import PostMessage
from application.conversations.read_messages import GetMessage, ListMessages
from application.conversations.reopen_conversation import ReopenConversation
from application.knowledge.add_sources import AddSource
from application.knowledge.archive_source import ArchiveSource
from application.knowledge.change_source import ChangeSource
from application.knowledge.read_sources import GetSource, ListSources, ListSourceVersions
from domain.shared.access import Actor
from entrypoints.http.conversations.conversations import ConversationController
from entrypoints.http.conversations.messages import MessageController, ThreadController
from entrypoints.http.conversations.moves import MoveController, TransitionController
from entrypoints.http.knowledge.sources import SourceController
from entrypoints.http.policies import POLICIES
from tests.http.support import OTHER_WORKSPACE, WORKSPACE, TokenTable, an_actor, build
from tests.support.talking import Talk, in_memory

CONTROLLERS = (
    ConversationController,
    MoveController,
    ThreadController,
    MessageController,
    TransitionController,
    SourceController,
)
_NAMES = ("conversations_", "conversation_", "messages_", "sources_", "source_")


class House:
    """The application, and the contexts behind it. Tokens: `ada`, `eve` of another workspace, `rob` who only reads."""

    def __init__(self) -> None:
        self.talk: Talk = in_memory()
        self.memory: Any = self.talk.raw
        self.ada = an_actor()
        self.talk.actor = self.ada
        callers: dict[str, Actor | Exception] = {
            "ada": self.ada,
            "eve": an_actor(workspace=OTHER_WORKSPACE),
            "rob": an_actor(permissions=frozenset({"conversations:read", "sources:read"})),
        }
        assert self.ada.tenant == WORKSPACE
        self.app: Any = build(
            self._objects(),
            controllers=CONTROLLERS,
            policies={name: policy for name, policy in POLICIES.items() if name.startswith(_NAMES)},
            clock=self.talk.clock,
            answers=self.talk.raw,
            authenticator=TokenTable(callers),
        )

    def _objects(self) -> dict[type[Any], Any]:
        talk = self.talk
        return {
            ListConversations: ListConversations(talk.queries),
            GetConversation: GetConversation(talk.queries),
            GetConversationStatus: GetConversationStatus(talk.queries),
            ListMessages: ListMessages(talk.queries),
            GetMessage: GetMessage(talk.queries),
            OpenConversation: talk.open,
            EditConversation: talk.edit,
            AssignConversation: talk.assign,
            CloseConversation: talk.close,
            ReopenConversation: talk.reopen,
            PostMessage: talk.post,
            AddSource: talk.add_source,
            ChangeSource: talk.change_source,
            ArchiveSource: talk.archive_source,
            ListSources: ListSources(talk.sources),
            GetSource: GetSource(talk.sources),
            ListSourceVersions: ListSourceVersions(talk.sources),
        }
