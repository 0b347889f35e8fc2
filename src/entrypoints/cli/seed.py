"""`usher seed`: the demo workspace."""

from typing import TYPE_CHECKING

import click

from entrypoints.cli.output import OK, json_option, show, table
from entrypoints.cli.services import with_services

if TYPE_CHECKING:
    import punq

    from entrypoints.demo.seeding import Seeded
    from entrypoints.settings import Settings


@click.command()
@click.option("--renew-key", is_flag=True, help="Make another API key where the text of the first is lost.")
@json_option
def seed(renew_key: bool, as_json: bool) -> int:
    """Fill the demo workspace, or what is missing of it. Repeatable."""
    from domain.shared.ids import public_id

    async def fill(services: "punq.Container", settings: "Settings") -> "Seeded":
        from entrypoints.demo.seeding import SeedDemo

        if settings.is_production:
            raise click.ClickException("the demo's passwords are public; it is not made with USHER_ENV=production")
        return await services.resolve(SeedDemo)(renew_key=renew_key)

    seeded = with_services(fill)
    workspace = public_id("wsp", seeded.workspace_id)
    rows = [("workspace", workspace)]
    rows += [(login.role, f"{login.email}  {login.password}") for login in seeded.logins]
    rows.append(("API key", seeded.api_key or "was told when it was made"))
    data = {
        "workspace_id": workspace,
        "logins": seeded.logins,
        "api_key": seeded.api_key,
        "sources": seeded.sources,
        "conversations": seeded.conversations,
    }
    show(data, table(rows), as_json=as_json)
    return OK
