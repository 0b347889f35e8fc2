"""The honest floor: a bare ASGI function on asyncpg. No authentication, no tenancy, no logs; the same rows.

List and get are one statement. Send is one transaction that writes the same rows as ours: the message, the
conversation's row, the event and its feed head, the job, and the stored answer.
"""

import os
import uuid
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

WORKSPACE = uuid.UUID(os.environ["BENCH_WORKSPACE"])
URL = os.environ["BENCH_DATABASE_URL"]
_COLUMNS = (
    "id, number, customer_name, customer_email, channel, subject, priority, status, assignee_id, last_sequence, "
    "episode, created_at, last_message_at, first_reply_at, waiting_since_at, closed_at, version"
)
_LIST = f"SELECT {_COLUMNS} FROM conversations WHERE workspace_id = $1 ORDER BY created_at DESC, id DESC LIMIT 21"
_GET = f"SELECT {_COLUMNS} FROM conversations WHERE workspace_id = $1 AND id = $2"
_LOCK = "SELECT last_sequence FROM conversations WHERE id = $1 FOR UPDATE"
_TOUCH = "UPDATE conversations SET last_sequence = $2, last_message_at = $3, version = version + 1 WHERE id = $1"
_MESSAGE = (
    "INSERT INTO messages (workspace_id, id, version, conversation_id, sequence, episode, author, recorded_by, text, "
    "state, created_at, sent_at) VALUES ($1, $2, 1, $3, $4, 1, 'customer', 'bench', $5, 'sent', $6, $6)"
)
_HEAD = "UPDATE feed_heads SET position = position + 1 WHERE workspace_id = $1 RETURNING position"
_EVENT = (
    "INSERT INTO events (workspace_id, position, id, name, subject, data, occurred_at) "
    "VALUES ($1, $2, $3, 'message.sent', 'msg', '{}', $4)"
)
_JOB = (
    "INSERT INTO jobs (workspace_id, id, kind, queue, payload, state, attempts, deaths, run_at, created_at) "
    "VALUES ($1, $2, 'bench', 'bulk', '{}', 'cancelled', 0, 0, $3, $3)"
)
_ANSWER = (
    "INSERT INTO answers (workspace_id, caller, route, key, fingerprint, status, body, created_at) "
    "VALUES ($1, 'bench', 'send', $2, $3, 201, $4, $5)"
)


class Line(msgspec.Struct):
    """One conversation."""

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


class NewMessage(msgspec.Struct):
    """What is sent."""

    text: str
    author: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(NewMessage).decode
_state: dict[str, Any] = {}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Three routes by hand."""
    if scope["type"] == "lifespan":
        await receive()
        _state["pool"] = await asyncpg.create_pool(URL, min_size=10, max_size=10)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _state["pool"].close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    parts = scope["path"].split("/")
    if scope["method"] == "POST":
        body = await post(uuid.UUID(parts[2]), scope, receive)
    elif len(parts) > 2:
        row = await _state["pool"].fetchrow(_GET, WORKSPACE, uuid.UUID(parts[2]))
        body = _encode({"data": Line(*row)})
    else:
        rows = await _state["pool"].fetch(_LIST, WORKSPACE)
        body = _encode({"data": [Line(*row) for row in rows[:20]], "page": {"has_more": len(rows) > 20}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def post(conversation_id: uuid.UUID, scope: Any, receive: Any) -> bytes:
    """One transaction with the same rows."""
    raw = (await receive())["body"]
    new = _decode(raw)
    key = dict(scope["headers"])[b"idempotency-key"].decode()
    now, message_id = datetime.now(UTC), uuid.uuid4()
    async with _state["pool"].acquire() as connection, connection.transaction():
        sequence = await connection.fetchval(_LOCK, conversation_id) + 1
        await connection.execute(_MESSAGE, WORKSPACE, message_id, conversation_id, sequence, new.text, now)
        await connection.execute(_TOUCH, conversation_id, sequence, now)
        body = _encode({"data": {"id": message_id, "sequence": sequence, "text": new.text, "sent_at": now}})
        await connection.execute(_ANSWER, WORKSPACE, key, b"\0" * 32, body, now)
        await connection.execute(_JOB, WORKSPACE, uuid.uuid4(), now)
        position = await connection.fetchval(_HEAD, WORKSPACE)
        await connection.execute(_EVENT, WORKSPACE, position, uuid.uuid4(), now)
    return body
