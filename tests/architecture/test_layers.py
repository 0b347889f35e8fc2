"""Rules that import-linter cannot say."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
LAYERS = ("domain", "application", "adapters", "entrypoints")
SYSTEM = "adapters/system"
"""Where time, ids and chance come from."""
_CHANCE_AND_TIME = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("uuid", "uuid1"), ("uuid", "uuid4"), ("uuid", "uuid7"),
}  # fmt: skip


def _modules(folder: str) -> list[Path]:
    return sorted((SRC / folder).rglob("*.py"))


def _imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno


def _foreign_imports(layer: str, allowed: set[str]) -> list[str]:
    return [
        f"{file.relative_to(SRC)}:{line} imports {name}"
        for file in _modules(layer)
        for name, line in _imports(ast.parse(file.read_text()))
        if name.partition(".")[0] not in allowed | sys.stdlib_module_names
    ]


def test_the_domain_imports_only_itself_and_the_standard_library():
    assert _foreign_imports("domain", {"domain"}) == []


def test_the_application_adds_only_msgspec():
    assert _foreign_imports("application", {"domain", "application", "msgspec", "typing_extensions"}) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_name_is_ours(layer):
    package = importlib.import_module(layer)

    assert Path(package.__file__ or "").parent == SRC / layer


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_states_its_rule(layer):
    assert ast.get_docstring(ast.parse((SRC / layer / "__init__.py").read_text()))


def test_time_ids_and_chance_come_through_ports():
    found: list[str] = []
    for file in [*_modules("domain"), *_modules("application"), *_modules("adapters")]:
        name = file.relative_to(SRC).as_posix()
        if not name.startswith(SYSTEM):
            found += [f"{name}:{line} {what}" for line, what in _uses_of_chance(ast.parse(file.read_text()))]
    assert found == []


def _uses_of_chance(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for name, line in _imports(tree):
        if name == "secrets":
            yield line, "imports secrets"
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            written = ast.unparse(node.func).split(".")
            is_seeded = written[-1] == "Random" and bool(node.args)  # says the same each time
            if not is_seeded and (
                written[0] in {"uuid1", "uuid4", "uuid7", "Random"} | ({"random"} & modules)
                or tuple(written[-2:]) in _CHANCE_AND_TIME
            ):
                yield node.lineno, f"calls {ast.unparse(node.func)}"
