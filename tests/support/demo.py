"""The demo dealership as a drafter sees it, and replies to its customers that the judge has passed."""

from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

from application.assistance.judging import judge
from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Draft
from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.shared.ids import SourceId
from entrypoints.demo.seeding import DemoConversation, DemoSource, read_demo

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday."""
DEMO = read_demo()
PRICE = "Whether there is room in the price is for a colleague to decide."
GOLFS = "the Volkswagen Golf 1.5 TSI Life for 18,950 EUR and the Volkswagen Golf 2.0 TDI Style for 21,490 EUR"


def _fact(source: DemoSource) -> Fact:
    return Fact(
        source_id=SourceId(uuid5(NAMESPACE_OID, source.external_id)),
        version=1,
        kind=FactKind(source.kind.value),
        title=source.title,
        entity=source.entity,
        service=source.service,
        fields=source.fields,
        text=source.text,
    )


FACTS = [_fact(source) for source in DEMO.sources]


def passed(turns: list[Turn]) -> Draft:
    draft = draft_reply(turns, FACTS, now=NOW)
    assert judge(draft, turns, FACTS, now=NOW).objections == ()
    assert draft == draft_reply(turns, FACTS, now=NOW)
    return draft


def reply_to(*lines: str) -> Draft:
    speakers = (Speaker.CUSTOMER, Speaker.STAFF)
    return passed([Turn(sequence=i + 1, speaker=speakers[i % 2], text=text) for i, text in enumerate(lines)])


def turns_of(conversation: DemoConversation) -> list[Turn]:
    return [
        Turn(sequence=i, speaker=Speaker(message.author.value), text=message.text)
        for i, message in enumerate(conversation.messages, 1)
    ]
