"""The built-in drafter."""

from domain.assistance.drafting.drafter import draft_reply

__all__ = ["draft_reply"]
