"""Ordinary questions in the seeded demo, drafted from what PostgreSQL puts on the shelf."""

import base64
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from adapters.postgres.database import OPERATOR_ROLE, open_pool
from adapters.postgres.operations.ledger import PostgresLedger
from adapters.system import TimeOrderedIds
from application.assistance.draft_reply import DraftReply
from application.assistance.queries import SuggestionQueries, SuggestionView
from application.assistance.request_suggestion import RequestSuggestion
from application.conversations.open_conversation import OpenConversation
from application.identity.actors import as_member
from domain.conversations.values import Customer, Particulars
from domain.identity.roles import Role
from domain.operations.ports import Ledger
from domain.shared.access import Actor
from domain.shared.ids import UserId
from entrypoints.composition.services import open_services
from entrypoints.demo.seeding import SeedDemo
from entrypoints.settings import load_settings


@dataclass
class Dealership:
    """The demo as `usher seed` leaves it, and a worker of this process."""

    services: Any
    ledger: Ledger
    actor: Actor

    async def ask(self, question: str) -> SuggestionView:
        """What is suggested as an answer."""
        particulars = Particulars(customer=Customer(name="Anna Berg"))
        opened = await self.services.resolve(OpenConversation)(
            actor=self.actor, particulars=particulars, first_text=question
        )
        suggestion = await self.services.resolve(RequestSuggestion)(actor=self.actor, conversation_id=opened.id)
        run = await self.ledger.claim(suggestion.job_id, lease_seconds=30, worker="test", alone=False)
        await self.services.resolve(DraftReply)(run=run, suggestion_id=suggestion.id)
        queries: SuggestionQueries = self.services.resolve(SuggestionQueries)
        return await queries.of_message(self.actor.tenant, suggestion.message_id)


@pytest.fixture(scope="module")
async def dealership(database_url: str, redis_url: str) -> AsyncGenerator[Dealership]:
    settings = load_settings(
        {
            "USHER_ENV": "test",
            "USHER_DATABASE_URL": database_url,
            "USHER_REDIS_URL": redis_url,
            "USHER_SECRET_KEY": secrets.token_hex(32),
            "USHER_TOKEN_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
    )
    operators = await open_pool(database_url, role=OPERATOR_ROLE)
    async with open_services(settings) as services:
        seeded = await services.resolve(SeedDemo)()
        actor = as_member(UserId(uuid4()), seeded.workspace_id, Role.OWNER)
        yield Dealership(services, PostgresLedger(operators, TimeOrderedIds()), actor)
    await operators.close()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is your cheapest car?", "The Ford Focus costs 12,990 EUR and is in stock."),
        ("How much is the Octvia?", "The Skoda Octavia costs 17,800 EUR."),
        ("Do you have anything under 15,000 euros?", "12,990 EUR"),
        ("Are you open on Sunday?", "Showroom: closed on Sunday."),
    ],
)
async def test_answers_what_names_no_source_by_its_words(dealership: Dealership, question: str, text: str):
    result = (await dealership.ask(question)).result

    assert result is not None
    assert (str(result.draft.decision), text in result.draft.text) == ("answer", True), result.draft.text
