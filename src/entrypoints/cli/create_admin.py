"""`usher create-admin`: the first person who may manage this installation."""

import asyncio
import sys

import click
from rich_click import RichCommand

from entrypoints.cli.here import settings_here
from entrypoints.cli.output import OK, json_option, show


@click.command("create-admin", cls=RichCommand)
@click.option("--email", help="The address to sign in with; asked for if missing.")
@click.option("--name", help="How the person is shown; else what stands before the @.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@json_option
def create_admin(email: str | None, name: str | None, password_stdin: bool, as_json: bool) -> int:
    """Create an account that administers this installation."""
    email = email or click.prompt("E-mail address", err=True)
    password = _read() if password_stdin else _ask()
    user_id = asyncio.run(_create(str(email), password, name))
    data = {"id": user_id, "email": email, "is_admin": True}
    show(data, f"{email} administers this installation now, as {user_id}.", as_json=as_json)
    return OK


def _read() -> str:
    line = sys.stdin.readline()
    if not line.strip("\r\n"):
        raise click.UsageError("--password-stdin needs a password on standard input")
    return line.rstrip("\r\n")


def _ask() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


async def _create(email: str, password: str, name: str | None) -> str:
    from application.identity.register import CreateAccount
    from domain.shared.errors import Invalid
    from domain.shared.ids import public_id
    from entrypoints.composition.services import open_services

    with settings_here() as settings:
        async with open_services(settings) as services:
            create = services.resolve(CreateAccount)
            try:
                user = await create(
                    email=email, password=password, display_name=name or email.partition("@")[0], is_admin=True
                )
            except Invalid as error:
                faults = [f"{(each.pointer or '')[1:]} {each.message}" for each in error.problems]
                raise click.UsageError("; ".join(faults)) from error
    return public_id("usr", user.id)
