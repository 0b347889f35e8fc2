"""What is written down beside the code keeps up with it."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from domain.shared.events import Event
from entrypoints.worker.routes import FEED_ONLY, ROUTES

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs/decisions"


def _kinds_of_events(base: type[Event] = Event) -> Iterator[type[Event]]:
    for kind in base.__subclasses__():
        if "name" in vars(kind):
            yield kind
        yield from _kinds_of_events(kind)


def _all_events() -> set[type[Event]]:
    for file in sorted((ROOT / "src/domain").rglob("*.py")):
        importlib.import_module(".".join(file.relative_to(ROOT / "src").with_suffix("").parts))
    return {kind for kind in _kinds_of_events() if kind.__module__.startswith("domain.")}


def test_every_decision_is_in_the_index_under_its_title():
    listed = dict(re.findall(r"^- \[\d{4}\]\((\S+)\) (.+)$", (DECISIONS / "README.md").read_text(), re.MULTILINE))
    titles = {file.name: file.read_text().split("\n", 1)[0] for file in DECISIONS.glob("[0-9]*.md")}

    assert {name: f"# {int(name[:4])}. {title}" for name, title in listed.items()} == titles


def test_every_decision_ends_in_the_duty_that_it_imposes():
    mute = [file.name for file in DECISIONS.glob("[0-9]*.md") if "**Duty" not in file.read_text()]

    assert mute == []


def test_every_event_causes_jobs_or_says_why_not():
    events = _all_events()

    silent = {kind.name for kind in events if kind not in ROUTES and kind.name.partition(".")[0] not in FEED_ONLY}
    idle = FEED_ONLY.keys() - {kind.name.partition(".")[0] for kind in events - ROUTES.keys()}

    assert len(events) > 30
    assert silent == set()
    assert idle == set()


def test_every_event_is_named_for_a_thing_and_what_happened_to_it():
    odd = [kind.name for kind in _all_events() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", kind.name)]

    assert odd == []
