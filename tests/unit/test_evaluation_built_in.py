"""The built-in drafter on the conversations on file: the figures it must reach."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import pytest

from application.assistance.evaluation.corpus import Cut, cuts, read_corpus
from application.assistance.evaluation.replay_checklists import replay_checklists
from application.assistance.evaluation.scoring import Outcome, PartScore, Scoreboard
from domain.assistance.drafting import draft_reply
from domain.assistance.drafting.checklists import read_checklist
from domain.assistance.facts import Fact, FactKind
from domain.assistance.verifier import verify
from domain.shared.ids import SourceId

NOW = datetime(2019, 3, 1, 9, tzinfo=UTC)
CHECKLISTS = [
    Fact(source_id=SourceId(uuid5(NAMESPACE_OID, title)), version=1, kind=FactKind.CHECKLIST, title=title, text=text)
    for title, text in replay_checklists()
]
EVERY = 8
"""One conversation in eight keeps the test short; the whole set is the replay's."""


def test_can_read_every_checklist_of_the_replay() -> None:
    assert all(read_checklist(text) is not None for _, text in replay_checklists())


@pytest.fixture(scope="module")
def score(shared_data: Path) -> PartScore:
    board = Scoreboard()
    for place, conversation in enumerate(read_corpus(shared_data / "car_rental.jsonl")):
        if place % EVERY == 0:
            for cut in cuts(conversation):
                board.add(_outcome(cut), cut.truth)
    return board.result()[0]


def _outcome(cut: Cut) -> Outcome:
    facts = [*CHECKLISTS, *cut.facts]
    draft = draft_reply(cut.turns, facts, now=NOW)
    findings = verify(draft, cut.turns, facts, now=NOW).findings
    return Outcome(
        conversation_id=cut.conversation_id,
        turn=cut.turn,
        decision=draft.decision,
        text=draft.text,
        slots=tuple(question.slot for question in draft.questions),
        values=tuple(claim.value for claim in draft.claims),
        refused=tuple(finding.kind for finding in findings),
    )


def test_decides_as_people_did(score: PartScore) -> None:
    assert score.decisions.turns > 1_000
    assert score.decisions.balanced_accuracy >= 0.97
    assert score.decisions_in_service.balanced_accuracy >= 0.97
    assert score.decisions.answer_once_facts_were_seen < 0.88


def test_asks_for_what_people_asked_for(score: PartScore) -> None:
    assert score.slot_right.share >= 0.65


def test_states_what_people_stated(score: PartScore) -> None:
    assert score.own_fact_mentioned.share >= 0.9


def test_is_hardly_ever_refused_by_the_verifier(score: PartScore) -> None:
    assert sum(score.refused.values()) <= 0.005 * score.turns
