"""A Claude model as a `LanguageModel`."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from adapters.anthropic.failures import failure_of
from adapters.anthropic.prices import PROVIDER
from domain.assistance.calls import CallOutcome, ModelFailed
from domain.assistance.costs import Usage
from domain.assistance.models import Completion, Prompt, Stop

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types import Message, MessageParam, OutputConfigParam, TextBlockParam
    from anthropic.types import Usage as AnthropicUsage

_log = logging.getLogger(__name__)

_STOPS: Final = {
    "end_turn": Stop.DONE,
    "stop_sequence": Stop.DONE,
    "max_tokens": Stop.CUT_OFF,
    "model_context_window_exceeded": Stop.CUT_OFF,
    "refusal": Stop.DECLINED,
}
"""Any other reason, also one that does not exist yet, counts as failure."""

Effort = Literal["low", "medium", "high", "xhigh", "max"]


@dataclass(slots=True)
class AnthropicConnection:
    """One SDK client for all models of a process. Made on first use: the import alone takes a second."""

    api_key: str = field(repr=False)
    base_url: str
    is_strict: bool = False
    """Let the SDK refuse answers of a wrong shape; for holding fakes to the truth."""
    _client: "AsyncAnthropic | None" = field(default=None, repr=False)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def client(self) -> "AsyncAnthropic":
        """The client; the first time imported beside the event loop. Call it early to have it warm."""
        async with self._making:
            if self._client is None:
                await asyncio.to_thread(_import)
                self._client = self._make()
        return self._client

    async def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            await self._client.close()

    def _make(self) -> "AsyncAnthropic":
        import anthropic

        # Everything is said, so that no environment variable counts. Retries and spans are ours: one place for each.
        return anthropic.AsyncAnthropic(
            api_key=self.api_key,
            base_url=self.base_url,
            max_retries=0,
            http_client=anthropic.DefaultAioHttpClient(),
            open_telemetry=False,
            _strict_response_validation=self.is_strict,
        )


@dataclass(frozen=True, slots=True)
class AnthropicModel:
    """`LanguageModel` by one call of the Messages API, with structured output and a cached system prompt."""

    connection: AnthropicConnection
    model: str
    effort: Effort = "low"
    provider: str = PROVIDER

    async def complete(self, prompt: Prompt, /, *, timeout_seconds: float) -> Completion:
        """See `domain.assistance.ports.LanguageModel.complete`."""
        client = await self.connection.client()
        import anthropic
        import httpx2

        try:
            async with asyncio.timeout(timeout_seconds):
                message = await self._create(client, prompt, timeout_seconds)
        except anthropic.APIError as error:
            raise self._failed(failure_of(error), error) from error
        except TimeoutError as error:
            raise self._failed(ModelFailed(CallOutcome.TIMED_OUT), error) from error
        except httpx2.HTTPError as error:
            raise self._failed(ModelFailed(CallOutcome.UNREACHABLE), error) from error
        except ValueError as error:
            # A body that is no JSON at all: some proxy's page.
            raise self._failed(ModelFailed(CallOutcome.SERVER_FAULT), error) from error
        if not isinstance(cast("object", message), anthropic.types.Message):
            raise self._failed(ModelFailed(CallOutcome.SERVER_FAULT), None)
        return self._completion(message)

    async def _create(self, client: "AsyncAnthropic", prompt: Prompt, timeout_seconds: float) -> "Message":
        system: list[TextBlockParam] = [{"type": "text", "text": prompt.system, "cache_control": {"type": "ephemeral"}}]
        said = [{"role": voice.value, "content": text} for voice, text in prompt.messages]
        config: OutputConfigParam = {
            "effort": self.effort,
            "format": {"type": "json_schema", "schema": dict(prompt.schema)},
        }
        return await client.messages.create(
            model=self.model,
            max_tokens=prompt.longest_answer_tokens,
            system=system,
            messages=cast("list[MessageParam]", said),
            output_config=config,
            timeout=timeout_seconds,
        )

    def _completion(self, message: "Message") -> Completion:
        try:
            text = "".join(block.text for block in message.content if block.type == "text")
            completion = Completion(
                text=text,
                stop=_STOPS.get(message.stop_reason or "", Stop.OTHER),
                usage=_usage(message.usage),
                # Its documented name, underscore and all.
                provider_request=message._request_id,  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            )
        except (AttributeError, TypeError) as error:
            # The SDK builds its models without checking: a member may be missing.
            raise self._failed(ModelFailed(CallOutcome.SERVER_FAULT), error) from error
        facts = {"provider": self.provider, "model": self.model, "stop": message.stop_reason}
        _log.info("model answered", extra={**facts, "provider_request": completion.provider_request})
        return completion

    def _failed(self, failure: ModelFailed, cause: Exception | None) -> ModelFailed:
        facts = {"provider": self.provider, "model": self.model, "outcome": str(failure.outcome)}
        request = getattr(cause, "request_id", None)
        _log.warning(
            "model gave no answer",
            extra={**facts, "error_type": type(cause).__name__, "provider_request": request},
        )
        return failure


def _usage(usage: "AnthropicUsage | None") -> Usage | None:
    if usage is None or not isinstance(cast("object", usage.input_tokens), int):
        return None
    details = usage.output_tokens_details
    return Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        thinking_tokens=details.thinking_tokens if details else 0,
    )


def warm_up() -> None:
    """Import the SDK in a thread of its own, so that the first draft of a process need not wait for it."""
    threading.Thread(target=_import, name="anthropic-import", daemon=True).start()


def _import() -> Sequence[Any]:
    import anthropic
    import httpx2

    return anthropic, httpx2, anthropic.types.Message
