"""The checklists of the replay: what the businesses in the conversations on file must know before they look up.

They are data, in our own words, in `replay_checklists.json`; the format is that of `domain.assistance.drafting`,
save that `"choices": "cities"` stands for the list of cities kept once. Slot names are those of the services'
schemas, so that questions can be compared with what people asked for. They are sources like any other: the replay
attaches them to its workspace.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

_FILE = Path(__file__).with_suffix(".json")


def replay_checklists() -> list[tuple[str, str]]:
    """Title and text of each checklist, ready to be written as a CHECKLIST source."""
    document: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    checklists = cast("list[dict[str, Any]]", document["checklists"])
    return [(str(one["topic"]), json.dumps(_with_cities(one, document["cities"]))) for one in checklists]


def _with_cities(checklist: dict[str, Any], cities: Mapping[str, Any]) -> dict[str, Any]:
    slots = cast("list[dict[str, Any]]", checklist["slots"])
    return checklist | {"slots": [s | {"choices": cities} if s.get("choices") == "cities" else s for s in slots]}
