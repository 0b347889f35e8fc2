import pytest

from domain.assistance.drafts import Question
from domain.assistance.facts import FactKind, Speaker
from domain.assistance.redaction import Redaction
from domain.assistance.results import Objection
from tests.support.assisting import a_claim, a_draft, a_fact, a_turn


def hidden(text, facts=(), **on_file):
    return Redaction.of([a_turn(text)], facts, **on_file).hide(text)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("write to anna.berg+x@mail.example.org!", "write to [EMAIL_1]!"),
        ("call +49 170 1234567 today", "call [PHONE_1] today"),
        ("or 555-123-4567.", "or [PHONE_1]."),
        ("or (030) 555 12 34", "or [PHONE_1]"),
        ("VIN WVWZZZ1JZXW000001 please", "VIN [VIN_1] please"),
        ("my car is B-AB 1234", "my car is [PLATE_1]"),
        ("it is AA1234BB", "it is [PLATE_1]"),
        ("plate number: XYZ 987", "plate number: [PLATE_1]"),
        ("card 4111 1111 1111 1111", "card [CARD_1]"),
        ("IBAN DE89370400440532013000", "IBAN [IBAN_1]"),
        ("I live at 12 Long Acre Road now", "I live at [ADDRESS_1] now"),
        ("bring it to Lindenstraße 5", "bring it to [ADDRESS_1]"),
        ("Hello, my name is Anna Berg", "Hello, my name is [NAME_1]"),
        ("this is Anna speaking", "this is [NAME_1] speaking"),
        ("Thanks!\nBest regards,\nAnna", "Thanks!\nBest regards,\n[NAME_1]"),
    ],
)
def test_takes_out_what_the_customer_gave(text, without):
    assert hidden(text) == without


@pytest.mark.parametrize(
    "text",
    [
        "from 2019-03-06 to 03-08-2019",
        "under 1000 dollars, two cars at 10:30",
        "this is Great news",
        "a green car for 4 people, 2015 or 2016",
        "1 500 000",
    ],
)
def test_leaves_dates_sums_and_words(text):
    assert hidden(text) == text


def test_takes_out_the_name_on_file_and_its_parts():
    text = "Anna here, from Berg & Sons. ANNA BERG again; an iceberg is no name"

    assert (
        hidden(text, names=("Anna Berg",))
        == "[NAME_2] here, from [NAME_3] & Sons. [NAME_1] again; an iceberg is no name"
    )


def test_keeps_words_that_only_look_like_a_name():
    assert hidden("a green or Green one?", names=("Mia Green",)) == "a green or [NAME_3] one?"


def test_leaves_what_the_business_itself_states():
    car = a_fact(fields={"plate": "B-AB 1234", "color": "Green"}, text="Questions: 030 5551234")

    assert hidden("Is B-AB 1234 there? Green? I called 030 5551234", [car], names=("Green",)) == (
        "Is B-AB 1234 there? Green? I called 030 5551234"
    )


def test_takes_the_customers_data_out_of_records():
    booking = a_fact(
        kind=FactKind.RECORD, title="Booking of Anna", fields={"phone": "+49 170 1234567"}, text="for Anna"
    )
    redaction = Redaction.of([a_turn("it's +49 170 1234567")], [booking], names=("Anna",))

    (fact,) = redaction.hide_facts([booking])

    assert (fact.title, fact.fields["phone"], fact.text) == ("Booking of [NAME_1]", "[PHONE_1]", "for [NAME_1]")


def test_hides_only_what_customers_give_but_everywhere():
    turns = [a_turn("mail a@b.example"), a_turn("a@b.example? or desk@us.example", 2, Speaker.STAFF)]

    _, staff = Redaction.of(turns, ()).hide_turns(turns)

    assert staff.text == "[EMAIL_1]? or desk@us.example"


def test_puts_everything_back():
    text = "I am at +49 170 1234567 or a@b.example, B-AB 1234"
    redaction = Redaction.of([a_turn(text)], (), names=("Anna",), emails=("on@file.example",))
    draft = a_draft(
        "[NAME_1], we have [PHONE_1] and [EMAIL_2]. [PHONE_7]",
        reason="[EMAIL_1]",
        claims=(a_claim(text="[PLATE_1]", value="[PLATE_1]"),),
        questions=(Question(slot="x", text="[PHONE_1]?"),),
        missing=("[NAME_1]",),
    )

    shown = redaction.reveal_draft(draft)

    assert shown.text == "Anna, we have +49 170 1234567 and a@b.example. [PHONE_7]"
    assert (shown.reason, shown.claims[0].value, shown.questions[0].text, shown.missing) == (
        "on@file.example",
        "B-AB 1234",
        "+49 170 1234567?",
        ("Anna",),
    )
    assert redaction.hide_draft(shown).claims[0].text == "[PLATE_1]"


def test_gives_no_placeholder_that_the_customer_wrote():
    text = "My [EMAIL_1] is a@b.example"

    assert hidden(text) == "My [EMAIL_1] is [EMAIL_2]"


def test_gives_the_same_table_for_the_same_words():
    turns = [a_turn("a@b.example and c@d.example")]

    assert Redaction.of(turns, ()).hidden == Redaction.of(turns, ()).hidden


def test_leaves_texts_alone_where_nothing_is_personal():
    redaction = Redaction.of([a_turn("hello")], ())

    assert redaction.hide("a@b.example") == "a@b.example"
    assert redaction.hide_objections([Objection(kind="x", text="hello", reason="y")])[0].text == "hello"


def test_gives_a_value_that_comes_twice_one_placeholder():
    text = "write to anna@example.org, I repeat: Anna@Example.ORG"

    assert hidden(text, emails=("ANNA@example.org",)) == "write to [EMAIL_1], I repeat: [EMAIL_1]"
