"""What is said to a language model, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.assistance.costs import Usage


class Voice(StrEnum):
    """Whose words in a prompt: ours and the conversation's, or what the model said before."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One request to a language model.

    `system` is the same for all calls of a prompt version, so that providers can cache it; everything that
    varies is in `messages`, which begin and end with the user's. `schema` is the JSON Schema of the answer.
    """

    system: str
    messages: tuple[tuple[Voice, str], ...]
    schema: Mapping[str, object]
    longest_answer_tokens: int


class Stop(StrEnum):
    """Why a model stopped."""

    DONE = "done"
    CUT_OFF = "cut_off"
    DECLINED = "declined"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A model's answer: JSON text by the prompt's schema when `stop` is `done`."""

    text: str
    stop: Stop
    usage: Usage | None
    provider_request: str | None = None
