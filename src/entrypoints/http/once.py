"""`Idempotency-Key` at the door: the effect and its answer are one transaction, a repeated request gets the answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar import Response

from application.shared.once import Answer, AnswersTx, Joined, Once
from domain.shared.errors import FieldProblem, Invalid
from domain.shared.ports import Transactions
from entrypoints.http.edge.exchange import Exchange, current
from entrypoints.http.responses import JsonResponse

U = TypeVar("U")
T = TypeVar("T")

_KEY: Final = re.compile(rb"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class OnlyOnce:
    """Runs a use case at most once per key. Ask for it as `once: NamedDependency[OnlyOnce]`.

    The use case must be a frozen dataclass with a field `transactions`; it gets a copy that joins the transaction
    in which the answer is kept. Nothing inside may wait for the network.
    """

    transactions: Transactions[AnswersTx]

    async def __call__(self, use_case: U, act: Callable[[U], Awaitable[Response[T]]]) -> Response[T]:
        """Do `act` with the use case, or repeat the answer that was given before.

        Raises:
            KeyReused: the key came with another request (422).
            StillRunning: the first request with this key has not ended (409).
        """
        exchange = current()
        if exchange.key is None:
            return await act(use_case)
        once = _once(exchange, exchange.key)
        tenant = _actor(exchange).tenant
        async with self.transactions.begin(tenant) as tx:
            answer = await tx.answers.find(once)
            is_replay = answer is not None
            if answer is None:
                joined: Joined[Any] = Joined(tx, tenant)
                response = await act(replace(cast("Any", use_case), transactions=joined))
                answer = _kept(response)
                await tx.answers.keep(once, answer)
        if is_replay:
            exchange.say("Idempotency-Replayed", "true")
        return cast("Response[T]", _respond(answer, exchange))


def key_of(exchange: Exchange) -> bytes | None:
    """The key that came with the request, without the quotes of the quoted form.

    Raises:
        Invalid: it is no key: 1 to 255 printable ASCII characters.
    """
    raw = exchange.headers.get(b"idempotency-key")
    if raw is None:
        return None
    if len(raw) >= 2 and raw[:1] == raw[-1:] == b'"':
        raw = re.sub(rb'\\(["\\])', rb"\1", raw[1:-1])
    if not _KEY.fullmatch(raw):
        raise Invalid(
            [
                FieldProblem(
                    parameter="Idempotency-Key",
                    code="invalid_format",
                    message="must be 1 to 255 printable ASCII characters",
                )
            ]
        )
    return raw


def _actor(exchange: Exchange) -> Any:
    if exchange.actor is None:
        raise RuntimeError("a public route has no caller to keep an answer for")
    return exchange.actor


def _once(exchange: Exchange, key: bytes) -> Once:
    operation = exchange.operation
    request = b"%s %s?%s\n%s" % (
        exchange.method.encode(),
        exchange.path.encode(),
        exchange.query,
        exchange.body,
    )
    return Once(
        caller=_actor(exchange).caller,
        route=operation.id if operation else exchange.path,
        key=key.decode("ascii"),
        fingerprint=sha256(request).digest(),
    )


def _kept(response: Response[Any]) -> Answer:
    if response.status_code is None:
        raise RuntimeError("an answer that is kept must say its status: use created(), accepted() or tagged()")
    return Answer(
        status=response.status_code,
        body=b"" if response.content is None else msgspec.json.encode(response.content),
        location=response.headers.get("Location"),
        etag=response.headers.get("ETag"),
    )


def _respond(answer: Answer, exchange: Exchange) -> JsonResponse[bytes]:
    headers: dict[str, str] = {}
    if answer.location is not None:
        headers["Location"] = answer.location
    if answer.etag is not None:
        headers["ETag"] = answer.etag
        exchange.etag = answer.etag.encode()
    if answer.status == 202:
        headers["Retry-After"] = "1"
    return JsonResponse(answer.body, status_code=answer.status, headers=headers)
