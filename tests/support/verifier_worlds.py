"""Four small businesses whose facts the verifier's traps and honest replies are about. All made up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.assistance.facts import Fact, FactKind, Speaker, Turn
from domain.assistance.verifier import Verdict, verify_text
from domain.shared.ids import SourceId

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)
"""A Tuesday."""


@dataclass(frozen=True, slots=True)
class World:
    """A business: its name and what its sources state."""

    name: str
    facts: tuple[Fact, ...]


def a_source(number: int) -> SourceId:
    return SourceId(UUID(int=number))


def a_row(number: int, entity: str, service: str, kind: FactKind = FactKind.INVENTORY, **fields: str) -> Fact:
    return Fact(
        source_id=a_source(number), version=1, kind=kind, title=entity, entity=entity, service=service, fields=fields
    )


def a_text(number: int, title: str, text: str, kind: FactKind = FactKind.POLICY) -> Fact:
    return Fact(source_id=a_source(number), version=1, kind=kind, title=title, text=text)


def talk(*lines: str) -> tuple[Turn, ...]:
    """`C: ...` is the customer, `S: ...` the staff."""
    speakers = {"C": Speaker.CUSTOMER, "S": Speaker.STAFF, "A": Speaker.ASSISTANT}
    return tuple(
        Turn(sequence=place, speaker=speakers[line[0]], text=line[3:]) for place, line in enumerate(lines, start=1)
    )


def judge(world: World, reply: str, *lines: str) -> Verdict:
    return verify_text(reply, talk(*lines), world.facts, now=NOW)


DEALERSHIP = World(
    "dealership",
    (
        a_row(
            1, "Corolla", "stock", make="Toyota", model="Corolla", trim="LE", year="2021", price="$18,450",
            mileage="31,200", color="Silver", plate="7KTR201", vin="JTDEPMAE1MJ123456", stock_number="A1042",
            location="Northside Lot", status="available",
        ),
        a_row(
            2, "Civic", "stock", make="Honda", model="Civic", trim="EX", year="2020", price="$19,900",
            mileage="28,750", color="Blue", plate="8LMN554", vin="2HGFC2F69LH512345", stock_number="A1077",
            location="Northside Lot", status="available",
        ),
        a_row(
            3, "F-150", "stock", make="Ford", model="F-150", trim="XLT", year="2019", price="$27,300",
            mileage="54,100", color="Black", plate="6PQW883", vin="1FTEW1EP5KFA98765", stock_number="B2010",
            location="Harbor Lot", status="available",
        ),
        a_row(
            4, "Leaf", "stock", make="Nissan", model="Leaf", trim="SV", year="2022", price="$16,750",
            mileage="12,400", color="White", plate="9ELC110", vin="1N4AZ1BV5NC554433", stock_number="B2031",
            location="Harbor Lot", status="sold",
        ),
        a_row(
            5, "test drive", "appointments", FactKind.RECORD, customer="Dana Reyes", car="Corolla", date="2026-05-15",
            time="14:30", staff="Joel",
        ),
        a_text(6, "Opening hours", "We are open Monday to Friday from 9 am to 6 pm and Saturday from 10 am to 4 pm."),
        a_text(7, "Returns", "You may return a car within 7 days or 500 miles for a full refund."),
        a_text(8, "Test drives", "Test drives are free and take about 30 minutes. Please bring a driver's licence."),
        a_text(
            9, "Contact", "Call the showroom at (555) 010-4477 or write to sales@northside.example. "
            "Our cars are listed at https://northside.example/cars.",
        ),
        a_text(10, "Delivery", "Delivery to your door costs $149 within 25 miles."),
        a_text(11, "Fees", "A documentation fee of $85 applies to every sale."),
        a_text(12, "Checklist", "Ask for a budget around $15,000 and a trade-in such as a Mazda.", FactKind.CHECKLIST),
    ),
)  # fmt: skip

HOTEL = World(
    "hotel",
    (
        a_row(21, "Garden Room", "rooms", room_name="Garden Room", number_of_beds="2", price_per_night="140",
              floor="1", max_guests="3", view="courtyard"),
        a_row(22, "Sea View Suite", "rooms", room_name="Sea View Suite", number_of_beds="1", price_per_night="260",
              floor="4", max_guests="2", view="sea"),
        a_row(23, "Attic Single", "rooms", room_name="Attic Single", number_of_beds="1", price_per_night="89",
              floor="5", max_guests="1", view="roofs"),
        a_row(24, "HX-20417", "bookings", FactKind.RECORD, guest="Mira Okafor", room_name="Garden Room",
              check_in_date="2026-06-03", check_out_date="2026-06-07", total_price="560", confirmation="HX-20417"),
        a_text(25, "Arrival", "Check-in starts at 3 pm and check-out is until 11 am."),
        a_text(26, "Breakfast", "Breakfast costs $14 per person and is served from 7:00 to 10:30."),
        a_text(27, "Pets", "We are sorry that pets are not allowed in the house."),
        a_text(28, "Parking", "Guests park in the yard behind the hotel for free."),
        a_text(
            29, "Address", "The hotel stands at 18 Lantern Quay in Port Ellery. The desk answers at +44 20 7946 0321."
        ),
        a_text(30, "Cancellation", "Bookings can be cancelled without charge up to 48 hours before arrival."),
    ),
)  # fmt: skip

LABEL = World(
    "label",
    (
        a_row(41, "Night Ferry", "releases", release_title="Night Ferry", artist="Luma Vale", release_date="2026-06-19",
              catalog_number="GP-021", vinyl_price="$24", digital_price="$9", vinyl_stock="140"),
        a_row(42, "Paper Suns", "releases", release_title="Paper Suns", artist="The Orrery", release_date="2026-07-03",
              catalog_number="GP-022", vinyl_price="$26", digital_price="$8", vinyl_stock="60"),
        a_row(43, "Low Tide Radio", "releases", release_title="Low Tide Radio", artist="Marek Dunn",
              release_date="2026-08-14", catalog_number="GP-023", vinyl_price="$28", digital_price="$10",
              vinyl_stock="0"),
        a_text(44, "Demos", "Send demos to demos@glasspier.example. We answer every demo within 21 days."),
        a_text(45, "Royalties", "Royalties are paid twice a year, in March and September."),
        a_text(46, "Shipping", "Vinyl ships from Lisbon within 5 working days. Shipping in Europe costs €7."),
        a_text(47, "Sync", "A sync licence starts at $350 for web use."),
    ),
)  # fmt: skip

CLUB = World(
    "club",
    (
        a_row(61, "Supporter", "tiers", tier_name="Supporter", price_per_month="$5", live_calls="0", downloads="2"),
        a_row(62, "Patron", "tiers", tier_name="Patron", price_per_month="$15", live_calls="1", downloads="10"),
        a_row(63, "Studio", "tiers", tier_name="Studio", price_per_month="$40", live_calls="4", downloads="50"),
        a_row(64, "membership", "memberships", FactKind.RECORD, member="Ines Calder", tier_name="Patron",
              renewal_date="2026-05-28", started_on="2025-11-28", invoice_number="INV-3391"),
        a_text(65, "Cancelling", "You can cancel at any time; access lasts until the end of the paid period."),
        a_text(66, "Refunds", "Refunds are given within 14 days of the first payment."),
        a_text(67, "Discount", "Paying for a whole year comes with a 10% discount."),
        a_text(68, "Help", "Write to help@calderclub.example or read https://calderclub.example/help."),
        Fact(source_id=a_source(69), version=1, kind=FactKind.COUNT, title="posts this month", service="posts",
             fields={"count": "12"}),
    ),
)  # fmt: skip

WORLDS = {world.name: world for world in (DEALERSHIP, HOTEL, LABEL, CLUB)}
