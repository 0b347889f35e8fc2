"""What commands print: results to stdout, as text or as JSON; everything else to stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

import click
import msgspec

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., object])

OK: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
MISCONFIGURED: Final = 78
"""EX_CONFIG. Source: sysexits.h."""

_FLAG: Final = "--json"


def json_option(command: Command) -> Command:
    """Give a command the flag `--json`, as the parameter `as_json`."""
    return click.option(_FLAG, "as_json", is_flag=True, help="Print JSON.")(command)


def show(data: object, text: str, *, as_json: bool) -> None:
    """Print a result: `data` as JSON, or `text` for people."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2) if as_json else text)


def table(rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as their widest cell."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def note(text: str) -> None:
    """Tell a person something that is not the result."""
    click.echo(text, err=True)


def complain(code: str, detail: str) -> None:
    """Say on stderr what went wrong, as JSON when JSON was asked for."""
    if _FLAG in sys.argv:
        click.echo(msgspec.json.encode({"error": {"code": code, "detail": detail}}), err=True)
    else:
        click.echo(f"usher: {detail}", err=True)


def with_progress(items: Iterable[T], *, label: str, total: int, as_json: bool) -> Iterator[T]:
    """The same items, with a bar on stderr while they pass; no bar for JSON or where nobody watches."""
    if as_json or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=label, total=total, console=Console(stderr=True))
