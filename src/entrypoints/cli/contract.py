"""`usher routes` and `usher openapi`: the HTTP API without a running service."""

from pathlib import Path

import click
import msgspec
from rich_click import RichGroup

from entrypoints.cli.output import OK, json_option, note, show, table


class Route(msgspec.Struct, frozen=True):
    """One operation of the API."""

    method: str
    path: str
    operation: str
    who: str


class _Operation(msgspec.Struct):
    operationId: str = ""  # noqa: N815 - its name in the document


class _Document(msgspec.Struct):
    paths: dict[str, dict[str, _Operation]]


@click.command()
@json_option
def routes(as_json: bool) -> int:
    """List the API's routes, and who may call each."""
    from entrypoints.http.policies import POLICIES

    found: list[Route] = []
    for path, operations in msgspec.json.decode(_document(), type=_Document).paths.items():
        for method, operation in operations.items():
            if operation.operationId:
                name = operation.operationId
                policy = POLICIES[name]
                who = f"{policy.standing} {policy.permission or ''}".strip()
                found.append(Route(method.upper(), path, name, who))
    rows = [(route.method, route.path, route.who, route.operation) for route in found]
    show({"routes": found}, table(rows), as_json=as_json)
    return OK


@click.group(cls=RichGroup)
def openapi() -> None:
    """The API's contract, OpenAPI 3.1."""


@openapi.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here, not to stdout.")
def export(output: Path | None) -> int:
    """Print the contract, as it is committed in docs/openapi.json."""
    if output is None:
        click.echo(_document(), nl=False)
    else:
        try:
            output.write_bytes(_document())
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}") from error
        note(f"wrote {output}")
    return OK


def _document() -> bytes:
    from entrypoints.http.documents import release
    from entrypoints.http.openapi.export import export as exported

    return exported(release())
