"""Follows a conversation: which checklist it is on, since when, and what the customer has said for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from domain.assistance.drafting.checklists import Checklist, Purpose, Slot, SlotType
from domain.assistance.drafting.hearing import Heard, hear
from domain.assistance.drafting.words import AFFIRM, NEGATE, fold
from domain.assistance.facts import Speaker, Turn


@dataclass(slots=True, kw_only=True)
class Talk:
    """Where the conversation stands after its last message.

    `since` is the sequence of the message that opened the topic. `heard` is by group and slot name; `asked` are
    the slots that staff asked for last, `proposed` the values they put in that question.
    """

    checklists: tuple[Checklist, ...]
    topic: Checklist | None = None
    since: int = 0
    heard: dict[str, dict[str, Heard]] = field(default_factory=dict[str, dict[str, Heard]])
    told_at: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    asked: tuple[str, ...] = ()
    proposed: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    offered_booking: bool = False
    opened: bool = False
    """The last customer message opened the topic."""
    heard_now: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    """What the last customer message told."""

    @property
    def known(self) -> Mapping[str, Heard]:
        """What the customer has told for the topic's group."""
        return self.heard.get(self.topic.group, {}) if self.topic else {}

    def booking(self) -> Checklist | None:
        """The checklist by which things of the topic's group are booked."""
        return self._checklist(self.topic.group, Purpose.BOOK) if self.topic else None

    def _checklist(self, group: str, purpose: Purpose) -> Checklist | None:
        same = [c for c in self.checklists if c.group == group]
        return next((c for c in same if c.purpose is purpose), None)

    def customer_says(self, turn: Turn) -> None:
        folded = fold(turn.text)
        self._turn_to(self._group(folded), folded, turn.sequence)
        self.heard_now = {}
        if self.topic is None:
            return
        self.heard_now = self._heard(turn.text, folded, self.topic.slots)
        group = self.topic.group
        self.heard.setdefault(group, {}).update(self.heard_now)
        for name in self.heard_now:
            self.told_at[group, name] = turn.sequence

    def staff_say(self, turn: Turn) -> None:
        folded = fold(turn.text)
        booking = self.booking()
        asks = "?" in folded
        self.offered_booking = bool(asks and booking and booking.wants and booking.wants.search(folded))
        slots = self.topic.slots if self.topic else ()
        self.asked = asked_in(folded, slots)
        self.proposed = hear(turn.text, slots) if asks else {}

    def _heard(self, text: str, folded: str, slots: Sequence[Slot]) -> dict[str, Heard]:
        told = hear(text, slots, self.asked)
        agreed = bool(AFFIRM.match(folded)) or not told
        if agreed and not NEGATE.match(folded):
            told = {name: value for name, value in self.proposed.items() if name in self.asked} | told
        return told

    def _group(self, folded: str) -> str | None:
        """The group that the message is about: a newly named one wins over the present one."""
        present = self.topic.group if self.topic else None
        named: dict[str, int] = {}
        for checklist in self.checklists:
            match = checklist.about.search(folded) if checklist.about else None
            if match is not None:
                named[checklist.group] = min(match.start(), named.get(checklist.group, len(folded)))
        others = [group for group in sorted(named, key=lambda group: named[group]) if group != present]
        return others[0] if others else present

    def _turn_to(self, group: str | None, folded: str, sequence: int) -> None:
        self.opened = False
        if group is None:
            return
        topic = self._choose(group, folded)
        if topic is not None and topic is not self.topic:
            if self.topic is None or topic.group != self.topic.group:
                self.asked, self.proposed = (), {}
            self.topic, self.since, self.opened = topic, sequence, True

    def _choose(self, group: str, folded: str) -> Checklist | None:
        find = self._checklist(group, Purpose.FIND)
        book = self._checklist(group, Purpose.BOOK)
        same_group = self.topic is not None and self.topic.group == group
        refused = NEGATE.match(folded) is not None
        if book is not None and book.wants is not None and book.wants.search(folded) and not refused:
            return book
        if same_group and book is not None and self.offered_booking:
            return book if AFFIRM.match(folded) else find or book
        if same_group:
            return self.topic
        return find or book


def follow(turns: Sequence[Turn], checklists: tuple[Checklist, ...]) -> Talk:
    """Read the conversation from its start."""
    talk = Talk(checklists=checklists)
    for turn in turns:
        if turn.speaker is Speaker.CUSTOMER:
            talk.customer_says(turn)
        else:
            talk.staff_say(turn)
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
    """The slots that a question asks for: by the slot's own words, else by the words of its type."""
    if "?" not in folded and not folded.startswith(("please", "tell", "let me know", "i need", "may i")):
        return ()
    own = [slot.name for slot in slots if slot.asks is not None and slot.asks.search(folded)]
    types = {slot.type for slot in slots if slot.name in own}
    loose = [
        slot.name
        for slot in slots
        if slot.type not in types and any(word in folded for word in _ASKS_BY_TYPE[slot.type])
    ]
    return tuple(slot.name for slot in slots if slot.name in own or slot.name in loose)
