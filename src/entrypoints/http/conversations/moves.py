"""What can be done to a conversation, and the table of what is allowed when."""

from typing import Annotated, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from application.conversations.assign_conversation import AssignConversation
from application.conversations.close_conversation import CloseConversation
from application.conversations.queries import ConversationView
from application.conversations.reopen_conversation import ReopenConversation
from domain.conversations.conversation import Conversation
from domain.conversations.statuses import TRANSITIONS, Guard, Move, Status
from domain.shared.access import Actor
from domain.shared.ids import ConversationId, UserId, private_id
from entrypoints.http.conversations.bodies import Assignment, ConversationBody, ConversationEnvelope
from entrypoints.http.conversations.fields import ConversationIdInPath, MoveField, StatusField
from entrypoints.http.etags import tagged
from entrypoints.http.once import OnlyOnce


class MoveController(Controller):
    path = "/conversations/{conversation_id:str}"
    tags = ("Conversations",)

    @post("/assign", operation_id="conversations_assign", status_code=200, opt={"problems": ("invalid_state",)})
    async def assign(
        self,
        actor: NamedDependency[Actor],
        assign_conversation: NamedDependency[AssignConversation],
        once: NamedDependency[OnlyOnce],
        conversation_id: ConversationIdInPath,
        data: JSONBody[Assignment],
    ) -> Response[ConversationEnvelope]:
        """Assign a conversation to a member, or to nobody."""
        wanted = ConversationId(private_id("conv", conversation_id))
        assignee = None if data.assignee_id is None else UserId(private_id("usr", data.assignee_id))

        async def act(assign_conversation: AssignConversation) -> Response[ConversationEnvelope]:
            return _answer(await assign_conversation(actor=actor, conversation_id=wanted, assignee_id=assignee))

        return await once(assign_conversation, act)

    @post("/close", operation_id="conversations_close", status_code=200, opt={"problems": ("invalid_state",)})
    async def close(
        self,
        actor: NamedDependency[Actor],
        close_conversation: NamedDependency[CloseConversation],
        once: NamedDependency[OnlyOnce],
        conversation_id: ConversationIdInPath,
    ) -> Response[ConversationEnvelope]:
        """Close a conversation.

        The episode ends, an open draft is discarded. What the customer writes next opens a new episode.
        """
        wanted = ConversationId(private_id("conv", conversation_id))

        async def act(close_conversation: CloseConversation) -> Response[ConversationEnvelope]:
            return _answer(await close_conversation(actor=actor, conversation_id=wanted))

        return await once(close_conversation, act)

    @post("/reopen", operation_id="conversations_reopen", status_code=200, opt={"problems": ("invalid_state",)})
    async def reopen(
        self,
        actor: NamedDependency[Actor],
        reopen_conversation: NamedDependency[ReopenConversation],
        once: NamedDependency[OnlyOnce],
        conversation_id: ConversationIdInPath,
    ) -> Response[ConversationEnvelope]:
        """Reopen a closed conversation; a new episode starts."""
        wanted = ConversationId(private_id("conv", conversation_id))

        async def act(reopen_conversation: ReopenConversation) -> Response[ConversationEnvelope]:
            return _answer(await reopen_conversation(actor=actor, conversation_id=wanted))

        return await once(reopen_conversation, act)


class TransitionBody(msgspec.Struct, frozen=True):
    """One line of the status machine: in `current`, `move` leads to `next`."""

    current: StatusField
    move: MoveField
    next: StatusField
    guard: Annotated[
        Guard | None, Meta(description="What must hold besides. The set may grow.", examples=["draft_is_open"])
    ]
    effect: Annotated[str, Meta(description="What happens, in words.", examples=["A new episode starts."])]


class StatusMachineBody(msgspec.Struct, frozen=True):
    """The status machine of conversations. Whatever is not in it is refused with `invalid_state`."""

    statuses: Annotated[list[StatusField], Meta(description="All statuses.", examples=[["open", "closed"]])]
    moves: Annotated[list[MoveField], Meta(description="All moves.", examples=[["close", "reopen"]])]
    transitions: Annotated[list[TransitionBody], Meta(description="The table.")]


class StatusMachineEnvelope(msgspec.Struct, frozen=True):
    """The status machine."""

    data: StatusMachineBody


_MACHINE: Final = StatusMachineEnvelope(
    StatusMachineBody(
        statuses=list(Status),
        moves=list(Move),
        transitions=[
            TransitionBody(line.current, line.move, line.next, line.guard, line.effect) for line in TRANSITIONS
        ],
    )
)


class TransitionController(Controller):
    path = "/conversation-transitions"
    tags = ("Conversations",)

    @get(operation_id="conversation_transitions_get")
    async def show(self) -> StatusMachineEnvelope:
        """Show the status machine of conversations.

        Every legal move, with its guard and its effect. The same table decides.
        """
        return _MACHINE


def _answer(conversation: Conversation) -> Response[ConversationEnvelope]:
    body = ConversationBody.of(ConversationView.of(conversation))
    return tagged(ConversationEnvelope(body), conversation.version)
