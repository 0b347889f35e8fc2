"""Conversations on file, as the evaluation reads them: one JSON object a line.

The shape is that of `data/conversations/README.md`: turns with texts, and for the scored kind also the
customer's `intent`, dialogue `acts` and the `facts` that a service had returned. What a drafter may see is cut
out in `cuts`; intents and acts end up in `Truth`, which only scoring reads. `facts.query` and `labels` are not
even decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

import msgspec

from domain.assistance.drafts import Decision
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.shared.ids import SourceId

SCORED_INTENTS = frozenset({"GetCarsAvailable", "ReserveCar"})
"""What the customer wants when a turn belongs to the car service."""

_STATING_ACTS = frozenset({"OFFER", "INFORM", "CONFIRM"})
_NAMESPACE = UUID("5f0c1a52-6d0a-5b8e-9a57-2f4f6f7d1c11")


class LookUp(msgspec.Struct, frozen=True):
    """What a service returned at one agent turn: rows of text values, at most the first eight."""

    service: str
    results: list[dict[str, str]]


class CorpusTurn(msgspec.Struct, frozen=True):
    """One message; `i` counts from 0. `acts` read `ACT:slot=value|value`, canonical value first."""

    i: int
    speaker: str
    text: str
    intent: str | None = None
    acts: list[str] = msgspec.field(default_factory=list[str])
    facts: list[LookUp] = msgspec.field(default_factory=list[LookUp])


class CorpusConversation(msgspec.Struct, frozen=True):
    """One conversation. `id` is unique and stable."""

    id: str
    source: str
    domain: str
    turns: list[CorpusTurn]
    services: list[str] = msgspec.field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Act:
    """One dialogue act: `REQUEST` of slot `pickup_time`, `OFFER` of a value. `slot` is empty where none."""

    kind: str
    slot: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact before it has an id: what is written as a source of the conversation.

    `known_since` is the sequence of the message after which the service had answered, `batch` the number of the
    look-up, counted from 1.
    """

    kind: FactKind
    title: str
    entity: str
    service: str
    fields: dict[str, str]
    known_since: int
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What the person did at one agent turn, and whether the turn is scored.

    `scored`: the customer's last stated intent, carried over turns that state none, is of the car service.
    `in_service`: the customer's latest turn itself states it (the narrower reading; reported beside).
    `requested`: the slots asked for. `stated`: each fact stated, as its spellings, canonical first.
    `facts_seen`: some look-up up to and with this turn returned rows.
    """

    conversation_id: str
    turn: int
    scored: bool
    in_service: bool
    decision: Decision
    requested: tuple[str, ...]
    stated: tuple[tuple[str, ...], ...]
    facts_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A conversation cut before an agent turn: what was said, the facts so far, and what the person then did."""

    conversation_id: str
    turn: int
    turns: tuple[Turn, ...]
    facts: tuple[Fact, ...] = field(repr=False)
    truth: Truth
    reply: str


def read_corpus(path: Path) -> Iterator[CorpusConversation]:
    """Read conversations in file order. A faulty line raises `msgspec.ValidationError` or `DecodeError`."""
    decoder = msgspec.json.Decoder(CorpusConversation)
    with path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield decoder.decode(line)


def parse_act(text: str) -> Act:
    """Read `ACT:slot=value|value`, `ACT:slot` or `ACT`."""
    kind, _, rest = text.partition(":")
    slot, _, values = rest.partition("=")
    return Act(kind, slot, tuple(value for value in values.split("|") if value))


def said_before(conversation: CorpusConversation, turn: int) -> tuple[Turn, ...]:
    """The messages before turn `turn`, numbered from 1."""
    return tuple(
        Turn(
            sequence=said.i + 1,
            speaker=Speaker.CUSTOMER if said.speaker == "customer" else Speaker.STAFF,
            text=said.text,
        )
        for said in conversation.turns[:turn]
    )


def rows_at(turn: CorpusTurn, first_batch: int) -> list[FactRow]:
    """The facts that one agent turn brings: its look-ups, and the count that the service told with them."""
    rows: list[FactRow] = []
    count = next((a.values[0] for a in map(parse_act, turn.acts) if a.kind == "INFORM_COUNT" and a.values), None)
    for batch, look_up in enumerate(turn.facts, first_batch):
        told = count if look_up is turn.facts[-1] else None
        if told is None and not look_up.results:
            told = "0"
        rows += [_row(look_up, values, turn.i, batch) for values in look_up.results]
        if told is not None:
            rows.append(_count(look_up.service, told, turn.i, batch))
    return rows


def cuts(conversation: CorpusConversation) -> Iterator[Cut]:
    """Cut a conversation before each of its agent turns, in order. Ids of facts are derived, hence stable."""
    facts: list[Fact] = []
    intent: str | None = None
    latest: str | None = None
    batch = 1
    for said in conversation.turns:
        if said.speaker == "customer":
            latest = said.intent
            intent = said.intent or intent
            continue
        for row in rows_at(said, batch):
            facts.append(as_fact(row, f"{conversation.id}/{len(facts)}"))
        batch += len(said.facts)
        yield Cut(
            conversation_id=conversation.id,
            turn=said.i,
            turns=said_before(conversation, said.i),
            facts=tuple(facts),
            truth=_truth(conversation.id, said, intent, latest, seen=any(_is_row(fact) for fact in facts)),
            reply=said.text,
        )


def as_fact(row: FactRow, key: str) -> Fact:
    """Give a row an id derived from `key`, for runs that store nothing."""
    return Fact(
        source_id=SourceId(uuid5(_NAMESPACE, key)),
        version=1,
        kind=row.kind,
        title=row.title,
        entity=row.entity,
        service=row.service,
        fields=row.fields,
        known_since=row.known_since,
        batch=row.batch,
    )


def _is_row(fact: Fact) -> bool:
    return fact.kind is not FactKind.COUNT


def _is_booking(service: str, results: list[dict[str, str]]) -> bool:
    """Whether a service answered with something booked rather than found, told from the shape of the answer."""
    if len(results) != 1:
        return False
    fields = results[0].keys()
    if service.startswith("RentalCars"):
        return "pickup_city" not in fields
    # A bus search on file never gives one row alone; a purchase always does.
    return service.startswith(("Events", "Buses")) or not fields.isdisjoint({"check_in_date", "visit_date"})


def _row(look_up: LookUp, values: dict[str, str], turn: int, batch: int) -> FactRow:
    service = look_up.service
    # An airport is where a flight goes, not what it is called.
    names = (value for key, value in values.items() if key.endswith("_name") and "airport" not in key)
    name = next(names, "")
    return FactRow(
        kind=FactKind.RECORD if _is_booking(service, look_up.results) else FactKind.INVENTORY,
        title=name or service,
        entity=name,
        service=service,
        fields=values,
        known_since=turn,
        batch=batch,
    )


def _count(service: str, count: str, turn: int, batch: int) -> FactRow:
    return FactRow(
        kind=FactKind.COUNT,
        title="count",
        entity="",
        service=service,
        fields={"count": count},
        known_since=turn,
        batch=batch,
    )


def _truth(conversation_id: str, said: CorpusTurn, intent: str | None, latest: str | None, *, seen: bool) -> Truth:
    acts = [parse_act(text) for text in said.acts]
    requested = tuple(act.slot for act in acts if act.kind == "REQUEST")
    return Truth(
        conversation_id=conversation_id,
        turn=said.i,
        scored=intent in SCORED_INTENTS,
        in_service=latest in SCORED_INTENTS,
        decision=Decision.CLARIFY if requested else Decision.ANSWER,
        requested=requested,
        stated=tuple(act.values for act in acts if act.kind in _STATING_ACTS and act.values),
        facts_seen=seen,
    )
