"""Answers each question of a message from what stands: the inventory, policies, articles."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.assistance.drafting.case import Case
from domain.assistance.drafting.checklists import Purpose
from domain.assistance.drafting.message import limit_in, parts_of
from domain.assistance.drafting.phrasing import Subject, gone, offer_list, price_of, subject_of, tell, told
from domain.assistance.drafting.policies import policy_for, quote
from domain.assistance.drafting.replies import Reply, hand_off
from domain.assistance.drafting.shelf import (
    Pick,
    asked_at_all,
    asked_of,
    asks_about_more,
    asks_of_all,
    compared_by,
    lists,
    names_in,
    pick,
    spoken_before,
    stock_of,
    values_in,
)
from domain.assistance.drafting.wording import is_price
from domain.assistance.drafting.words import (
    HAGGLING,
    INQUIRY,
    INTEREST,
    PEOPLE_ONLY,
    PLEASANTRY,
    QUESTION,
    WISH,
)
from domain.assistance.drafts import Decision, Draft
from domain.assistance.facts import Fact
from domain.shared.ids import SourceId

_TOLD_AT_MOST: Final = 3
_READ_AT_MOST: Final = 4000
"""Characters of a message that are searched for questions."""
_PARTS_AT_MOST: Final = 12
"""Questions and statements of one message that are looked at."""
_SUM: Final = re.compile(r"[€$£]\s?\d|\d\s?(?:€|\$|£|eur\b|euros?\b|dollars?\b|usd\b|pounds?\b)")
_PRICE_LINE: Final = "Whether there is room in the price is for a colleague to decide."
_REST_LINE: Final = "A colleague needs to look at the rest of your message."

Step = Callable[[Reply], None]


@dataclass(slots=True)
class Answers:
    """The answers so far. `left` are the questions for a person, `spoken` the rows that "it" stands for."""

    case: Case
    stock: Sequence[Fact]
    spoken: Sequence[Fact] = ()
    steps: list[Step] = field(default_factory=list[Step])
    details: dict[SourceId, list[str]] = field(default_factory=dict[SourceId, list[str]])
    """By source, the fields told of a row: a second question about it adds to them."""
    quoted: list[Fact] = field(default_factory=list[Fact])
    left: list[str] = field(default_factory=list[str])
    closing: str = ""
    sources: list[str] = field(default_factory=list[str])
    """Titles of what the answers rest on."""
    wants_booking: bool = False

    def take(self, part: str) -> None:
        """Answer one question or statement of the message."""
        booking = self._is_booking
        if booking and self._wants(part):
            self.wants_booking = True
            return
        picked = pick(part, self.stock, self.spoken, limit_in(self.case.folded[:_READ_AT_MOST]))
        fields = asked_of(part, picked, self.case) if picked.rows else []
        fields = self._meant(part, picked, fields)
        policy = self._policy(part, strictly=bool(fields) or picked.by_value or booking)
        if HAGGLING.search(part):
            self._leave(part, _PRICE_LINE)
            self._price(picked)
        elif policy is not None:
            self._quote(part, policy)
        elif PEOPLE_ONLY.search(part) or (asks_of_all(part) and not self.case.is_whole):
            self._leave(part, _REST_LINE)
        elif fields or not (booking and self.case.talk.told_now):
            self._rows(part, picked, fields)
        self.spoken = picked.rows or self.spoken

    def _meant(self, part: str, picked: Pick, fields: list[str]) -> list[str]:
        """The fields in question, where they are not asked for by name; none where the price of something else is."""
        if fields and all(map(is_price, fields)) and asks_about_more(part, picked, fields, values_in(self.stock)):
            return []
        if not fields and picked.is_named and QUESTION.search(part) and not lists(part):
            prices = [name for name in map(price_of, picked.rows[:1]) if name and _SUM.search(part)]
            return prices or compared_by(part, picked, self.stock)
        return fields

    def offer(self, picked: Pick) -> None:
        """Say what of it we have, or that it is gone."""
        rows = picked.best
        if all(map(gone, rows)):
            for row in rows[:_TOLD_AT_MOST]:
                self._tell(row, [])
            return
        subjects = [self._subject(row) for row in rows[:_TOLD_AT_MOST]]
        self.sources += [row.title for row in rows[:_TOLD_AT_MOST]]
        self.steps.append(lambda reply: offer_list(reply, subjects, more=len(rows) > _TOLD_AT_MOST))

    def write(self) -> Reply:
        """The answers as one text."""
        reply = Reply(self.case.now)
        for place, step in enumerate(self.steps):
            reply.say(" " if place else "")
            step(reply)
        return reply

    def draft(self) -> Draft | None:
        """All answers in one text; a colleague is named for what is left. None when nothing was answered or left."""
        reply = self.write()
        if not self.left:
            return reply.draft(Decision.ANSWER, self.reason) if self.steps else None
        if not self.steps:
            return self._hand_over() if self.closing else None
        reply.say(f" {self.closing or _REST_LINE}")
        return reply.draft(Decision.HAND_OFF, f"a person decides: {self.left[0]}", missing=self.left)

    @property
    def reason(self) -> str:
        return f"answers from {', '.join(dict.fromkeys(self.sources))}"

    @property
    def _is_booking(self) -> bool:
        topic = self.case.topic
        return topic is not None and topic.purpose is Purpose.BOOK

    def _wants(self, part: str) -> bool:
        wants = self.case.topic.wants if self.case.topic else None
        return wants is not None and wants.search(part) is not None and INQUIRY.search(part) is None

    def _hand_over(self) -> Draft:
        if self.closing != _PRICE_LINE:
            return hand_off(f"a person decides: {self.left[0]}", *self.left)
        reply = Reply(self.case.now).say(f"Thank you for your message. {_PRICE_LINE}")
        return reply.draft(Decision.HAND_OFF, f"a person decides: {self.left[0]}", missing=self.left)

    def _policy(self, part: str, *, strictly: bool) -> Fact | None:
        asks = QUESTION.search(part) is not None or WISH.search(part) is not None
        return policy_for(part, self.case.facts, values_in(self.stock), by_title=strictly) if asks else None

    def _leave(self, part: str, closing: str) -> None:
        self.left.append(part)
        self.closing = closing

    def _quote(self, part: str, policy: Fact) -> None:
        if policy not in self.quoted:
            self.quoted.append(policy)
            self.sources.append(policy.title)
            self.steps.append(lambda reply: quote(reply, part, policy))

    def _price(self, picked: Pick) -> None:
        """Beside a wish for a better price stands the price that is known."""
        for row in picked.rows if len(picked.rows) <= _TOLD_AT_MOST else ():
            price = price_of(row)
            self._tell(row, [price] if price else [])

    def _rows(self, part: str, picked: Pick, fields: Sequence[str]) -> None:
        if picked.rows and fields:
            self._answer(picked, fields)
        elif picked.is_named and not asks_about_more(part, picked, (), values_in(self.stock)):
            self._all(picked, tell_one=not lists(part))
        elif picked.rows and picked.by_value:
            self._offer(part, picked)
        elif QUESTION.search(part):
            if not PLEASANTRY.search(part):
                self.left.append(part)
        elif picked.is_named and INTEREST.search(part):
            self._all(picked, tell_one=True)

    def _offer(self, part: str, picked: Pick) -> None:
        """A single thing is told with what it was described by."""
        if len(picked.best) == 1 and picked.by_value:
            row = picked.best[0]
            self._tell(row, [*told(row), *asked_at_all(part, Pick((row,)), self.case)])
        else:
            self.offer(picked)

    def _all(self, picked: Pick, *, tell_one: bool) -> None:
        if len(picked.rows) > 1 or not tell_one:
            self.offer(picked)
            return
        for row in picked.rows:
            self._tell(row, told(row))

    def _answer(self, picked: Pick, fields: Sequence[str]) -> None:
        rows = picked.best if len(picked.rows) > 1 else picked.rows
        rows = [row for row in rows if any(row.fields.get(name) for name in fields)]
        if len(rows) > _TOLD_AT_MOST or (len(rows) > 1 and all(map(is_price, fields))):
            self.offer(Pick(tuple(rows)))
            return
        for row in rows:
            self._tell(row, [name for name in fields if row.fields.get(name)])

    def _tell(self, row: Fact, fields: Sequence[str]) -> None:
        known = self.details.get(row.source_id)
        if known is not None:
            known += [name for name in fields if name not in known]
            return
        ordered = self.details[row.source_id] = list(dict.fromkeys(fields))
        subject = self._subject(row)
        self.sources.append(row.title)
        self.steps.append(lambda reply: tell(reply, subject, ordered))

    def _subject(self, row: Fact) -> Subject:
        return subject_of(row, self.stock, self.case.folded)


def answers_to(case: Case) -> Answers:
    """The answers to what the customer wrote last."""
    stock = stock_of(case)
    answers = Answers(case, stock, spoken_before(case.turns, stock))
    for part in parts_of(case.folded[:_READ_AT_MOST], names_in(stock))[:_PARTS_AT_MOST]:
        answers.take(part)
    return answers
