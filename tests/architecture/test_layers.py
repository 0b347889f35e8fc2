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
        if name.startswith(SYSTEM):
            continue
        tree = ast.parse(file.read_text())
        found += [
            f"{name}:{line} imports {module}" for module, line in _imports(tree) if module in {"random", "secrets"}
        ]
        found += [f"{name}:{call.lineno} calls {ast.unparse(call.func)}" for call in _calls_of_chance(tree)]
    assert found == []


def _calls_of_chance(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            written = ast.unparse(node.func).split(".")
            if tuple(written[-2:]) in _CHANCE_AND_TIME or written in (["uuid4"], ["uuid7"], ["uuid1"]):
                yield node
