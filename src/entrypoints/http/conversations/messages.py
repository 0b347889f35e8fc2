"""Messages."""

from typing import Annotated, Literal

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec.example import Example
from litestar.params import JSONBody, QueryParameter

from application.conversations.post_message import PostMessage
from application.conversations.queries import MessageView
from application.conversations.read_messages import GetMessage, ListMessages
from domain.conversations.message import Author
from domain.shared.access import Actor
from domain.shared.errors import Invalid
from domain.shared.ids import ConversationId, MessageId, private_id
from entrypoints.http.conversations.fields import ConversationIdInPath, MessageIdInPath, SinceText, since_of
from entrypoints.http.conversations.message_bodies import MessageBody, MessageEnvelope, MessageList, NewMessage
from entrypoints.http.cursors import Paging
from entrypoints.http.etags import created, tagged
from entrypoints.http.fields import CursorText, Limit
from entrypoints.http.once import OnlyOnce

Sort = Annotated[
    Literal["sequence", "-sequence"],
    QueryParameter(
        description="Oldest first, or newest first to open a long thread at its end.",
        examples=[Example(value="-sequence")],
    ),
]


class ThreadController(Controller):
    path = "/conversations/{conversation_id:str}/messages"
    tags = ("Messages",)

    @get(operation_id="messages_list")
    async def page(
        self,
        actor: NamedDependency[Actor],
        list_messages: NamedDependency[ListMessages],
        paging: NamedDependency[Paging],
        conversation_id: ConversationIdInPath,
        limit: Limit = 20,
        cursor: CursorText = None,
        since: SinceText = None,
        sort: Sort = "sequence",
    ) -> MessageList:
        """List the messages of a conversation.

        What was sent, by sequence; drafts are not among them (see `open_draft_id` of the status). To poll, ask
        `since` the last message seen.
        """
        page = await list_messages(
            actor=actor,
            conversation_id=ConversationId(private_id("conv", conversation_id)),
            since=since_of(since),
            newest_first=sort == "-sequence",
            after=paging.after(cursor),
            limit=limit,
        )
        return MessageList(data=[MessageBody.of(view) for view in page.items], page=paging.info(page, limit))

    @post(
        operation_id="messages_create",
        opt={
            "retry": "required",
            "problems": ("invalid_state", "already_exists"),
            "answers": {200: MessageEnvelope},
        },
    )
    async def create(
        self,
        actor: NamedDependency[Actor],
        post_message: NamedDependency[PostMessage],
        once: NamedDependency[OnlyOnce],
        conversation_id: ConversationIdInPath,
        data: JSONBody[NewMessage],
    ) -> Response[MessageEnvelope]:
        """Write into a conversation.

        An open draft of the assistant is discarded: people win. A message of the customer reopens a closed
        conversation. A second try with the same `client_message_id` answers 200 with the first message.
        """
        wanted = ConversationId(private_id("conv", conversation_id))
        if data.author is Author.ASSISTANT:
            raise Invalid.at(
                "/author", "must be staff or customer; drafts are sent by accepting them", code="not_allowed"
            )

        async def act(post_message: PostMessage) -> Response[MessageEnvelope]:
            posted = await post_message(
                actor=actor,
                conversation_id=wanted,
                text=data.text,
                author=data.author,
                client_message_id=data.client_message_id,
            )
            body = MessageBody.of(MessageView.of(posted.message))
            if posted.is_repeat:
                return tagged(MessageEnvelope(body), posted.message.version)
            return created(MessageEnvelope(body), f"/api/v1/messages/{body.id}", version=posted.message.version)

        return await once(post_message, act)


class MessageController(Controller):
    path = "/messages"
    tags = ("Messages",)

    @get("/{message_id:str}", operation_id="messages_get", opt={"problems": ("gone",)})
    async def show(
        self,
        actor: NamedDependency[Actor],
        get_message: NamedDependency[GetMessage],
        message_id: MessageIdInPath,
    ) -> Response[MessageEnvelope]:
        """Show a message, also a draft.

        A draft is never shown once it is out of date, because somebody wrote in the meantime: 410.
        """
        view = await get_message(actor=actor, message_id=MessageId(private_id("msg", message_id)))
        return tagged(MessageEnvelope(MessageBody.of(view)), view.version)
