"""What is installed is what was pinned, for every platform, from no particular index."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FILES = ("runtime", "embedded", "build", "dev", "bench")


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _pinned(file: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / f"{file}.txt").read_text().splitlines()
    return {_name(line): line for line in lines if line and not line.startswith((" ", "#"))}


def test_every_dependency_is_pinned():
    wanted = {_name(requirement) for requirement in PROJECT["dependencies"]}

    assert wanted - _pinned("runtime").keys() == set()


def test_the_embedded_extra_is_what_is_pinned_for_it():
    wanted = set(PROJECT["optional-dependencies"]["embedded"])
    asked = {
        line for line in (ROOT / "requirements/embedded.in").read_text().splitlines() if line and line[0].isalpha()
    }

    assert asked == wanted


@pytest.mark.parametrize("file", FILES)
def test_every_pin_is_exact_and_hashed(file):
    text = (ROOT / "requirements" / f"{file}.txt").read_text()

    for pin in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"\S+==\S+", pin)
        assert "--hash=sha256:" in pin


@pytest.mark.parametrize("file", FILES)
def test_no_index_is_named(file):
    assert not re.search(r"https?://|index-url|find-links", (ROOT / "requirements" / f"{file}.txt").read_text())


def test_the_names_of_our_layers_are_not_taken_by_a_dependency():
    taken = {"domain", "application", "adapters", "entrypoints"}

    assert not taken & {name for file in FILES for name in _pinned(file)}
