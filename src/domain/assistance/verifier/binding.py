"""Binds each group of spans to one row, and says which spans nothing bears out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.assistance.facts import FactKind
from domain.assistance.verifier.catalogue import Catalogue, Row
from domain.assistance.verifier.elsewhere import Elsewhere, Support, is_courtesy
from domain.assistance.verifier.focus import Focus, names_itself
from domain.assistance.verifier.grouping import Group, groups, names_thing, splits
from domain.assistance.verifier.judge import Answer, Setting, judge
from domain.assistance.verifier.reading import Reading
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.talk import Talk
from domain.assistance.verifier.verdict import SpanKind
from domain.shared.ids import SourceId

_CHANGEABLE: Final = frozenset({SpanKind.DATE, SpanKind.TIME, SpanKind.NUMBER})
"""What the customer may have changed since the look-up, so that their later word counts."""


_CONFIRMS: Final = re.compile(
    r"\bconfirm|(?<!do )(?<!would )\byou(?:'d| would)? (?:want|like|wish|need)\b|\bis (?:this|that|it|everything"
    r"|all) (?:right|correct|ok|okay|good)\b"
    r"|\b(?:right|correct)\s?\?|\byou are (?:booking|reserving|renting|picking|looking)|\bplease (?:verify|check"
    r"|be sure)"
)


_ASKS: Final = re.compile(r"\?|^\W*(?:\w+\W+){0,2}(?:are|will|do|does|is|would|should|shall|did|what|when)\b")
_RECORDED: Final = re.compile(
    r"\byou(?:'ve|\shave)?\s(?:already\s)?(?:booked|reserved|ordered|bought|subscribed|signed\sup)\b|\byou(?:'re"
    r"|\sare)\s(?:now\s|currently\s)?on\s(?:the|our|a)\b"
    r"|\byou\shave\sthe\b|\byour\s(?:current\s)?(?:tier|plan|membership|booking|reservation|order|appointment"
    r"|subscription)\s(?:is|was)\b"
)
"""Says what is on file for the customer."""
_CONDITIONAL: Final = re.compile(r"\?|\b(?:if|once|when|would|want|confirm)\b")


@dataclass(frozen=True, slots=True)
class Bound:
    """A span with what it rests on, or with the field that says otherwise."""

    setting: Setting
    support: Support | None
    contradicted_by: str = ""
    foreign: bool = False
    """The value stands in some other row."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How one row serves a group."""

    row: Row | None
    bound: tuple[Bound, ...]

    @property
    def failures(self) -> int:
        """How many spans stay without support."""
        return sum(1 for one in self.bound if one.support is None)

    @property
    def rests_on_row(self) -> int:
        """How many spans the row itself bears out."""
        own = self.row.fact.source_id if self.row else None
        return sum(1 for one in self.bound if one.support is not None and one.support.source_id == own)


def _newest_of_each(rows: Sequence[Row]) -> list[Row]:
    """Of looked-up rows with one name, those of the newest look-up: what was booked replaces what was found."""
    newest: dict[int, int] = {}
    for row in rows:
        for name in row.naming_ids:
            newest[name] = max(newest.get(name, 0), row.fact.batch)
    return [row for row in rows if any(newest[name] == row.fact.batch for name in row.naming_ids) or not row.naming_ids]


@dataclass(slots=True)
class Binder:
    """Binds the groups of one reading."""

    reading: Reading
    catalogue: Catalogue
    talk: Talk
    elsewhere: Elsewhere
    preferred: frozenset[SourceId] = frozenset()
    """The sources that the draft claims to rest on: taken first where several rows would do."""

    def bind(self) -> list[Fit]:
        """One fit for each group of the reading."""
        return [fit for group in groups(self.reading, self.catalogue) for fit in self._bind(group)]

    def _bind(self, group: Group) -> list[Fit]:
        settings = [self._setting(span) for span in group.spans]
        whole = self._named(settings) if group.named else self._unnamed(settings)
        if whole.failures and group.named:
            for parts in splits(group, self.reading, self.catalogue):
                fits = [self._named([self._setting(span) for span in part.spans]) for part in parts]
                if not any(fit.failures for fit in fits):
                    return fits
        return [whole]

    def _named(self, settings: Sequence[Setting]) -> Fit:
        things = [setting.span for setting in settings if names_thing(setting.span, self.catalogue)]
        rows = [
            row
            for row in self.catalogue.rows
            if row.live
            and row.fact.kind not in {FactKind.POLICY, FactKind.ARTICLE}
            and any(row.naming_ids & thing.values for thing in things)
        ]
        if _RECORDED.search(self.reading.lower) and not _CONDITIONAL.search(self.reading.lower):
            records = [row for row in self.catalogue.rows if row.live and row.fact.kind is FactKind.RECORD]
            holding = [row for row in records if any(row.value_ids.keys() & thing.values for thing in things)]
            rows = holding or records or rows
        rows = _newest_of_each(rows)
        pinned = self._pinned(rows)
        return self._best(settings, pinned or self._in_focus_first(rows), None)

    def _pinned(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows chosen before, which a confirmation must keep to; empty when another thing may be offered."""
        services = {row.fact.service for row in rows}
        focus = next((one for one in self.talk.focuses() if one.rows[0].fact.service in services), None)
        if focus is None or focus.is_look_up:
            return ()
        if self.talk.wants_another() and not _CONFIRMS.search(self.reading.lower):
            return ()
        return focus.rows

    def _unnamed(self, settings: Sequence[Setting]) -> Fit:
        focuses = self.talk.focuses()
        if focuses:
            focus = max(focuses, key=lambda focus: self._relevance(settings, focus))
            return self._best(settings, self._around(settings, focus), focus)
        rows = [row for row in self.catalogue.rows if row.live]
        return self._best(settings, rows, None)

    def _around(self, settings: Sequence[Setting], focus: Focus) -> Sequence[Row]:
        """The rows that an unnamed offer may be of: nameless things (buses) may be offered one after the other."""
        is_offer = self.talk.wants_another() and not _CONFIRMS.search(self.reading.lower) and len(settings) > 1
        if not is_offer or any(names_itself(row) for row in focus.rows):
            return focus.rows
        service = focus.rows[0].fact.service
        return [row for row in self.catalogue.rows if row.live and row.fact.service == service]

    def _relevance(self, settings: Sequence[Setting], focus: Focus) -> int:
        """How much of what is said fits some row of the focus; of equal ones the latest is taken."""
        return max(
            sum(
                judge(row, setting, self.catalogue.vocabulary).answer is Answer.SUPPORTED
                for setting in settings
                if setting.span.kind is not SpanKind.MONEY
            )
            for row in focus.rows
        )

    def _in_focus_first(self, rows: Iterable[Row]) -> list[Row]:
        focused = {id(row) for focus in self.talk.focuses() for row in focus.rows}
        return sorted(rows, key=lambda row: (row.fact.source_id not in self.preferred, id(row) not in focused))

    def _best(self, settings: Sequence[Setting], rows: Sequence[Row], focus: Focus | None) -> Fit:
        best = Fit(None, tuple(self._rest(setting, None) for setting in settings))
        if not best.failures and not any(setting.span.kind is SpanKind.MONEY for setting in settings) and not rows:
            return best
        fits = [self._fit(settings, row, focus) for row in rows]
        return min([*fits, best] if not rows else fits, key=lambda fit: (fit.failures, -fit.rests_on_row))

    def _fit(self, settings: Sequence[Setting], row: Row, focus: Focus | None) -> Fit:
        return Fit(row, tuple(self._one(setting, row, focus) for setting in settings))

    def _one(self, setting: Setting, row: Row, focus: Focus | None) -> Bound:
        judgement = judge(row, setting, self.catalogue.vocabulary)
        if self._states_nothing(setting, judgement.answer):
            return Bound(setting, Support())
        if judgement.answer is Answer.SUPPORTED:
            taken_back = self._taken_back(setting)
            support = None if taken_back else Support(row.fact.source_id, judgement.field)
            return Bound(setting, support, judgement.field, foreign=taken_back)
        if focus and self._asks_for_day(setting):
            return Bound(setting, self.elsewhere.any_day(setting))
        if judgement.answer is Answer.SILENT:
            return self._rest(setting, row)
        support = self._changed(setting, row, focus) or self.elsewhere.by_policy(setting)
        foreign = support is None and self.elsewhere.is_known(setting)
        return Bound(setting, support, judgement.field, foreign=foreign)

    def _states_nothing(self, setting: Setting, answer: Answer) -> bool:
        """Courtesy, and plain words that only look like a value: "cars that fit"."""
        if setting.span.weak and answer is not Answer.SUPPORTED:
            words = self.catalogue.vocabulary
            return answer is Answer.SILENT or words.ids.get(setting.span.words) in words.identifying
        return is_courtesy(setting)

    def _asks_for_day(self, setting: Setting) -> bool:
        """Whether the whole reply only asks which day is meant, and names nothing else."""
        asks = _ASKS.search(self.reading.lower) and not _CONFIRMS.search(self.reading.lower)
        return bool(asks) and all(span.kind is SpanKind.DATE for span in self.reading.spans()) and bool(setting.span)

    def _taken_back(self, setting: Setting) -> bool:
        """Whether the customer asked since the last look-up for another day, hour or number than the row has."""
        if setting.span.kind is SpanKind.NUMBER:
            return self.talk.asked_other_number(setting.span, setting.unit[:1], after=self.talk.last_look_up)
        if setting.span.kind not in _CHANGEABLE:
            return False
        said = self.talk.asked(setting.span.kind, setting.role, after=self.talk.last_look_up)
        return bool(said) and not said & setting.span.readings

    def _changed(self, setting: Setting, row: Row, focus: Focus | None) -> Support | None:
        """The customer's word since the look-up, for what is theirs to change."""
        if not row.fact.batch:
            return None
        if setting.span.kind in _CHANGEABLE or (focus and setting.span.kind is SpanKind.NAME):
            return self.elsewhere.echo(setting, after=row.fact.known_since)
        return None

    def _rest(self, setting: Setting, row: Row | None) -> Bound:
        support = None if self._taken_back(setting) else self.elsewhere.find(setting, row)
        if support is None and setting.span.weak:
            support = Support()
        return Bound(setting, support, foreign=support is None and self.elsewhere.is_known(setting))

    def _setting(self, span: Span) -> Setting:
        sentence = next(one for one in self.reading.sentences if one.start <= span.start < one.end)
        rivals = [one for one in sentence.spans if one.kind is span.kind and one is not span]
        left = max((one.end for one in rivals if one.end <= span.start), default=sentence.start)
        right = min((one.start for one in rivals if one.start >= span.end), default=sentence.end)
        text = self.reading.lower
        days = [one.readings for one in sentence.spans if one.kind is SpanKind.DATE and one.end <= span.start]
        return Setting(
            span,
            text[left : span.start],
            text[span.end : right],
            text[sentence.start : sentence.end],
            left > sentence.start,
            self.talk.last_customer,
            days[-1] if days else frozenset(),
        )
