"""What conversations are described with."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Where the customer writes. The set may grow."""

    CHAT = "chat"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PHONE = "phone"
    OTHER = "other"


class Priority(StrEnum):
    """How soon it should be looked at. The set may grow."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who writes to us, as far as known. `external_id` is the customer's id in another system."""

    name: str
    email: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of a conversation when it begins. `external_id` is its id in the system it came from."""

    customer: Customer
    channel: Channel = Channel.CHAT
    subject: str = ""
    priority: Priority = Priority.NORMAL
    external_id: str | None = None
