"""Prompts as versioned texts. One that was used is never changed: a new one gets a new number and a line here.

Versions:
- reply-1 (2026-11): the first. Facts only from sources, one question at most, hand off rather than guess.
"""

from functools import cache
from importlib.resources import files
from typing import Final

REPLY: Final = "reply-1"
"""The version in use for drafting replies."""


@cache
def prompt(version: str) -> str:
    """The text of this version."""
    return files(__name__).joinpath(f"{version}.md").read_text(encoding="utf-8")
