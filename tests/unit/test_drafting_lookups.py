"""The drafter where a service looks things up: ask what is missing, offer what came back, confirm, tell the booking."""

from domain.assistance.drafts import Decision
from domain.assistance.facts import FactKind
from tests.support.drafting import BOOK_A_BIKE, FIND_A_BIKE, a_bike, a_checklist, a_count, a_row, drafted

FIND, BOOK = a_checklist(FIND_A_BIKE), a_checklist(BOOK_A_BIKE)
SHOP = [FIND, BOOK]


def test_asks_for_the_first_missing_thing() -> None:
    draft = drafted(SHOP, "Can you find me a bike in Lyon?")

    assert draft.decision is Decision.CLARIFY
    assert [question.slot for question in draft.questions] == ["end_date"]
    assert draft.text == "Until when?"
    assert draft.missing == ("end_date", "start_date")


def test_takes_the_answer_for_what_was_asked() -> None:
    draft = drafted(SHOP, "A bike in Lyon please", "Until when?", "May 9")

    assert [question.slot for question in draft.questions] == ["start_date"]


def test_asks_for_something_else_when_the_answer_was_not_understood() -> None:
    draft = drafted(SHOP, "A bike in Lyon please", "Until when?", "quite long")

    assert [question.slot for question in draft.questions] == ["start_date"]


def test_takes_a_proposal_that_is_not_refused() -> None:
    draft = drafted(SHOP, "A bike in Lyon until May 9", "From May 3?", "Yes please")

    assert draft.decision is Decision.ANSWER
    assert "start date: May 3" in draft.text


def test_drops_a_proposal_that_is_refused() -> None:
    draft = drafted(SHOP, "A bike in Lyon until May 9", "From May 3?", "No")

    assert [question.slot for question in draft.questions] == ["start_date"]


def test_makes_sure_of_a_value_that_was_only_guessed() -> None:
    draft = drafted([FIND], "A bike in Lyon May 3, May 9")

    assert draft.decision is Decision.CLARIFY
    assert draft.missing == ()


def test_understands_values_before_any_topic_is_named() -> None:
    draft = drafted(SHOP, "from May 3 until May 9")

    assert [question.slot for question in draft.questions] == ["city"]


def test_offers_the_first_row_and_tells_the_count() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Star"), a_count("7")]

    draft = drafted(facts, "A bike in Lyon from May 3 until May 9")

    assert draft.text == (
        "I found 7 matches. One of them is Comet: the kind is City, the shop is Quai Nord, "
        "the start date is December 2 and the price is 12."
    )
    assert {(claim.field, claim.value) for claim in draft.claims} == {
        ("count", "7"), ("bike_name", "Comet"), ("kind", "City"), ("shop", "Quai Nord"),
        ("start_date", "2026-12-02"), ("price", "12"),
    }  # fmt: skip
    assert all(claim.text in draft.text for claim in draft.claims)


def test_offers_a_row_of_the_kind_the_customer_wants() -> None:
    goat = a_row("Goat", service="Bikes", known_since=1, batch=1, fields={"bike_name": "Goat", "kind": "Mountain"})

    draft = drafted([*SHOP, a_bike("Comet"), goat, a_count("1")], "An mtb bike in Lyon from May 3 until May 9")

    assert draft.text == "I found Goat: the kind is Mountain."


def test_offers_rows_without_checklist_or_name() -> None:
    fields = {"from": "Lyon", "to": "Nice", "seats": "3", "date": "2027-01-05", "wifi": "True", "fare": "19"}
    row = a_row("", service="Coaches", known_since=1, batch=1, fields=fields)

    draft = drafted([row], "A coach to Nice")

    assert draft.text == (
        "I found this one: the from is Lyon, the to is Nice, the seats is 3, the date is January 5, 2027 and wifi: yes."
    )


def test_says_that_nothing_matches() -> None:
    draft = drafted([*SHOP, a_count("0")], "A bike in Lyon from May 3 until May 9")

    assert draft.decision is Decision.ANSWER
    assert "nothing matches" in draft.text


def test_says_nothing_of_a_count_alone() -> None:
    draft = drafted([*SHOP, a_count("4")], "A bike in Lyon from May 3 until May 9")

    assert draft.decision is Decision.HAND_OFF


def test_answers_what_is_asked_of_the_row() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Star", price="15")]

    draft = drafted(facts, "A bike in Lyon", "I have the Star for you.", "How much does it cost per day?")

    assert draft.text == "Star: the price is 15."
    assert draft.claims[1].source_id == facts[3].source_id


def test_takes_the_first_row_when_staff_name_none() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Star", price="15")]

    draft = drafted(facts, "A bike in Lyon", "Here you go.", "What does it cost a day?")

    assert draft.text == "Comet: the price is 12."


def test_tells_the_name_when_asked() -> None:
    draft = drafted([*SHOP, a_bike("Comet")], "A bike in Lyon", "Here you go.", "What is it called?")

    assert draft.text == "the bike name is Comet."


def test_offers_the_next_row_then_says_there_is_none() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Star")]

    more = drafted(facts, "A bike in Lyon", "I have the Comet.", "Anything else?")
    none = drafted(facts, "A bike", "I have the Comet.", "Anything else?", "There is the Star.", "Any other?")

    assert more.text.startswith("There is also Star")
    assert "last one" in none.text


def test_offers_to_book_what_the_customer_likes() -> None:
    draft = drafted([*SHOP, a_bike("Comet")], "A bike in Lyon", "I have the Comet.", "I rather like that.")

    assert draft.text.startswith("Would you like to book Comet")


def test_asks_for_what_the_booking_still_needs() -> None:
    draft = drafted([*SHOP, a_bike("Comet")], "A bike in Lyon", "I have the Comet.", "Please book it today.")

    assert [question.slot for question in draft.questions] == ["helmets"]


def test_takes_a_yes_to_an_offered_booking() -> None:
    facts = [*SHOP, a_bike("Comet", pickup_time="09:00")]

    draft = drafted(facts, "A bike", "I have the Comet.", "Nice one", "Shall I reserve it here?", "Yes, with 2 helmets")

    assert draft.decision is Decision.ANSWER
    assert (
        draft.text == "Please confirm: Comet, the shop is Quai Nord and the pickup time is 09:00, 2 helmets. "
        "Do these details suit you?"
    )


def test_takes_a_no_to_an_offered_booking() -> None:
    draft = drafted([*SHOP, a_bike("Comet")], "A bike", "The Comet, shall I reserve it?", "No, not this year")

    assert draft.text == "May we help with anything further?"


def test_states_what_the_customer_changed_in_their_own_words() -> None:
    facts = [*SHOP, a_bike("Comet", helmets="1", pickup_time="09:00")]

    draft = drafted(facts, "A bike", "I have the Comet.", "Book it with 2 helmets at 10:30")

    assert "2 helmets" in draft.text
    assert "time: 10:30" in draft.text
    assert {claim.value for claim in draft.claims} == {"Comet", "Quai Nord"}


def test_leaves_a_confirmed_booking_to_a_person() -> None:
    facts = [*SHOP, a_bike("Comet", helmets="1", pickup_time="09:00")]

    draft = drafted(facts, "A bike", "I have the Comet.", "Book it", "The Comet then, correct?", "Yes")

    assert draft.decision is Decision.HAND_OFF


def test_tells_what_was_booked() -> None:
    record = a_bike("Comet", known_since=3, batch=2, kind=FactKind.RECORD)

    draft = drafted([*SHOP, a_bike("Comet"), record], "A bike", "I have the Comet.", "Book it")

    assert draft.text.startswith("All set. Your details: Comet")
    assert {claim.source_id for claim in draft.claims} == {record.source_id}


def test_calls_a_single_row_no_booking_when_it_is_not_marked_as_one() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Comet", known_since=3, batch=2)]

    draft = drafted(facts, "A bike", "I have the Comet.", "Book it")

    assert draft.text.startswith("Here are the details: Comet")


def test_says_that_a_booking_did_not_work() -> None:
    facts = [*SHOP, a_bike("Comet"), a_count("0", known_since=3, batch=2)]

    assert "did not work" in drafted(facts, "A bike", "I have the Comet.", "Book it").text


def test_answers_a_question_before_it_asks_on() -> None:
    facts = [*SHOP, a_bike("Comet")]

    draft = drafted(facts, "A bike", "The Comet.", "Book it", "How many helmets?", "Wait, where is the shop?")

    assert draft.text == "Comet: the shop is Quai Nord."


def test_is_done_after_a_booking() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Comet", known_since=3, batch=2, kind=FactKind.RECORD)]

    draft = drafted(facts, "A bike", "The Comet.", "Book it", "It is booked for you.", "Great")

    assert draft.text == "May we help with anything further?"


def test_comes_back_to_what_was_found_before() -> None:
    boats = a_checklist(FIND_A_BIKE | {"topic": "boats", "services": ["Boats"], "about": ["boat*"]})
    facts = [*SHOP, boats, a_bike("Comet", helmets="1", pickup_time="09:00")]

    draft = drafted(facts, "A bike", "I have the Comet.", "And a boat?", "Where?", "Just book that bike first")

    assert draft.text.startswith("Please confirm: Comet")


def test_turns_to_a_newly_named_topic() -> None:
    boats = a_checklist(FIND_A_BIKE | {"topic": "boats", "services": ["Boats"], "about": ["boat*"]})

    draft = drafted([*SHOP, boats, a_bike("Comet")], "A bike", "I have the Comet.", "Good, and a boat please")

    assert draft.decision is Decision.CLARIFY
    assert draft.questions[0].slot == "city"


def test_takes_a_name_with_a_topic_word_in_it_for_a_place() -> None:
    boats = a_checklist(FIND_A_BIKE | {"topic": "boats", "services": ["Boats"], "about": ["boat*"]})

    draft = drafted([*SHOP, boats], "A bike", "In which town?", "I get it at Old Boat House")

    assert "city" not in draft.missing


def test_follows_a_look_up_of_another_service() -> None:
    boats = a_checklist(FIND_A_BIKE | {"topic": "boats", "services": ["Boats"], "about": ["boat*"]})
    boat = a_row("Gull", service="Boats", known_since=3, batch=2, fields={"boat_name": "Gull", "price": "80"})

    draft = drafted(
        [*SHOP, boats, boat], "A bike in Lyon", "Until when?", "Hm, what floats?", "The Gull.", "What cost?"
    )

    assert draft.text == "Gull: the price is 80."


def test_ignores_a_look_up_that_no_checklist_serves() -> None:
    row = a_row("Oak", service="Trees", known_since=1, batch=1, fields={"tree_name": "Oak", "height": "9"})

    draft = drafted([*SHOP, row], "A bike in Lyon")

    assert draft.text == "I found Oak: the height is 9."


def test_books_directly_where_the_checklist_says_so() -> None:
    direct = a_checklist(BOOK_A_BIKE | {"direct": True})

    draft = drafted([FIND, direct], "Reserve me a bike with 2 helmets")

    assert draft.missing == ("shop", "time")


def test_confirms_a_direct_booking_in_the_customers_words() -> None:
    direct = a_checklist(BOOK_A_BIKE | {"direct": True})

    draft = drafted([direct, FIND], "Reserve a bike with 2 helmets at 9:30 from Quai Nord")

    assert draft.text == "Please confirm: shop: Quai Nord, 2 helmets, time: 9:30. Do these details suit you?"
    assert draft.claims == ()


def test_confirms_a_row_without_a_name() -> None:
    row = a_bike("", helmets="1", pickup_time="09:00")

    draft = drafted([*SHOP, row], "A bike", "At Quai Nord for 12.", "Book it")

    assert draft.text == (
        "Please confirm: the shop is Quai Nord, the helmets is 1 and the pickup time is 09:00. "
        "Do these details suit you?"
    )


def test_knows_no_further_words_for_a_field_without_any() -> None:
    find = a_checklist(FIND_A_BIKE | {"names": {"price": []}})

    assert drafted([find, a_bike("Comet")], "A bike", "The Comet.", "How much?").text == "Comet: the price is 12."


def test_quotes_no_price_from_an_older_look_up() -> None:
    facts = [*SHOP, a_bike("Comet"), a_bike("Star", known_since=3, batch=2)]

    draft = drafted(facts, "A bike", "The Comet.", "And for two days?", "The Comet too.", "And how much is it now?")

    assert draft.decision is Decision.HAND_OFF
    assert "12" not in draft.text
