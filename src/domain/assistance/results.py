"""What a suggestion ends with: the draft, how it was judged, where it came from and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.assistance.costs import Cost, Usage
from domain.assistance.drafts import Decision, Draft
from domain.shared.ids import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Who drafts: told with every suggestion, so that nobody takes the built-in drafter for a model."""

    provider: str
    model: str
    prompt_version: str
    is_built_in: bool = False

    @property
    def name(self) -> str:
        """`anthropic/claude-haiku-5-5`, for records and job steps."""
        return f"{self.provider}/{self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a draft may not be shown. `text` is the span objected to, empty where the whole draft is meant."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on a text, kept with its evidence: which span rests on which source. `evidence` holds JSON values."""

    passed: bool
    objections: tuple[Objection, ...] = ()
    evidence: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The end of drafting.

    `inputs_hash` (SHA-256, hex) and `sources` (ids with versions) say what the drafter saw; `path` tells the
    links of the chain that were tried and why each was left, the last one being the drafter of this result.
    """

    draft: Draft
    judgement: Judgement
    label: Label
    usage: Usage = field(default_factory=Usage)
    cost: Cost = field(default_factory=Cost)
    inputs_hash: str = ""
    sources: tuple[tuple[SourceId, int], ...] = ()
    path: tuple[str, ...] = ()

    @property
    def is_sendable(self) -> bool:
        """Whether there is a text that a person may accept."""
        return self.judgement.passed and bool(self.draft.text) and self.draft.decision is not Decision.NO_DRAFT


class RejectReason(StrEnum):
    """Why a person did not want the draft. The set may grow."""

    WRONG_FACTS = "wrong_facts"
    OFF_TOPIC = "off_topic"
    TONE = "tone"
    INCOMPLETE = "incomplete"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A person's no."""

    reason: RejectReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """An opinion, 1 (useless) to 5 (sent as it was). `is_shareable`: may become a case of the evaluation set."""

    by: str
    score: int
    comment: str = ""
    is_shareable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How an accepted draft left: the text sent, its message sequence, and how far it is from the draft in characters.

    `judgement` is the verifier's view of an edited text, for the record; what a person writes is the person's.
    """

    text: str
    sequence: int
    edit_distance: int
    judgement: Judgement | None = None

    @property
    def is_edited(self) -> bool:
        """Whether the person changed the draft."""
        return self.edit_distance > 0
