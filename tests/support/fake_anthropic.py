"""Anthropic's Messages API on loopback: keeps a journal, refuses what the real one refuses, fails as told.

By the facts of the API of version 2026-10-21; driven by the real SDK in tests. Knows nothing of our adapter.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

KEY = "sk-ant-loopback"
VERSION = "2026-10-21"
MODELS = frozenset({"claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-4-5"})
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    503: "timeout_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_PARAMETERS = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "output_config",
        "thinking",
        "tools",
        "tool_choice",
        "stop_sequences",
        "metadata",
        "cache_control",
        "service_tier",
        "speed",
        "stream",
    }
)
_BOUNDS = frozenset({"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf"})


@dataclass(frozen=True, kw_only=True)
class Says:
    """An answer: text (or JSON to be written), why it stopped, what it used, after how long."""

    text: str | None = None
    reply: Mapping[str, Any] | None = None
    stop_reason: str | None = "end_turn"
    stop_details: Mapping[str, Any] | None = None
    usage: Mapping[str, Any] = field(default_factory=dict[str, Any])
    thinks: str = ""
    delay_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Fails:
    """An error in Anthropic's own shape."""

    status: int
    type: str | None = None
    error_code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A body that is not Anthropic's: garbage, or one that breaks off (`cut_after` bytes)."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    cut_after: int | None = None
    delay_seconds: float = 0.0


Act = Says | Fails | Raw
Script = Act | Callable[[Mapping[str, Any]], Act]


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class FakeAnthropic:
    """Answers by its script, in turn, then always by `otherwise`."""

    url: str = ""
    script: list[Script] = field(default_factory=list[Script])
    otherwise: Script = field(default_factory=lambda: Says(reply=HELLO))
    journal: list[Received] = field(default_factory=list[Received])
    answered: list[str] = field(default_factory=list[str])
    """The ids that its answers had, in order."""
    cancelled: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def bodies(self) -> list[Any]:
        return [received.body for received in self.journal]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                pass
        self._open.discard(writer)
        writer.close()

    async def hang_up(self) -> None:
        """End all connections; each ends its own `serve`."""
        for writer in tuple(self._open):
            writer.close()
        while self._open:
            await asyncio.sleep(0.001)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        method, path, _ = line.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest if each)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = raw
        self.journal.append(Received(method, path, headers, body))
        act = refusal_of(method, path, headers, body) or self._next(body)
        await self._wait(act.delay_seconds, reader)
        return await self._answer(act, body, writer)

    def _next(self, body: Any) -> Act:
        act = self.script.pop(0) if self.script else self.otherwise
        return act if isinstance(act, Says | Fails | Raw) else act(body)

    async def _wait(self, seconds: float, reader: asyncio.StreamReader) -> None:
        """Take so long, unless the client hangs up."""
        if not seconds:
            return
        try:
            await asyncio.wait_for(reader.read(1), seconds)
        except TimeoutError:
            return
        self.cancelled += 1
        raise ConnectionError

    async def _answer(self, act: Act, body: Any, writer: asyncio.StreamWriter) -> bool:
        number = next(self._numbers)
        headers = {"request-id": f"req_{number:024d}", "content-type": "application/json"}
        self.answered.append(headers["request-id"])
        status, cut = 200, None
        if isinstance(act, Raw):
            status, payload, cut = act.status, act.body, act.cut_after
            headers["content-type"] = act.content_type
        elif isinstance(act, Fails):
            status, payload = act.status, json.dumps(error_body(act, headers["request-id"])).encode()
            headers |= act.headers
        else:
            payload = json.dumps(message_body(act, body["model"], number)).encode()
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
        lines.append(f"content-length: {len(payload)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + (payload if cut is None else payload[:cut]))
        await writer.drain()
        return cut is None


HELLO = {
    "decision": "hand_off",
    "text": "",
    "reason": "nothing is known",
    "claims": [],
    "questions": [],
    "missing": ["everything"],
}


def message_body(says: Says, model: str, number: int) -> dict[str, Any]:
    text = says.text if says.text is not None else json.dumps(says.reply)
    content: list[dict[str, Any]] = [{"type": "text", "text": text, "citations": None}] if text else []
    if says.thinks:
        content.insert(0, {"type": "thinking", "thinking": says.thinks, "signature": "c2ln"})
    usage = {
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "service_tier": "standard",
        "output_tokens_details": {"thinking_tokens": 0},
    }
    return {
        "id": f"msg_{number:024d}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": says.stop_reason,
        "stop_sequence": None,
        "stop_details": says.stop_details,
        "usage": usage | dict(says.usage),
    }


def error_body(fails: Fails, request_id: str) -> dict[str, Any]:
    error: dict[str, Any] = {"type": fails.type or _TYPES[fails.status], "message": "as told", "details": None}
    if fails.error_code:
        error["details"] = {"error_code": fails.error_code}
    return {"type": "error", "error": error, "request_id": request_id}


def refusal_of(method: str, path: str, headers: Mapping[str, str], body: Any) -> Fails | None:
    """What the real API would say to a request like this; None where it would answer."""
    if (method, path.partition("?")[0]) != ("POST", "/v1/messages"):
        return Fails(status=404)
    if headers.get("authorization") != f"Bearer {KEY}":
        return Fails(status=401)
    is_json = headers.get("content-type", "").startswith("application/json")
    if headers.get("anthropic-version") != VERSION or not is_json or not isinstance(body, dict):
        return Fails(status=400)
    if body.get("model") not in MODELS:
        return Fails(status=404)
    return Fails(status=400) if is_wrong(body) else None


def is_wrong(body: Mapping[str, Any]) -> bool:
    """Whether the parameters break a rule of the API."""
    messages, tokens = body.get("messages"), body.get("max_tokens")
    if body.keys() - _PARAMETERS or not isinstance(tokens, int) or not 0 <= tokens <= 128_000:
        return True
    if not messages or {message["role"] for message in messages} - {"user", "assistant"}:
        return True
    if messages[0]["role"] != "user" or messages[-1]["role"] != "user":
        return True  # no current model takes the beginning of its own answer
    if any(not message["content"] for message in messages):
        return True
    is_forced = (body.get("tool_choice") or {}).get("type") in {"any", "tool"}
    is_silenced = (body.get("thinking") or {}).get("type") == "disabled"
    if body["model"] == "claude-sonnet-5-5" and (is_forced or is_silenced):
        return True
    wanted = (body.get("output_config") or {}).get("format")
    return wanted is not None and (wanted.get("type") != "json_schema" or not is_closed(wanted.get("schema")))


def is_closed(schema: Any) -> bool:
    """Whether a schema is of the subset: closed objects, no bounds."""
    if isinstance(schema, list):
        return all(map(is_closed, schema))
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return False
    return not schema.keys() & _BOUNDS and all(map(is_closed, schema.values()))


@asynccontextmanager
async def fake_anthropic(*script: Script) -> AsyncGenerator[FakeAnthropic]:
    """One that listens on a free port of loopback until the block ends."""
    fake = FakeAnthropic(script=list(script))
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.close()
        await fake.hang_up()
