"""What holds for the drafter whatever people write: it never fails, and states nothing that it does not claim."""

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assistance.drafting import draft_reply
from domain.assistance.drafts import Decision
from domain.assistance.facts import Speaker, Turn
from tests.support.drafting import (
    BOOK_A_BIKE,
    FIND_A_BIKE,
    NOW,
    TEST_DRIVE,
    a_bike,
    a_checklist,
    a_count,
    a_policy,
    a_row,
)

FACTS = [
    a_row("VW Golf", fields={"price": "€18,900", "status": "available"}),
    a_policy("Opening hours", "We open at nine."),
    a_bike("Comet"),
    a_bike("Star", known_since=3, batch=2),
    a_count("2", known_since=3, batch=2),
    *map(a_checklist, (FIND_A_BIKE, BOOK_A_BIKE, TEST_DRIVE)),
]
SAID = (
    "bike, Golf, book it, yes, no, until, from, May 3, at 9:30, two helmets, in Lyon, how much, ?, thanks, other, mtb, "
    "open, test drive, the Star"
)
WORDS = st.sampled_from(SAID.split(", "))
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Speaker), TEXTS), max_size=7))
def test_never_fails_and_claims_what_it_states(talk: list[tuple[Speaker, str]]) -> None:
    turns = [Turn(sequence=i, speaker=speaker, text=text) for i, (speaker, text) in enumerate(talk, 1)]

    draft = draft_reply(turns, FACTS, now=NOW)

    rows = {fact.source_id: fact for fact in FACTS}
    assert draft == draft_reply(turns, FACTS, now=NOW)
    assert bool(draft.questions) == (draft.decision is Decision.CLARIFY)
    assert all(claim.text in draft.text for claim in draft.claims)
    for claim in draft.claims:
        row = rows[claim.source_id]
        assert claim.value in {row.fields.get(claim.field), row.title, row.entity, row.text}
