"""Writes what is committed under `docs/` from code: `python -m entrypoints.http.documents`."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from entrypoints.http.openapi.export import export
from entrypoints.http.problem_table import PROBLEMS

_HEAD: Final = """# Problems

Every error is `application/problem+json` (RFC 9457). `code` is the contract: branch on it, never on `title` or
`detail`. `type` opens the page of the code, served by the application itself. This list is made from
`src/entrypoints/http/problem_table.py`.

| Status | Code | Title |
| --- | --- | --- |
"""


def problems_page() -> str:
    """`docs/problems.md`."""
    rows = "".join(f"| {kind.status} | [`{code}`](#{code}) | {kind.title} |\n" for code, kind in PROBLEMS.items())
    sections: list[str] = []
    for code, kind in PROBLEMS.items():
        members = "".join(f"- `{name}`: {text}\n" for name, text in kind.members.items())
        extra = f"\nExtra members:\n\n{members}" if members else ""
        sections.append(
            f"\n## {code}\n\n**{kind.status} {kind.title}.** {kind.meaning}\n\nWhat to do: {kind.advice}\n{extra}"
        )
    return _HEAD + rows + "".join(sections)


def release() -> str:
    """The version of the installed distribution."""
    try:
        return version("usher")
    except PackageNotFoundError:
        return "0.1.0"


def write(folder: Path) -> None:
    """Write both files."""
    (folder / "problems.md").write_text(problems_page(), encoding="utf-8")
    (folder / "openapi.json").write_bytes(export(release()))


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[3] / "docs")
