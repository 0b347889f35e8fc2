"""Who may do what with suggestions, and when one is out of date.

The assistant acts with the caller it serves: who may not read conversations or sources cannot have them read by it.
"""

from typing import Final

from domain.assistance.ports import Thread
from domain.assistance.suggestion import Suggestion
from domain.shared.access import Actor

USE: Final = "assistance:use"
READ: Final = "conversations:read"

_TO_SUGGEST: Final = (USE, READ, "sources:read")
_TO_SEND: Final = (USE, "conversations:write")


def may_suggest(actor: Actor) -> bool:
    """Whether the caller may ask for drafts."""
    return all(map(actor.may, _TO_SUGGEST))


def may_read(actor: Actor) -> bool:
    """Whether the caller may see suggestions: they are part of the conversation."""
    return actor.may(READ)


def may_accept(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the caller may send this draft, in its own name."""
    return all(map(actor.may, _TO_SEND)) and actor.tenant == suggestion.workspace_id


def may_decline(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the caller may reject this draft, or give an opinion on it."""
    return actor.may(USE) and actor.tenant == suggestion.workspace_id


def is_stale(suggestion: Suggestion, thread: Thread) -> bool:
    """Whether somebody wrote after the last message that the suggestion saw, or a new episode began."""
    return (suggestion.saw_sequence, suggestion.episode) != (thread.last_sequence, thread.episode)
