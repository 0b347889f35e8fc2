"""The conversation so far: what may be echoed, what the customer asked for since, which rows are under discussion."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.assistance.facts import Speaker, Turn
from domain.assistance.verifier import normalise, roles, spans
from domain.assistance.verifier.catalogue import Catalogue
from domain.assistance.verifier.focus import Focus, find_focuses
from domain.assistance.verifier.roles import Role
from domain.assistance.verifier.saying import counts, introduces, said_in
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.verdict import SpanKind

_ANOTHER: Final = re.compile(
    r"\b(?:else|others?|another|different|more|alternatives?|alternatively|options?|something|instead|any|rather"
    r"|choices?|cheaper|bigger|similar|too|find|found|show|look|looking|search|what|which|compare|list|all|both"
    r"|have"
    r"|available|recommend|suggest)\b"
)
_YES: Final = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|ok|okay|right|correct|exactly|indeed|that|it|fine|perfect|great|absolutely)\b"
    r"|\bcorrect\b|\bright\b"
)
_NO: Final = re.compile(r"\b(?:no|not|nope|don't|doesn't|instead|rather|change|wrong|but)\b")


@dataclass(slots=True)
class Talk:
    """The conversation so far."""

    turns: Sequence[Turn]
    catalogue: Catalogue
    _focuses: list[Focus] | None = field(default=None)
    _asked: dict[tuple[SpanKind, Role, int], frozenset[Hashable]] = field(
        default_factory=dict[tuple[SpanKind, Role, int], frozenset[Hashable]]
    )

    def echo(self, span: Span, *, after: int = -1) -> Turn | None:
        """The latest turn later than `after` in which the same was said; a sum, a discount is never echoed."""
        for turn in reversed(self.turns):
            if turn.sequence <= after:
                return None
            if self._is_theirs(turn) and said_in(turn, span, self.catalogue.today):
                return turn
        return None

    def _is_theirs(self, turn: Turn) -> bool:
        """Whether the customer said it, or said yes to it right after."""
        if turn.speaker is Speaker.CUSTOMER:
            return True
        answer = next((one for one in self.turns if one.sequence == turn.sequence + 1), None)
        if answer is None or answer.speaker is not Speaker.CUSTOMER or "?" not in turn.text:
            return False
        return bool(_YES.search(answer.text.lower())) and not _NO.search(answer.text.lower())

    @property
    def last_look_up(self) -> int:
        """The message after which the latest facts arrived."""
        return max((row.fact.known_since for row in self.catalogue.rows), default=0)

    def echo_number(self, span: Span, unit: Sequence[str], before: str, *, after: int = -1) -> Turn | None:
        """The latest turn later than `after` in which the customer gave this number of these things."""
        asked = ""
        found: Turn | None = None
        for turn in self.turns:
            if turn.speaker is Speaker.CUSTOMER and turn.sequence > after:
                counted = unit and counts(turn.text, asked, span, unit[0].strip(".,;:!?"), self.catalogue.today)
                if counted or introduces(turn.text, span, before, self.catalogue.today):
                    found = turn
            asked = turn.text if turn.speaker is not Speaker.CUSTOMER else asked
        return found

    def asked(self, kind: SpanKind, role: Role, *, after: int) -> frozenset[Hashable]:
        """The days or hours that the customer named later than `after` for that role."""
        known = self._asked.get((kind, role, after))
        if known is None:
            known = self._asked[kind, role, after] = frozenset(
                one
                for text, span in self._customers(kind, after)
                if roles.role_of(text, span.start, span.end) in {role, Role.EITHER}
                for one in span.readings
            )
        return known

    def _customers(self, kind: SpanKind, after: int) -> Iterator[tuple[str, Span]]:
        """Each span of a kind that the customer wrote later than `after`, with its message in lower case."""
        for turn in self.turns:
            if turn.sequence > after and turn.speaker is Speaker.CUSTOMER:
                text = normalise.fold(turn.text).text
                lower = text.lower()
                yield from ((lower, span) for span in spans.typed(text, self.catalogue.today) if span.kind is kind)

    def asked_other_number(self, span: Span, unit: Sequence[str], *, after: int) -> bool:
        """Whether the customer's last word later than `after` on the number of such things was another number.

        Never without a look-up: what stands in an inventory was not found for the customer's wishes.
        """
        if not self.last_look_up:
            return False
        last: frozenset[Hashable] = frozenset()
        for text, other in self._customers(SpanKind.NUMBER, after):
            counted = normalise.words(text[other.end : other.end + 20])[:1]
            if unit and counted and roles.names_field(counted[0], unit[0].strip(".,;:!?")):
                last = other.readings
        return bool(last) and not last & span.readings

    def words(self) -> frozenset[str]:
        """Every word that was said."""
        return frozenset(word for turn in self.turns for word in normalise.words(turn.text))

    @property
    def last_customer(self) -> str:
        """What the customer wrote last, in lower case."""
        return next((turn.text.lower() for turn in reversed(self.turns) if turn.speaker is Speaker.CUSTOMER), "")

    @property
    def last_customer_sequence(self) -> int:
        """Which message the customer's last one is, 0 when there is none."""
        return next((turn.sequence for turn in reversed(self.turns) if turn.speaker is Speaker.CUSTOMER), 0)

    def focuses(self) -> list[Focus]:
        """The rows under discussion in each service, latest first: named in a message or looked up last."""
        if self._focuses is None:
            self._focuses = find_focuses(self.turns, self.catalogue)
        return self._focuses

    def wants_another(self) -> bool:
        """Whether the customer's last message leaves room to offer another thing."""
        return bool(_ANOTHER.search(self.last_customer))
