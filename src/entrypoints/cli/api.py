"""`usher routes` and `usher openapi`: what the API answers to, without starting it."""

from pathlib import Path
from typing import Any

import click
import msgspec
from rich_click import RichGroup

from entrypoints.cli.output import OK, json_option, show, table

_METHODS = ("get", "post", "put", "patch", "delete")


@click.command()
@json_option
def routes(as_json: bool) -> int:
    """List every route with its operation and policy."""
    from entrypoints.http.policies import POLICIES

    paths: dict[str, dict[str, Any]] = _document()["paths"]
    found = [
        (method.upper(), path, str(operation["operationId"]))
        for path, item in paths.items()
        for method, operation in item.items()
        if method in _METHODS
    ]
    lines = [(*each, _policy(POLICIES[each[2]])) for each in found]
    names = ("method", "path", "operation_id", "policy")
    show({"routes": [dict(zip(names, line, strict=True)) for line in lines]}, table(lines), as_json=as_json)
    return OK


def _policy(policy: Any) -> str:
    return f"{policy.standing} {policy.permission or ''}".strip()


@click.group(cls=RichGroup)
def openapi() -> None:
    """The API's contract."""


@openapi.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here, not to standard output.")
@click.option("--json", "as_json", is_flag=True, help="It is JSON anyway.")
def export(out: Path | None, as_json: bool) -> int:
    """Print the OpenAPI 3.1 document."""
    from entrypoints.http.documents import release
    from entrypoints.http.openapi.export import export as exported

    text = exported(release())
    if out is None:
        click.echo(text.decode().rstrip("\n"))
        return OK
    out.write_bytes(text)
    show({"path": str(out), "bytes": len(text)}, f"wrote {out}", as_json=as_json)
    return OK


def _document() -> dict[str, Any]:
    from entrypoints.http.documents import release
    from entrypoints.http.openapi.export import export as exported

    document: dict[str, Any] = msgspec.json.decode(exported(release()))
    return document
