"""The built-in drafter: deterministic, offline, for any business whose facts it is given.

`draft_reply` reads the conversation (`talk`, `hearing`, `moments`, `words`), finds the row in question (`rows`) and
tries its moves in order (`drafter.MOVES`): tell what a service has just returned, take leave, leave a complaint to a
person, answer each question from policies and the standing inventory, ask for the one missing thing, answer or offer
from rows already looked up, have a booking confirmed; when none applies, hand off. Every fact in its text is a claim
copied from one row, or the customer's own words.

What stands is answered question by question (`message`): `shelf` finds the rows that a question names or describes,
`policies` the sentences that fit, `answers` puts both together and leaves the rest to a colleague. `wording` turns
fields into words by their names (`price`, `mileage_km`, `availability`), `phrasing` those into sentences.

Rows and counts of look-ups have `known_since` > 0 and a `batch`; an inventory that is always known has neither.

What must be known before an answer comes from facts of kind CHECKLIST, whose `text` is one JSON object (`fields`
stay empty). One that cannot be read is ignored. Its members:

    topic      what it is about, for staff
    purpose    "find" (then something is looked up or offered) or "book" (then something is booked); "find" by default
    services   the `service` names of the rows it leads to; the first one ties "find" and "book" checklists together
    about      words that open the topic; a trailing * leaves the ending open
    wants      for "book": words by which a customer asks for the booking, and staff offer it
    direct     for "book": true when it may start before a row was chosen
    tell       fields to describe a row with, in order; its first five by default
    names      by field, further words by which customers ask for it
    slots      what to know, in the order in which to ask for it:
        name       machine name; a field of this name in a row settles the slot
        also       further field names that settle it
        type       place, date, time, choice, number or text
        label      in words, for staff and confirmations
        ask        the question to the customer
        cues       words beside a value that mark it as this slot's ("until" for the last day)
        asks       words by which staff ask for it
        choices    by value (as in the rows), further words for it; for places, the known ones
        required   true by default; others are understood, never asked for
        usual      true: a value of the type that nothing marks is for this slot

A dealership's test drives, as the text of such a fact:

    {"topic": "a test drive", "purpose": "book", "services": ["stock"],
     "about": ["test drive", "try the car"], "wants": ["test drive", "try it"],
     "slots": [
       {"name": "date", "type": "date", "label": "day", "ask": "On which day would you like to come?"},
       {"name": "time", "type": "time", "ask": "At what time would suit you?"}]}
"""

from domain.assistance.drafting.drafter import draft_reply

__all__ = ["draft_reply"]
