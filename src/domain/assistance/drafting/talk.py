"""Follows a conversation: which checklist it is on, since when, and what the customer has said for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.assistance.drafting.checklists import Checklist, Purpose, Slot, SlotType
from domain.assistance.drafting.hearing import Heard, hear
from domain.assistance.drafting.moments import places_in
from domain.assistance.drafting.words import AFFIRM, INQUIRY, NEGATE, THANKS_FOR, fold
from domain.assistance.facts import Fact, Speaker, Turn

_READ_AT_MOST: Final = 4000
"""Characters of a message that are searched for values."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """Where the conversation stands after its last message.

    `since` is the sequence of the message that opened the topic, or wanted the booking. `heard` is by group and
    slot name; `asked` are the slots that staff asked for last, `proposed` the values in that question.
    """

    checklists: tuple[Checklist, ...]
    stocked: Mapping[str, int]
    """The groups that have rows, with the sequence since when."""
    topic: Checklist | None = None
    since: int = 0
    opened_at: dict[str, int] = field(default_factory=dict[str, int])
    heard: dict[str, dict[str, Heard]] = field(default_factory=dict[str, dict[str, Heard]])
    told_at: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    asked: tuple[str, ...] = ()
    proposed: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    asked_before: Collection[str] = ()
    """The unknown slots that the question before the last customer message asked for, or proposed a value for."""
    offered_booking: bool = False
    opened: bool = False
    """The last customer message opened the topic or wanted the booking."""
    heard_now: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    """What the last customer message told, or agreed to."""
    told_now: bool = False
    """The last customer message told something itself."""

    @property
    def known(self) -> Mapping[str, Heard]:
        """What the customer has told for the topic's group."""
        return self.heard.get(self.topic.group, {}) if self.topic else {}

    def stocked_by(self, sequence: int) -> set[str]:
        """The groups whose rows were known before a message."""
        return {group for group, since in self.stocked.items() if since < sequence}

    def booking(self) -> Checklist | None:
        """The checklist by which things of the topic's group are booked."""
        return self._checklist(self.topic.group, Purpose.BOOK) if self.topic else None

    def customer_says(self, turn: Turn) -> None:
        text = turn.text[:_READ_AT_MOST]
        folded = fold(text)
        self.opened, self.told_now, self.heard_now = False, False, {}
        self.asked_before = {*self.asked, *self.proposed} - self.known.keys()
        group = self._group(text, folded)
        topic = self._choose(group, text, folded, turn.sequence) if group else None
        if topic is not None:
            self._turn_to(topic, turn.sequence, anew=self._wants(topic, folded) or self.offered_booking)
        if self.topic is None:
            return
        told = hear(text, self.topic.slots, self.asked, self.known)
        self.heard_now, self.told_now = self._agreed(folded, told) | told, bool(told)
        self.heard.setdefault(self.topic.group, {}).update(self.heard_now)
        for name in told:
            self.told_at[self.topic.group, name] = turn.sequence

    def staff_say(self, turn: Turn) -> None:
        text = turn.text[:_READ_AT_MOST]
        folded = fold(text)
        booking = self.booking()
        asks = "?" in folded
        self.offered_booking = bool(asks and booking and booking.wants and booking.wants.search(folded))
        slots = self.topic.slots if self.topic else ()
        self.asked = asked_in(folded, slots)
        self.proposed = hear(text, slots) if asks else {}

    def service_answers(self, service: str, sequence: int) -> None:
        """A look-up settles what the talk is about, whatever was understood before."""
        if self.topic is not None and service in self.topic.services:
            return
        serving = [c for c in self.checklists if service in c.services]
        if serving:
            self._turn_to(min(serving, key=lambda c: c.purpose is Purpose.BOOK), sequence, anew=False)

    def _checklist(self, group: str, purpose: Purpose) -> Checklist | None:
        return next((c for c in self.checklists if c.group == group and c.purpose is purpose), None)

    def _agreed(self, folded: str, told: Mapping[str, Heard]) -> dict[str, Heard]:
        """What staff proposed in their question stands unless it is refused outright or corrected."""
        if NEGATE.match(folded) and not told:
            return {}
        if told or AFFIRM.match(folded):
            return dict(self.proposed)
        return {name: value for name, value in self.proposed.items() if name in self.asked}

    def _group(self, text: str, folded: str) -> str | None:
        """The group that the message is about: a newly named one wins over the present one."""
        present = self.topic.group if self.topic else None
        named: dict[str, int] = {}
        names = places_in(text)
        for checklist in self.checklists:
            match = checklist.about.search(folded) if checklist.about else None
            # "Harbour Hotel Garage" is a place to go to, not a wish for a hotel.
            if match is not None and not any(n.start < match.start() < n.end for n in names):
                named[checklist.group] = min(match.start(), named.get(checklist.group, len(folded)))
        others = [group for group in sorted(named, key=lambda group: named[group]) if group != present]
        if others or present is not None or named:
            return others[0] if others else present
        return self._guess(text)

    def _guess(self, text: str) -> str | None:
        """With nothing named yet: the first checklist that two of the values told would fit."""
        finding = [c for c in self.checklists if c.purpose is Purpose.FIND]
        return next((c.group for c in finding if len(hear(text, c.slots)) > 1), None)

    def _turn_to(self, topic: Checklist, sequence: int, *, anew: bool) -> None:
        same_group = self.topic is not None and self.topic.group == topic.group
        if not same_group:
            self.asked, self.proposed = (), {}
        first = self.opened_at.setdefault(topic.group, sequence)
        if topic is not self.topic or (anew and topic.purpose is Purpose.BOOK):
            self.opened = True
            again = topic.purpose is Purpose.FIND and (same_group or topic.group in self.stocked_by(sequence))
            self.since = first if again else sequence
            self.topic = topic

    def _wants(self, topic: Checklist, folded: str) -> bool:
        """Whether the message asks to book, rather than asks about a booking, or refuses or thanks for one."""
        wanted = topic.wants is not None and topic.wants.search(folded) is not None
        return wanted and not (NEGATE.match(folded) or INQUIRY.search(folded) or THANKS_FOR.search(folded))

    def _choose(self, group: str, text: str, folded: str, sequence: int) -> Checklist | None:
        find = self._checklist(group, Purpose.FIND)
        book = self._checklist(group, Purpose.BOOK)
        if book is None or find is None:
            return find or book
        if not book.direct and group not in self.stocked_by(sequence):
            return find
        same_group = self.topic is not None and self.topic.group == group
        if self._wants(book, folded):
            return book
        if same_group and self.offered_booking:
            accepted = AFFIRM.match(folded) is not None or bool(hear(text, book.slots, self.asked))
            return book if accepted else find
        return self.topic if same_group else find


def follow(turns: Sequence[Turn], checklists: tuple[Checklist, ...], rows: Sequence[Fact]) -> Talk:
    """Read the conversation from its start, with the look-ups where they happened."""
    groups = {service: c.group for c in reversed(checklists) for service in c.services}
    stocked: dict[str, int] = {}
    answers: dict[int, str] = {}
    for row in rows:
        answers.setdefault(row.known_since, row.service)
        if row.service in groups:
            stocked.setdefault(groups[row.service], row.known_since)
    talk = Talk(checklists=checklists, stocked=stocked)
    for turn in turns:
        if turn.speaker is Speaker.CUSTOMER:
            talk.customer_says(turn)
        else:
            talk.staff_say(turn)
        if turn.sequence in answers:
            talk.service_answers(answers[turn.sequence], turn.sequence)
    return talk


_ASKS_BY_TYPE: Mapping[SlotType, tuple[str, ...]] = {
    SlotType.DATE: ("when", "date", "day", "dates", "days"),
    SlotType.TIME: ("time", "what hour", "when"),
    SlotType.PLACE: ("where", "city", "location", "place", "area"),
    SlotType.NUMBER: ("how many",),
    SlotType.CHOICE: ("type", "kind", "sort"),
    SlotType.TEXT: (),
}


def asked_in(folded: str, slots: Collection[Slot]) -> tuple[str, ...]:
    """The slots that a question asks for: by the very question, by words of the slot, or by those of its type."""
    own = [slot.name for slot in slots if fold(slot.ask) in folded]
    if own:
        return tuple(own)
    if "?" not in folded and not folded.startswith(("please", "tell", "let me know", "i need", "may i")):
        return ()
    own = [slot.name for slot in slots if (slot.asks and slot.asks.search(folded)) or fold(slot.label) in folded]
    types = {slot.type for slot in slots if slot.name in own}
    loose = [
        slot.name
        for slot in slots
        if slot.type not in types and any(word in folded for word in _ASKS_BY_TYPE[slot.type])
    ]
    return tuple(slot.name for slot in slots if slot.name in own or slot.name in loose)
