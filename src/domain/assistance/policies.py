"""Who may do what with suggestions, and what text may leave."""

from typing import Final

from domain.assistance.suggestion import Suggestion
from domain.shared.access import Actor

SUGGEST: Final = "assistance:suggest"
"""Ask for drafts, and see them."""

DECIDE: Final = "assistance:decide"
"""Accept, reject and rate drafts. Accepting sends a message in the caller's name."""

LONGEST_REPLY: Final = 10_000
"""Characters of a text that a person sends in place of the draft."""


def may_suggest(actor: Actor) -> bool:
    """Whether the caller may ask for drafts and read them. The assistant then sees what the caller may see, no more."""
    return actor.may(SUGGEST)


def may_decide(actor: Actor, suggestion: Suggestion) -> bool:
    """Whether the caller may accept, reject or rate this one."""
    return actor.may(DECIDE) and actor.tenant == suggestion.workspace_id


def is_stale(suggestion: Suggestion, last_sequence: int) -> bool:
    """Whether a message came after the last one that the suggestion saw."""
    return last_sequence != suggestion.saw_sequence
