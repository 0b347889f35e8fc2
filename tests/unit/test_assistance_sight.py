import time

import pytest

from application.assistance.judging import judge
from application.assistance.sight import Sight, size
from domain.assistance.limits import objections_to
from domain.assistance.redaction import Redaction
from tests.support.assisting import NOW, House, a_draft, a_fact, a_turn


async def seen(sight: Sight, *texts: str):
    house = House()
    conversation_id = await house.open(texts[0])
    for text in texts[1:]:
        await house.say(conversation_id, text)
    for number in range(3):
        await house.offer(title=f"Car {number}", entity=f"Car {number}", fields={"note": "x" * 100})
    async with house.database.begin(house.actor.tenant) as tx:
        turns, facts, is_whole = await sight.look(tx, await tx.threads.lock(conversation_id))
    assert is_whole is (len(facts) == 3 < sight.facts)
    return [turn.text for turn in turns], list(facts)


async def test_sees_the_last_messages():
    turns, _ = await seen(Sight(turns=2), "one", "two", "three")

    assert turns == ["two", "three"]


async def test_sees_as_many_of_them_as_fit():
    turns, _ = await seen(Sight(turn_characters=9), "one", "two", "three")

    assert turns == ["two", "three"]


async def test_sees_no_more_of_a_word_than_anybody_reads():
    turns, _ = await seen(Sight(), "Look: " + "a" * 19_000 + " end")

    assert turns == ["Look: " + "a" * 200 + "… end"]


async def test_sees_the_last_one_however_long_it_is():
    turns, _ = await seen(Sight(turn_characters=1), "one", "two", "three")

    assert turns == ["three"]


@pytest.mark.parametrize("most", [2, 3, 4])
async def test_knows_whether_it_sees_all_facts(most: int):
    _, facts = await seen(Sight(facts=most), "any car?")

    assert len(facts) == min(most, 3)


@pytest.mark.parametrize(("most", "count"), [(10_000, 3), (250, 2), (1, 1)])
async def test_sees_facts_as_they_fit(most, count):
    _, facts = await seen(Sight(fact_characters=most), "any car?")

    assert len(facts) == count


def test_looks_for_what_was_said_last():
    turns = [a_turn(f"word{number}", number) for number in range(6)]

    assert Sight(topic=2).about(turns) == "word5\nword4"


def test_does_not_read_what_is_too_long_to_send():
    judgement = judge(a_draft("1 EUR " * 1_000), (), (), now=NOW)

    assert [each.kind for each in judgement.objections] == ["too_long"]


def test_measures_all_that_a_fact_says():
    assert size(a_fact(title="ab", entity="c", text="def", fields={"g": "hi"})) == 9


HOSTILE = [
    "a" * 20_000,
    "A." * 10_000,
    "A-" * 10_000,
    "1" * 20_000,
    "REG " * 5_000,
    "Astraße" * 2_800,
    "<a" * 10_000,
    "<" + " " * 20_000,
    "[" * 20_000,
    "[a](" * 5_000,
    "a@" * 10_000,
    " ".join(f"+49 170 {number}" for number in range(1_000_000, 1_001_500)),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
def test_is_not_slowed_down_by_what_somebody_writes(text):
    begun = time.process_time()

    redaction = Redaction.of([a_turn(text)], [a_fact(text=text)], names=("Anna Berg",))
    redaction.hide(text)
    objections_to(a_draft(text), ())

    assert time.process_time() - begun < 1


def test_gives_up_on_a_list_of_people():
    text = " ".join(f"person{number}@mail.example" for number in range(301))

    assert Redaction.of([a_turn(text)], ()).is_overwhelmed
    assert not Redaction.of([a_turn(text[:1000])], ()).is_overwhelmed
