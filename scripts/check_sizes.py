"""Files stay within 400 lines and functions within 50, so that a reader can hold one in mind.

The aim is 250 and 25; only the hard limits stop the build. Docstrings of functions do not count, nor do functions of
migrations: they are lists of columns.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "tests", "migrations", "scripts", "bench")
FILE_LINES = 400
FUNCTION_LINES = 50


def too_long(file: Path) -> Iterator[str]:
    """What exceeds a limit in this file."""
    source = file.read_text()
    lines = source.count("\n")
    name = file.relative_to(ROOT)
    if lines > FILE_LINES:
        yield f"{name}: {lines} lines (at most {FILE_LINES})"
    if name.parts[0] == "migrations":
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
            if size > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {size} lines (at most {FUNCTION_LINES})"


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines the docstring takes."""
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def main() -> int:
    """Print what is too long; 1 if anything is."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    findings = [finding for file in files for finding in too_long(file)]
    print("\n".join(findings) or f"sizes: {len(files)} files within limits")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
