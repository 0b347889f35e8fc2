"""What the verifier answers: passed or not, why not, and on what each stated fact rests."""

from dataclasses import dataclass
from enum import StrEnum

from domain.shared.ids import SourceId


class SpanKind(StrEnum):
    """What sort of thing a stretch of a reply states."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    CODE = "code"
    """A plate, a VIN, a stock or order number: letters and digits mixed, or marked as an identifier."""
    URL = "url"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


class FindingKind(StrEnum):
    """Why a draft may not be shown. The set may grow."""

    UNSUPPORTED = "unsupported"
    """No source states it."""
    CROSS_ROW = "cross_row"
    """True of another row, or of another field, than the one the sentence is about."""
    PROMISE = "promise"
    DISCOUNT = "discount"
    STOCK = "stock"
    """Says that something is to be had which no source lists."""
    ACTION = "action"
    """Says that something was done which no record shows."""
    DISGUISE = "disguise"
    """Look-alike letters, hidden characters: the reader would see something else than what was checked."""
    BAD_CLAIM = "bad_claim"
    """A claim of the draft that its own source does not bear out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason to refuse: `text` is `draft.text[start:end]`; `reason` is one English sentence for staff."""

    kind: FindingKind
    text: str
    start: int
    end: int
    reason: str
    about: SpanKind | None = None
    """What sort of thing was stated, where it is a span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one span rests on: a field of a source, or a turn that is only echoed (`turn` is its sequence)."""

    text: str
    start: int
    end: int
    kind: SpanKind
    source_id: SourceId | None = None
    field: str | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`passed` is true when there are no findings. Both lists are in the order of the text."""

    passed: bool
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
