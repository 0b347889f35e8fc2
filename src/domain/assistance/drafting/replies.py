"""Words a reply so that every fact in it is a claim on one row, or the customer's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.assistance.drafting.wording import YES_NO, is_common, label, written
from domain.assistance.drafts import Claim, Decision, Draft, Question
from domain.assistance.facts import Fact


@dataclass(slots=True)
class Reply:
    """Builds the text of a draft piece by piece, and keeps a claim for each fact stated."""

    now: datetime
    pieces: list[str] = field(default_factory=list[str])
    claims: list[Claim] = field(default_factory=list[Claim])

    def say(self, text: str) -> "Reply":
        """Add words that state no fact, or that the customer wrote."""
        self.pieces.append(text)
        return self

    def state(self, fact: Fact, field_name: str) -> "Reply":
        """Add the value of one field as people write it, and claim it."""
        own = {"entity": fact.entity, "title": fact.title}
        value = fact.fields.get(field_name) or own[field_name]
        text = written(field_name, value, self.now)
        if is_common(field_name, value):
            text = text.lower()
        self.claims.append(Claim(text=text, source_id=fact.source_id, field=_field(fact, field_name), value=value))
        return self.say(text)

    def words(self, fact: Fact, field_name: str, text: str) -> "Reply":
        """Add words that say with its name what a field holds ("2 beds", "pets: yes"), and claim them."""
        value = fact.fields[field_name]
        self.claims.append(Claim(text=text, source_id=fact.source_id, field=field_name, value=value))
        return self.say(text)

    def quote(self, fact: Fact, sentence: str) -> "Reply":
        """Add a sentence of the fact's prose, word for word, and claim it."""
        self.claims.append(Claim(text=sentence, source_id=fact.source_id, field="text", value=sentence))
        return self.say(sentence)

    def details(self, fact: Fact, fields: Iterable[str]) -> "Reply":
        """`the label is value, ... and the label is value` for the fields that the row has."""
        present = [name for name in fields if fact.fields.get(name)]
        for place, name in enumerate(present):
            self.say("" if not place else " and " if place == len(present) - 1 else ", ")
            answer = YES_NO.get(fact.fields[name].lower())
            if answer is not None:
                self.words(fact, name, f"{label(name)}: {answer}")
            else:
                self.say(f"the {label(name)} is ").state(fact, name)
        return self

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def draft(
        self, decision: Decision, reason: str, *, questions: Sequence[Question] = (), missing: Sequence[str] = ()
    ) -> Draft:
        return Draft(
            decision=decision,
            text=self.text,
            reason=reason,
            claims=tuple(self.claims),
            questions=tuple(questions),
            missing=tuple(missing),
        )


def hand_off(reason: str, *missing: str) -> Draft:
    """Leave it to a person, with a line for the customer that promises nothing."""
    return Draft(
        decision=Decision.HAND_OFF,
        text="Thank you for your message. A colleague needs to look at this.",
        reason=reason,
        missing=missing,
    )


def _field(fact: Fact, field_name: str) -> str:
    """The entity is claimed by the field that holds it, else by the title, else as the entity."""
    if field_name != "entity":
        return field_name
    own = "title" if fact.title == fact.entity else "entity"
    return next((name for name, value in fact.fields.items() if value == fact.entity), own)
