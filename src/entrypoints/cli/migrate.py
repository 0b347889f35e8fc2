"""`usher migrate`: the schema of the database."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich_click import RichGroup

from entrypoints.cli.here import settings_here
from entrypoints.cli.output import FAILED, OK, json_option, note, show, table

if TYPE_CHECKING:
    from entrypoints.composition.schema import Migration


@click.group(cls=RichGroup)
def migrate() -> None:
    """Change the database's schema."""


@migrate.command()
@click.option("--to", "revision", default="head", show_default=True, help="The revision to end at.")
@json_option
def up(revision: str, as_json: bool) -> int:
    """Apply what is missing."""
    from entrypoints.composition.schema import migrate_up

    with settings_here() as settings:
        applied = asyncio.run(migrate_up(settings.owner_url, revision))
    _show(applied, "nothing to apply", as_json=as_json)
    return OK


@migrate.command()
@click.option("--to", "revision", default="-1", show_default=True, help="The revision to end at; base for none.")
@click.option("--yes", is_flag=True, help="Do not ask. Data in what is taken back is lost.")
@json_option
def down(revision: str, yes: bool, as_json: bool) -> int:
    """Take revisions back, with their data."""
    from entrypoints.composition.schema import migrate_down

    if not yes:
        click.confirm("This drops tables or columns and what is in them. Go on?", abort=True, err=True)
    with settings_here() as settings:
        taken_back = asyncio.run(migrate_down(settings.owner_url, revision))
    _show(taken_back, "nothing to take back", as_json=as_json)
    return OK


@migrate.command()
@json_option
def status(as_json: bool) -> int:
    """List the revisions."""
    from entrypoints.composition.schema import migration_status

    with settings_here() as settings:
        revisions = asyncio.run(migration_status(settings.owner_url))
    _show(revisions, "no revisions", as_json=as_json)
    return OK


@migrate.command()
@json_option
def check(as_json: bool) -> int:
    """Compare files, database and code; 1 if they differ."""
    from entrypoints.composition.schema import find_drift

    with settings_here() as settings:
        findings = asyncio.run(find_drift(settings.owner_url))
    show({"findings": findings}, "\n".join(findings) or "files, database and code agree", as_json=as_json)
    return FAILED if findings else OK


def _show(migrations: Sequence["Migration"], nothing: str, *, as_json: bool) -> None:
    rows = [(m.revision, "applied" if m.is_applied else "pending", m.message) for m in migrations]
    if not rows and not as_json:
        note(nothing)
        return
    show({"migrations": migrations}, table(rows), as_json=as_json)
