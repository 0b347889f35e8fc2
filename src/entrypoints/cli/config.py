"""`usher config`: settings before anything starts."""

import os
from pathlib import Path

import click
from rich_click import RichGroup

from entrypoints.cli.output import OK, json_option, show
from entrypoints.settings import Environment, example_file, gather, load_settings
from entrypoints.settings.loading import all_settings


@click.group(cls=RichGroup)
def config() -> None:
    """Check settings, or show an example."""


@config.command()
@json_option
def check(as_json: bool) -> int:
    """Check all settings; 78 with every fault in one message."""
    from entrypoints.composition.drafting import check_price

    values = gather(os.environ, Path(".env"))
    if values.get("USHER_ENV", Environment.DEV) != Environment.PRODUCTION:
        from entrypoints.composition.local import local_keys

        # Servers of our own fill in for these two when a command runs.
        stand_in = {"USHER_DATABASE_URL": "postgresql://embedded", "USHER_REDIS_URL": "redis://embedded"}
        values = stand_in | gather(values, local_keys(Path(".usher")))
    settings = load_settings(values)
    check_price(settings)
    shown = {setting.name: str(getattr(settings, setting.field.name)) for setting in all_settings()}
    show(shown, "\n".join(f"{name}={value}" for name, value in shown.items()), as_json=as_json)
    return OK


@config.command()
def example() -> int:
    """Print .env.example: every setting with its default."""
    click.echo(example_file(), nl=False)
    return OK
