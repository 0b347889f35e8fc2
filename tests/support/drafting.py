"""Builders for tests of the built-in drafter: a dealership, a bicycle rental, and talks with them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.shared.ids import SourceId

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

FIND_A_BIKE: dict[str, Any] = {
    "topic": "renting a bicycle",
    "purpose": "find",
    "services": ["Bikes"],
    "about": ["bike*", "bicycle*"],
    "tell": ["kind", "shop", "start_date", "price"],
    "names": {"price": ["how much", "cost*"]},
    "slots": [
        {"name": "city", "type": "place", "ask": "In which town?", "choices": {"Lyon": ["lugdunum"]}},
        {"name": "end_date", "type": "date", "ask": "Until when?", "cues": ["until", "to"],
         "asks": ["until", "how long"]},
        {"name": "start_date", "type": "date", "ask": "From which day?", "cues": ["from"], "usual": True},
        {"name": "kind", "type": "choice", "ask": "Which kind?", "required": False,
         "choices": {"City": ["town bike"], "Mountain": ["mtb"]}},
    ],
}  # fmt: skip
BOOK_A_BIKE: dict[str, Any] = {
    "topic": "booking a bicycle",
    "purpose": "book",
    "services": ["Bikes"],
    "wants": ["book*", "reserve*"],
    "slots": [
        {"name": "shop", "type": "place", "label": "shop", "ask": "At which shop?"},
        {"name": "helmets", "type": "number", "label": "helmets", "ask": "How many helmets?", "cues": ["helmet*"]},
        {"name": "time", "type": "time", "also": ["pickup_time"], "label": "time", "ask": "What time suits?"},
    ],
}
TEST_DRIVE: dict[str, Any] = {
    "topic": "a test drive",
    "purpose": "book",
    "services": ["stock"],
    "about": ["test drive"],
    "wants": ["test drive", "try it"],
    "slots": [
        {"name": "date", "type": "date", "label": "day", "ask": "On which day would you like to come?"},
        {"name": "time", "type": "time", "label": "time", "ask": "At what time would suit you?"},
    ],
}


def a_checklist(document: Mapping[str, Any]) -> Fact:
    return Fact(
        source_id=SourceId(uuid4()),
        version=1,
        kind=FactKind.CHECKLIST,
        title=str(document.get("topic", "a checklist")),
        text=json.dumps(document),
    )


def a_row(name: str, *, service: str = "stock", **others: Any) -> Fact:
    """A row of an inventory; `known_since`, `batch`, `kind` and `fields` as given."""
    given: dict[str, Any] = {"source_id": SourceId(uuid4()), "version": 1, "service": service}
    named: dict[str, Any] = {"kind": FactKind.INVENTORY, "entity": name, "title": name or service}
    return Fact(**(given | named | others))


def a_policy(title: str, text: str = "", **fields: str) -> Fact:
    return Fact(source_id=SourceId(uuid4()), version=1, kind=FactKind.POLICY, title=title, text=text, fields=fields)


def a_count(count: str, *, service: str = "Bikes", known_since: int = 1, batch: int = 1) -> Fact:
    return a_row(
        "", service=service, kind=FactKind.COUNT, fields={"count": count}, known_since=known_since, batch=batch
    )


def a_bike(
    name: str, *, known_since: int = 1, batch: int = 1, kind: FactKind = FactKind.INVENTORY, **fields: str
) -> Fact:
    given = {"bike_name": name, "kind": "City", "shop": "Quai Nord", "start_date": "2026-12-02", "price": "12"}
    return a_row(name, service="Bikes", known_since=known_since, batch=batch, kind=kind, fields=given | fields)


def a_talk(*lines: str) -> list[Turn]:
    """Customer and staff in turn, the customer last."""
    first = Speaker.CUSTOMER if len(lines) % 2 else Speaker.STAFF
    other = Speaker.STAFF if first is Speaker.CUSTOMER else Speaker.CUSTOMER
    return [Turn(sequence=i + 1, speaker=other if i % 2 else first, text=text) for i, text in enumerate(lines)]


def drafted(facts: Sequence[Fact], *lines: str) -> Draft:
    """The draft for a talk that ends with the customer."""
    return draft_reply(a_talk(*lines), facts, now=NOW)
