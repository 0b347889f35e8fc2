"""The settings of a command: from the environment, `.env`, and, unless in production, servers and keys of our own."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from entrypoints.settings import Environment, Settings, gather, load_settings

STATE: Final = Path(".usher")
_DOTENV: Final = Path(".env")
_SERVERS: Final = ("USHER_DATABASE_URL", "USHER_REDIS_URL")


@contextmanager
def settings_here(state: Path = STATE) -> Generator[Settings]:
    """Settings for a command, with running servers behind their URLs while the block lasts.

    Raises:
        BadSettings: with every fault.
        ClickException: the embedded servers cannot run here.
    """
    with values_here(state) as values:
        yield load_settings(values)


@contextmanager
def values_here(state: Path = STATE) -> Generator[Mapping[str, str]]:
    """The texts of `settings_here`, as a child process needs them in its environment."""
    values = gather(os.environ, _DOTENV)
    if values.get("USHER_ENV", Environment.DEV) == Environment.PRODUCTION:
        yield values
        return
    from entrypoints.composition.local import CannotStart, local_keys, start_servers

    values = gather(values, local_keys(state))
    if all(name in values or f"{name}_FILE" in values for name in _SERVERS):
        yield values
        return
    try:
        servers = start_servers(state)
    except (CannotStart, OSError) as error:
        raise click.ClickException(str(error)) from error
    with servers:
        own = dict(zip(_SERVERS, (servers.database_url, servers.redis_url), strict=True))
        yield own | values
