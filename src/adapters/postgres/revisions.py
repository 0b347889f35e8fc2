"""The revision files of this release, read without Alembic. Their chain is linear and numbered by file name."""

import ast
from pathlib import Path


def migrations_folder() -> Path:
    """Where the revision files are, in a wheel or in a checkout.

    Raises:
        FileNotFoundError: neither has them; the installation is broken.
    """
    here = Path(__file__).resolve()
    for folder in (here.parent / "schema/migrations", here.parents[3] / "migrations"):
        if (folder / "env.py").exists():
            return folder
    raise FileNotFoundError("this installation has no migrations folder")


def revisions() -> list[tuple[str, str]]:
    """(revision, first line of the docstring) of each file, oldest first."""
    found: list[tuple[str, str]] = []
    for file in sorted((migrations_folder() / "versions").glob("[0-9]*_*.py")):
        said = ast.get_docstring(ast.parse(file.read_bytes())) or ""
        found.append((file.name.split("_", 1)[0], said.split("\n", 1)[0]))
    return found
