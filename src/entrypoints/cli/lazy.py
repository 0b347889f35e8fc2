"""Commands that are imported when they are called, so that help is instant."""

import importlib
from collections.abc import Mapping
from typing import Any

import click
from rich_click import RichCommand, RichGroup
from typing_extensions import override


class LazyCommand(RichCommand):
    """A name and a line of help; the command itself is `module:attribute`."""

    def __init__(self, name: str, summary: str, target: str) -> None:
        super().__init__(name=name, help=summary, short_help=summary)
        self.target = target

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    @override
    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.load().make_context(info_name, args, parent, **extra)


class LazyGroup(RichGroup):
    """A group of lazy commands."""

    def fill(self, table: Mapping[str, tuple[str, str]]) -> "LazyGroup":
        """Take in commands: name -> (module:attribute, one line of help)."""
        for name, (target, summary) in table.items():
            self.add_command(LazyCommand(name, summary, target))
        return self
