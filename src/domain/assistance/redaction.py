"""Personal data out of sight: placeholders before a provider is called, the values back after.

What the customer gave (and the name and e-mail on file) is replaced everywhere, also inside facts. What the
business itself states in its stock, policies and articles is no personal data and stays: its own telephone
number, the plate of a car on offer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.assistance.drafts import Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.results import Objection

_ROADS: Final = (
    "street|str|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|square|sq"
    "|terrace|crescent|close|way"
)
_PATTERNS: Final = (
    ("EMAIL", re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)+")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("CARD", re.compile(r"(?<![\d-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\d-])")),
    ("VIN", re.compile(r"\b(?=[A-HJ-NPR-Z0-9]*\d)(?=[A-HJ-NPR-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}\b", re.IGNORECASE)),
    (
        "PLATE",
        re.compile(r"\b(?:[A-Z]{2} ?\d{4} ?[A-Z]{2}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}|[A-Z]{2}\d{2} ?[A-Z]{3})\b"),
    ),
    (
        "PLATE",
        re.compile(
            r"\b(?i:plates?|registration|reg|licen[cs]e|kennzeichen)(?i:\s+(?:number|no\.?|plate|is))*[\s:#]+"
            r"((?=[A-Z0-9 -]{0,14}\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){0,2})\b"
        ),
    ),
    ("PHONE", re.compile(r"(?<![\w.,-])(?:\+|\(\+?)?\d(?:[\s().\-/]{0,2}\d){6,14}(?![\w-])")),
    ("ADDRESS", re.compile(rf"\b\d{{1,5}}[a-z]?,? (?:[A-Z][\w'.-]* ){{1,4}}(?i:{_ROADS})\b")),
    (
        "ADDRESS",
        re.compile(
            r"(?<![\w.-])[A-ZÄÖÜ][\wäöüß.-]{0,40}?(?:straße|strasse|str\.|weg|gasse|allee|platz) \d{1,4}[a-z]?\b"
        ),
    ),
)
_NAME: Final = r"([A-Z][\w'\u2019-]+(?:[ \t]+[A-Z][\w'\u2019-]+){0,2})"
_NAMES: Final = (
    re.compile(rf"(?i:\bmy name is|\bmy name's|\bi am called|\bregards,?|\bcheers,?|\bsincerely,?)\s+{_NAME}"),
    re.compile(rf"(?i:\bthis is)\s+{_NAME}(?= (?:here|speaking|calling|from)\b)"),
)
_DATE: Final = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_PLACEHOLDER: Final = re.compile(r"\[[A-Z]+_\d+\]")
_MOST_VALUES: Final = 300
"""Values that one conversation may hide. More is no conversation but a list of people."""

_OWN_WORDS: Final = frozenset(
    {FactKind.INVENTORY, FactKind.POLICY, FactKind.ARTICLE, FactKind.CHECKLIST, FactKind.COUNT}
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A two-way table. `hidden` maps each value, as found, to its placeholder; the same inputs give the same table."""

    hidden: Mapping[str, str]
    _search: re.Pattern[str] | None
    is_overwhelmed: bool = False
    """There is more personal data than is looked for: nothing of this may go to a provider."""

    @classmethod
    def of(
        cls, turns: Iterable[Turn], facts: Iterable[Fact], *, names: Iterable[str] = (), emails: Iterable[str] = ()
    ) -> "Redaction":
        """Find what is personal. `names` and `emails` are those on file for the customer."""
        turns, facts = tuple(turns), tuple(facts)
        ours = "\n".join(word for fact in facts if fact.kind in _OWN_WORDS for word in _words_of(fact)).casefold()
        taken = {match[0] for text in _texts(turns, facts) for match in _PLACEHOLDER.finditer(text)}
        values = {value.casefold(): (kind, value) for kind, value in _first(_found(turns, names, emails))}
        hidden: dict[str, str] = {}
        for folded, (kind, value) in values.items():
            if folded not in ours:
                hidden[value] = _free(kind, taken)
        pattern = "|".join(_spelling(value) for value in sorted(hidden, key=len, reverse=True))
        search = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if hidden else None
        return cls(hidden, search, is_overwhelmed=len(values) >= _MOST_VALUES)

    def hide(self, text: str) -> str:
        """The text with placeholders in place of values."""
        if self._search is None:
            return text
        folded = {value.casefold(): placeholder for value, placeholder in self.hidden.items()}
        return self._search.sub(lambda match: folded[match[0].casefold()], text)

    def reveal(self, text: str) -> str:
        """The text with values in place of placeholders; unknown placeholders stay."""
        known = {placeholder: value for value, placeholder in self.hidden.items()}
        return _PLACEHOLDER.sub(lambda match: known.get(match[0], match[0]), text)

    def hide_turns(self, turns: Iterable[Turn]) -> tuple[Turn, ...]:
        return tuple(replace(turn, text=self.hide(turn.text)) for turn in turns)

    def hide_facts(self, facts: Iterable[Fact]) -> tuple[Fact, ...]:
        return tuple(
            replace(
                fact,
                title=self.hide(fact.title),
                entity=self.hide(fact.entity),
                text=self.hide(fact.text),
                fields={name: self.hide(value) for name, value in fact.fields.items()},
            )
            for fact in facts
        )

    def hide_objections(self, objections: Iterable[Objection]) -> tuple[Objection, ...]:
        return tuple(replace(each, text=self.hide(each.text), reason=self.hide(each.reason)) for each in objections)

    def hide_draft(self, draft: Draft) -> Draft:
        return _rewritten(draft, self.hide)

    def reveal_draft(self, draft: Draft) -> Draft:
        """The draft as the customer will read it."""
        return _rewritten(draft, self.reveal)


def _rewritten(draft: Draft, change: Callable[[str], str]) -> Draft:
    return replace(
        draft,
        text=change(draft.text),
        reason=change(draft.reason),
        claims=tuple(replace(claim, text=change(claim.text), value=change(claim.value)) for claim in draft.claims),
        questions=tuple(replace(question, text=change(question.text)) for question in draft.questions),
        missing=tuple(map(change, draft.missing)),
    )


def _found(turns: Iterable[Turn], names: Iterable[str], emails: Iterable[str]) -> Iterator[tuple[str, str]]:
    for email in emails:
        yield "EMAIL", email
    for name in names:
        yield from _name_parts(name)
    for turn in turns:
        if turn.speaker is Speaker.CUSTOMER:
            yield from _in_text(turn.text)


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = match[match.lastindex or 0].strip()
            if kind != "PHONE" or _is_phone(value):
                yield kind, value
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            yield from _name_parts(match[1])


def _is_phone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return not _DATE.search(text) and (digits >= 9 or (digits >= 7 and (text[0] in "+(0" or "-" in text)))


def _name_parts(name: str) -> Iterator[tuple[str, str]]:
    parts = [part for part in name.split() if len(part) > 1]
    if len(parts) > 1:
        yield "NAME", " ".join(name.split())
    for part in parts:
        yield "NAME", part


def _spelling(value: str) -> str:
    # A single name keeps its capital: Mr Green must not hide every green car.
    return re.escape(value) if value.isalpha() else f"(?i:{re.escape(value)})"


def _free(kind: str, taken: set[str]) -> str:
    """A placeholder that stands nowhere yet; takes it."""
    number = 1
    while (placeholder := f"[{kind}_{number}]") in taken:
        number += 1
    taken.add(placeholder)
    return placeholder


def _first(found: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each value once, as it was found first, and no more than are looked for."""
    known: set[str] = set()
    for kind, value in found:
        if value.casefold() not in known:
            known.add(value.casefold())
            yield kind, value
        if len(known) >= _MOST_VALUES:
            return


def _words_of(fact: Fact) -> tuple[str, ...]:
    return (fact.title, fact.entity, fact.text, *fact.fields.values())


def _texts(turns: Iterable[Turn], facts: Iterable[Fact]) -> Iterator[str]:
    yield from (turn.text for turn in turns)
    for fact in facts:
        yield from _words_of(fact)
