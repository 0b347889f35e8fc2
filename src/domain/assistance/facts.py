"""What a draft may rest on: facts given by sources, and what was said so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.shared.ids import SourceId


class FactKind(StrEnum):
    """What sort of source a fact comes from."""

    INVENTORY = "inventory"
    """One thing on offer: a car, a room. Its fields belong together."""
    RECORD = "record"
    """Something that was done or is on file: a booking, an order."""
    COUNT = "count"
    """How many things matched, told by the service."""
    POLICY = "policy"
    ARTICLE = "article"
    CHECKLIST = "checklist"
    """What must be known before an answer: the slots to ask for. Never quoted to customers as a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One source row in one version, as the assistant sees it.

    `fields` are named values as text (`total_price` -> `27`, `pickup_date` -> `2019-03-06`); `text` is prose of
    policies and articles. `entity` names the thing (`Accord`), `service` groups rows of one catalogue
    (`RentalCars_1`, `stock`). `known_since` is the message sequence after which it was known, 0 for always;
    `batch` numbers look-ups in order, so that rows of one result set share it and newer sets have higher ones.
    """

    source_id: SourceId
    version: int
    kind: FactKind
    title: str
    entity: str = ""
    service: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""
    known_since: int = 0
    batch: int = 0


class Speaker(StrEnum):
    """Who said it."""

    CUSTOMER = "customer"
    STAFF = "staff"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of the conversation. `sequence` grows by one with each."""

    sequence: int
    speaker: Speaker
    text: str
