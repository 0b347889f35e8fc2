"""The checklists of the replay: what the businesses in the conversations on file must know before they look up.

In our own words; slot names are those of the services' schemas, so that questions can be compared with what
people asked for. The format is that of `domain.assistance.drafting`. They are sources like any other: the replay
attaches them to its workspace.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

_CITIES: Final[Mapping[str, list[str]]] = {
    "Amsterdam": [], "Anaheim": [], "Atlanta": ["atl"], "Berkeley": [], "Berlin": [], "Boston": [], "Chicago": ["chi-town", "chi"],
    "Concord": [], "Delhi": ["new delhi"], "Fremont": [], "Fresno": [], "Las Vegas": ["vegas", "lv"], "London": [],
    "Long Beach": [], "Los Angeles": ["la", "l.a", "lax"], "Mexico City": ["cdmx", "ciudad de mexico"], "Miami": [],
    "Kuala Lumpur": ["kl"], "Nairobi": [], "New York": ["nyc", "ny", "new york city", "the big apple"], "Oakland": [], "Palo Alto": [], "Paris": [],
    "Philadelphia": ["philly", "phila"], "Phoenix": ["phx"], "Portland": [], "Rio de Janeiro": ["rio"],
    "Sacramento": ["sac"], "San Diego": ["sd"], "San Francisco": ["sf", "sfo", "san fran", "frisco"],
    "San Jose": ["sj"], "San Mateo": [], "Seattle": ["sea"], "Sunnyvale": [], "Sydney": [], "Toronto": [],
    "Vancouver": [], "Walnut Creek": [], "Washington": ["dc", "washington dc", "washington d.c"],
}  # fmt: skip

_CAR_RETURN: Final[dict[str, Any]] = {
    "name": "dropoff_date",
    "type": "date",
    "label": "return date",
    "ask": "Until which day do you need the car?",
    "cues": [
        "until",
        "till",
        "til",
        "untill",
        "to",
        "through",
        "up to",
        "upto",
        "return*",
        "bring it back",
        "drop*",
        "keep*",
        "back",
        "ending",
        "end",
        "turn it in",
        "for use",
    ],
    "asks": [
        "until",
        "till",
        "til",
        "return*",
        "drop*",
        "how long",
        "keep*",
        "bring it back",
        "how many days",
        "end date",
        "through",
        "to which",
        "to what",
        "back",
    ],
}
_CAR_DATE: Final[dict[str, Any]] = {
    "name": "pickup_date",
    "usual": True,
    "type": "date",
    "label": "pick-up date",
    "ask": "On which day would you like to pick up the car?",
    "cues": ["from", "pick*", "start*", "begin*", "get it", "collect*", "get the car"],
    "asks": [
        "pick*",
        "from when",
        "start*",
        "begin*",
        "which day",
        "what day",
        "what date",
        "which date",
        "when do you need",
        "when will you need",
        "when would you like",
        "when do you want",
    ],
}
_CAR_TIME: Final[dict[str, Any]] = {
    "name": "pickup_time",
    "type": "time",
    "label": "pick-up time",
    "ask": "At what time would you like to pick it up?",
}
_CAR_TYPE: Final[dict[str, Any]] = {
    "name": "type",
    "type": "choice",
    "also": ["car_type"],
    "label": "car type",
    "ask": "Which type of car would you like: compact, standard or full-size?",
    "choices": {
        "Compact": ["small", "smaller", "little", "tiny"],
        "Standard": [
            "medium",
            "medium-sized",
            "mid-size",
            "midsize",
            "mid-sized",
            "intermediate",
            "regular",
            "average",
        ],
        "Full-size": [
            "full size",
            "fullsize",
            "large",
            "larger",
            "big",
            "bigger",
            "spacious",
            "full-sized",
            "roomy",
            "huge",
        ],
    },
    "asks": ["type", "kind", "size", "sort", "compact", "standard", "full-size"],
}
_CARS: Final[dict[str, Any]] = {
    "services": ["RentalCars_1", "RentalCars_2"],
    "about": ["pick up", "pickup", "rent", "car", "cars", "vehicle*", "wheels", "rental", "auto", "ride", "suv", "sedan", "automobile"],
    "tell": ["type", "car_type", "pickup_location", "pickup_date", "pickup_time", "dropoff_date", "total_price"],
    "names": {"total_price": ["how much", "price", "cost*", "total", "charge*", "set me back", "rate", "fare", "pay", "expensive", "fee"],
              "car_name": ["which car", "which model", "what model", "name", "what car", "make"],
              "type": ["type", "kind", "size"], "car_type": ["type", "kind", "size"],
              "pickup_location": ["where", "location", "address", "place"],
              "pickup_time": ["what time", "pickup time", "pick up time"], },
}  # fmt: skip

_DOCUMENTS: Final[list[dict[str, Any]]] = [
    _CARS
    | {
        "topic": "renting a car",
        "purpose": "find",
        "slots": [
            _CAR_RETURN,
            _CAR_TIME,
            _CAR_DATE,
            {
                "name": "pickup_city",
                "type": "place",
                "label": "city",
                "ask": "In which city would you like to pick up the car?",
                "cues": ["from", "in", "at", "near", "pick*"],
                "choices": _CITIES,
            },
            _CAR_TYPE | {"required": False},
        ],
    },
    _CARS
    | {
        "topic": "reserving a car",
        "direct": True,
        "purpose": "book",
        "wants": [
            "book*", "reserve*", "reserving", "reservation*", "i'll take it", "i will take it", "get that car", "get me the car", "go for it",
            "rent it", "rent that", "rent this", "want to rent the", "take that", "i want this", "go with",
        ],
        "slots": [
            _CAR_RETURN,
            _CAR_TIME,
            _CAR_DATE,
            {
                "name": "pickup_location",
                "type": "place",
                "label": "pick-up location",
                "ask": "At which location would you like to pick up the car?",
                "cues": ["from", "in", "at", "near", "pick*"],
            },
            _CAR_TYPE,
        ],
    },
    {
        "topic": "finding an apartment",
        "services": ["Homes_1"],
        "about": ["apartment*", "appartment*", "flat", "flats", "residence*", "place to live", "property", "properties", "house", "home", "homes", "unit", "condo*"],
        "tell": ["address", "number_of_beds", "number_of_baths", "rent"],
        "slots": [
            {"name": "number_of_beds", "type": "number", "label": "bedrooms", "ask": "How many bedrooms do you need?",
             "cues": ["bed*", "room*", "br"], "asks": ["how many", "bed*"]},
            {"name": "area", "type": "place", "label": "area", "ask": "In which area are you looking?", "choices": _CITIES, "cues": ["in", "around", "near"]},
        ],
    },
    {
        "topic": "visiting an apartment",
        "purpose": "book",
        "services": ["Homes_1"],
        "wants": ["visit*", "schedule*", "viewing*", "appointment*", "book*", "tour", "see it", "view it", "look at it", "reserve*"],
        "tell": ["address", "visit_date"],
        "slots": [
            {"name": "visit_date", "type": "date", "label": "visit date", "ask": "On which day would you like to visit?"},
        ],
    },
    {
        "topic": "finding a hotel",
        "services": ["Hotels_3", "Hotels_1"],
        "about": ["hotel*", "place to stay", "accommodation*", "accomodation*", "motel*", "lodging", "somewhere to stay"],
        "tell": ["average_rating", "star_rating", "street_address", "price", "price_per_night", "location", "destination"],
        "names": {"price": ["how much", "price", "cost*", "total", "rate*", "charge*", "pay"], "price_per_night": ["how much", "price", "cost*", "rate", "per night", "pay"],
                  "street_address": ["address", "where", "location", "located", "street"], "phone_number": ["phone", "number", "call", "contact", "telephone", "reach"],
                  "average_rating": ["rating", "rated", "star*"], "star_rating": ["rating", "rated", "star*"],
                  "pets_welcome": ["pet*", "dog*", "cat*"], "has_wifi": ["wifi", "wi-fi", "internet"]},
        "slots": [
            {"name": "location", "type": "place", "also": ["destination"], "label": "city", "ask": "In which city should the hotel be?",
             "choices": _CITIES, "cues": ["in", "at", "near", "around"]},
        ],
    },
    {
        "topic": "booking a hotel",
        "purpose": "book",
        "services": ["Hotels_3", "Hotels_1"],
        "wants": ["book*", "reserve*", "reserving", "reservation*", "i'll take it", "i will take it", "go for it"],
        "slots": [
            {"name": "check_in_date", "type": "date", "label": "arrival", "ask": "On which day will you check in?",
             "usual": True, "cues": ["check in", "check me in", "check us in", "check-in", "checking in", "checkin", "arriv*", "from", "start*"], "asks": ["check in", "check-in", "checking in", "arriv*", "from when", "when"]},
            {"name": "check_out_date", "type": "date", "label": "departure", "ask": "On which day will you check out?",
             "cues": ["check out", "check me out", "check us out", "check-out", "checking out", "checkout", "leav*", "until", "till", "to", "through"], "asks": ["check out", "check-out", "checking out", "how long", "until", "till", "leave"]},
            {"name": "number_of_rooms", "type": "number", "label": "rooms", "ask": "How many rooms do you need?", "cues": ["room*"], "asks": ["how many", "room*"]},
        ],
    },
    {
        "topic": "finding a bus",
        "services": ["Buses_1"],
        "about": ["bus", "buses"],
        "tell": ["from_station", "to_station", "leaving_date", "leaving_time", "fare"],
        "slots": [
            {"name": "from_location", "type": "place", "label": "departure city", "ask": "From which city will you leave?",
             "choices": _CITIES, "cues": ["from", "leaving", "depart*"], "asks": ["from", "depart*", "leaving from", "origin"]},
            {"name": "to_location", "type": "place", "label": "destination", "ask": "To which city would you like to travel?",
             "choices": _CITIES, "cues": ["to", "go to", "destination"], "asks": ["to where", "destination", "going"], "required": False},
            {"name": "leaving_date", "type": "date", "label": "day of travel", "ask": "On which day would you like to leave?"},
        ],
    },
    {
        "topic": "buying a bus ticket",
        "purpose": "book",
        "services": ["Buses_1"],
        "wants": ["book*", "buy*", "purchas*", "reserve*", "ticket*", "i'll take it", "get it", "go for it"],
        "slots": [
            {"name": "travelers", "type": "number", "label": "travellers", "ask": "For how many people?", "cues": ["people", "person*", "travel*", "ticket*", "passenger*", "us"], "asks": ["how many"]},
        ],
    },
    {
        "topic": "finding a flight",
        "services": ["Flights_3", "Flights_1"],
        "about": ["flight*", "plane", "fly", "flying", "airline*"],
        "tell": ["airlines", "outbound_departure_time", "number_stops", "price"],
        "slots": [
            {"name": "departure_date", "type": "date", "label": "departure date", "ask": "On which day would you like to leave?",
             "cues": ["leav*", "depart*", "from"], "asks": ["leav*", "depart*", "when", "date"]},
            {"name": "origin_city", "type": "place", "label": "departure city", "ask": "From which city will you fly?",
             "choices": _CITIES, "cues": ["from", "leaving", "depart*"], "asks": ["from", "depart*", "origin"]},
            {"name": "destination_city", "type": "place", "label": "destination", "ask": "To which city would you like to fly?",
             "choices": _CITIES, "cues": ["to", "into", "destination"], "asks": ["to where", "destination", "going"], "required": False},
        ],
    },
    {
        "topic": "booking a flight",
        "purpose": "book",
        "services": ["Flights_3", "Flights_1"],
        "wants": ["book*", "buy*", "purchas*", "reserve*", "reservation*", "go for it"],
        "slots": [],
    },
    {
        "topic": "finding a restaurant",
        "services": ["Restaurants_2"],
        "about": ["restaurant*", "place to eat", "somewhere to eat", "eatery", "dine", "diner*", "dining", "food", "dinner", "lunch", "cuisine", "serves", "serving", "joint", "bite to eat", "eat"],
        "tell": ["category", "address", "price_range", "rating"],
        "slots": [
            {"name": "category", "type": "text", "label": "cuisine", "ask": "What kind of food would you like?",
             "asks": ["food", "cuisine", "type", "kind"],
             "choices": {c: [] for c in ["American", "Asian", "Barbecue", "Breakfast", "Brunch", "Burgers", "Burmese", "Cafe", "Chinese", "Ethiopian", "Filipino", "French", "Greek", "Indian", "Italian", "Izakaya", "Japanese", "Korean", "Mediterranean", "Mexican", "Middle Eastern", "Pizza", "Ramen", "Seafood", "Steakhouse", "Sushi", "Taiwanese", "Tapas", "Thai", "Vegetarian", "Vietnamese", "Curry", "Noodle", "Coffee", "Spanish"]}},
            {"name": "location", "type": "place", "label": "city", "ask": "In which city would you like to eat?",
             "choices": _CITIES, "cues": ["in", "at", "near", "around"]},
        ],
    },
    {
        "topic": "things to see",
        "services": ["Travel_1"],
        "about": ["attraction*", "things to do", "sightseeing", "places to visit", "place to visit", "interesting places", "what to see", "tourist*", "museum*", "park", "landmark*", "somewhere to go", "places to go", "sights"],
        "tell": ["category", "location", "free_entry"],
        "slots": [
            {"name": "location", "type": "place", "label": "city", "ask": "In which city should I look?", "choices": _CITIES, "cues": ["in", "around", "near"]},
        ],
    },
    {
        "topic": "event tickets",
        "direct": True,
        "purpose": "book",
        "services": ["Events_1", "Events_2"],
        "about": ["event*", "concert*"],
        "wants": ["book*", "buy*", "purchas*", "reserve*", "ticket*", "get"],
        "slots": [
            {"name": "event_name", "type": "text", "label": "event", "ask": "For which event?", "asks": ["which event", "what event", "event name"]},
            {"name": "number_of_seats", "type": "number", "also": ["number_of_tickets"], "label": "tickets", "ask": "How many tickets would you like?", "cues": ["ticket*", "seat*", "people", "of us"], "asks": ["how many"]},
            {"name": "city_of_event", "type": "place", "also": ["city"], "label": "city", "ask": "In which city?", "choices": _CITIES, "cues": ["in", "at"]},
            {"name": "date", "type": "date", "label": "date", "ask": "On which day?"},
        ],
    },
    {
        "topic": "the weather",
        "services": ["Weather_1"],
        "about": ["weather", "forecast", "rain*", "umbrella", "temperature"],
        "tell": ["temperature", "precipitation", "date"],
        "slots": [
            {"name": "city", "type": "place", "label": "city", "ask": "For which city?", "choices": _CITIES, "cues": ["in", "for"]},
        ],
    },
]  # fmt: skip


def replay_checklists() -> list[tuple[str, str]]:
    """Title and text of each checklist, ready to be written as a CHECKLIST source."""
    return [(str(document["topic"]), json.dumps(document)) for document in _DOCUMENTS]
