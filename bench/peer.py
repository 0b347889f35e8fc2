"""The usual way: FastAPI, pydantic and the SQLAlchemy ORM, doing the same as `bare`."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Header
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from adapters.postgres.tables.conversations import ConversationRow, MessageRow
from adapters.postgres.tables.operations import AnswerRow, EventRow, FeedHeadRow, JobRow

WORKSPACE = uuid.UUID(os.environ["BENCH_WORKSPACE"])
_engine = create_async_engine(
    os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"), pool_size=10, max_overflow=0
)
_session = async_sessionmaker(_engine, expire_on_commit=False)


class Line(BaseModel):
    """One conversation."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    number: int
    customer_name: str
    customer_email: str | None
    channel: str
    subject: str
    priority: str
    status: str
    assignee_id: uuid.UUID | None
    last_sequence: int
    episode: int
    created_at: datetime
    last_message_at: datetime
    first_reply_at: datetime | None
    waiting_since_at: datetime | None
    closed_at: datetime | None
    version: int


class Page(BaseModel):
    data: list[Line]
    has_more: bool


class One(BaseModel):
    data: Line


class NewMessage(BaseModel):
    text: str
    author: str


@asynccontextmanager
async def _life(_: FastAPI) -> AsyncIterator[None]:
    yield
    await _engine.dispose()


app = FastAPI(lifespan=_life)


@app.get("/conversations")
async def page() -> Page:
    """List 20."""
    newest = (
        select(ConversationRow)
        .where(ConversationRow.workspace_id == WORKSPACE)
        .order_by(ConversationRow.created_at.desc(), ConversationRow.id.desc())
        .limit(21)
    )
    async with _session() as session:
        rows = (await session.scalars(newest)).all()
    return Page(data=[Line.model_validate(row) for row in rows[:20]], has_more=len(rows) > 20)


@app.get("/conversations/{conversation_id}")
async def one(conversation_id: uuid.UUID) -> One:
    """Get one."""
    wanted = select(ConversationRow).where(
        ConversationRow.workspace_id == WORKSPACE, ConversationRow.id == conversation_id
    )
    async with _session() as session:
        row = (await session.scalars(wanted)).one()
    return One(data=Line.model_validate(row))


@app.post("/conversations/{conversation_id}/messages")
async def send(
    conversation_id: uuid.UUID, new: NewMessage, idempotency_key: Annotated[str, Header()]
) -> dict[str, Any]:
    """Send a message."""
    now, message_id = datetime.now(UTC), uuid.uuid4()
    async with _session() as session, session.begin():
        locked = select(ConversationRow).where(ConversationRow.id == conversation_id).with_for_update()
        conversation = (await session.scalars(locked)).one()
        conversation.last_sequence += 1
        conversation.last_message_at = now
        conversation.version += 1
        body = {"id": message_id, "sequence": conversation.last_sequence, "text": new.text, "sent_at": now}
        session.add(message_row(message_id, conversation, new.text, now))
        session.add(answer_row(idempotency_key, body, now))
        session.add(job_row(now))
        await session.flush()
        head_of = select(FeedHeadRow).where(FeedHeadRow.workspace_id == WORKSPACE).with_for_update()
        head = (await session.scalars(head_of)).one()
        head.position += 1
        session.add(event_row(head.position, now))
    return {"data": body}


def message_row(message_id: uuid.UUID, conversation: ConversationRow, text: str, now: datetime) -> MessageRow:
    """The message."""
    return MessageRow(
        workspace_id=WORKSPACE,
        id=message_id,
        version=1,
        conversation_id=conversation.id,
        sequence=conversation.last_sequence,
        episode=1,
        author="customer",
        recorded_by="bench",
        text=text,
        state="sent",
        created_at=now,
        sent_at=now,
    )


def answer_row(key: str, body: dict[str, Any], now: datetime) -> AnswerRow:
    """The stored answer."""
    return AnswerRow(
        workspace_id=WORKSPACE,
        caller="bench",
        route="send",
        key=key,
        fingerprint=b"\0" * 32,
        status=201,
        body=str(body).encode(),
        created_at=now,
    )


def job_row(now: datetime) -> JobRow:
    """The job."""
    return JobRow(
        workspace_id=WORKSPACE,
        id=uuid.uuid4(),
        kind="bench",
        queue="bulk",
        payload={},
        state="cancelled",
        attempts=0,
        deaths=0,
        run_at=now,
        created_at=now,
    )


def event_row(position: int, now: datetime) -> EventRow:
    """The event."""
    return EventRow(
        workspace_id=WORKSPACE,
        position=position,
        id=uuid.uuid4(),
        name="message.sent",
        subject="msg",
        data={},
        occurred_at=now,
    )
