"""What the HTTP door, the commands and the bodies of jobs are made of."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

import punq

from adapters.crypto.access_tokens import Ed25519AccessTokens
from adapters.crypto.passwords import Argon2Passwords
from adapters.crypto.refresh_tokens import ChainedRefreshTokens
from adapters.postgres.assistance.queries import PostgresSuggestionQueries
from adapters.postgres.conversations.queries import PostgresConversationQueries
from adapters.postgres.database import PoolSize, PostgresDatabase, Routes, open_pool
from adapters.postgres.health import PostgresMigrations, PostgresProbe
from adapters.postgres.identity.access import PostgresAccessFacts
from adapters.postgres.identity.queries import PostgresIdentityQueries
from adapters.postgres.knowledge.queries import PostgresSourceQueries
from adapters.postgres.operations.queries import PostgresFeedQueries, PostgresJobQueries
from adapters.redis.health import RedisProbe
from adapters.system import SystemChance, SystemClock, TimeOrderedIds
from application.assistance.chain import DraftingChain
from application.assistance.queries import SuggestionQueries
from application.conversations.queries import ConversationQueries
from application.identity.access import AccessFacts
from application.identity.authenticate import Authenticate
from application.identity.queries import IdentityQueries
from application.identity.recent import RecentAccess
from application.knowledge.queries import SourceQueries
from application.operations.health import CheckHealth, ListMigrations, Migrations, Probes
from application.operations.queries import FeedQueries, JobQueries
from application.shared.once import AnswersTx
from domain.assistance.ports import AssistanceTx
from domain.conversations.ports import ConversationsTx
from domain.identity.ports import AccessTokens, IdentityTx, PasswordHasher, RefreshTokens
from domain.knowledge.ports import KnowledgeTx
from domain.operations.ports import DeskTx
from domain.shared.ports import Chance, Clock, Ids, Transactions
from entrypoints.composition.drafting import drafting_chain
from entrypoints.composition.use_cases import register_use_cases
from entrypoints.demo.seeding import SeedDemo
from entrypoints.http.authentication import Authenticator
from entrypoints.settings import Settings
from entrypoints.worker.routes import ROUTES

_SLICES: Final = (AnswersTx, AssistanceTx, ConversationsTx, DeskTx, IdentityTx, KnowledgeTx)
"""What each context sees of a transaction; one database fits them all."""


def pool_size(settings: Settings) -> PoolSize:
    """Connections of one process."""
    return PoolSize(
        smallest=min(settings.database_pool_smallest, settings.database_pool_largest),
        largest=settings.database_pool_largest,
        acquire_timeout_seconds=settings.database_acquire_timeout_seconds,
        command_timeout_seconds=settings.database_command_timeout_seconds,
    )


@asynccontextmanager
async def open_services(
    settings: Settings, *, routes: Routes = ROUTES, clock: Clock | None = None
) -> AsyncGenerator[punq.Container]:
    """Connect, and hand out a container in which every use case is ready; disconnect at the end.

    Another clock than the machine's is for replays.

    Raises:
        ProviderUnavailable: the database does not answer.
    """
    async with (
        AsyncExitStack() as ends,
        await open_pool(settings.database_url.reveal(), size=pool_size(settings)) as pool,
    ):
        database = PostgresDatabase(
            pool,
            clock or SystemClock(),
            TimeOrderedIds(),
            routes,
            acquire_timeout_seconds=settings.database_acquire_timeout_seconds,
        )
        container = compose(settings, database, ends)
        redis = RedisProbe(settings.redis_url.reveal(), settings.redis_timeout_seconds)
        ends.push_async_callback(redis.close)
        probes = Probes((PostgresProbe(database), redis))
        container.register(CheckHealth, instance=CheckHealth(probes))
        yield container


def compose(settings: Settings, database: PostgresDatabase, ends: AsyncExitStack) -> punq.Container:
    """The container on this database. Ports get instances; use cases are registered by class.

    What adapters open on first use is closed with `ends`.
    """
    container = punq.Container()
    chance = SystemChance()
    _give(container, Clock, database.clock)
    _give(container, Ids, database.ids)
    _give(container, Chance, chance)
    for tx in _SLICES:
        _give(container, Transactions[tx], database)
    _give_queries(container, database)
    _give_proofs(container, settings, database, chance)
    _give(container, DraftingChain, drafting_chain(settings, database.clock, chance, ends))
    register_use_cases(container)
    container.register(SeedDemo)
    return container


def _give_queries(container: punq.Container, database: PostgresDatabase) -> None:
    _give(container, AccessFacts, PostgresAccessFacts(database))
    _give(container, ConversationQueries, PostgresConversationQueries(database))
    _give(container, FeedQueries, PostgresFeedQueries(database))
    _give(container, IdentityQueries, PostgresIdentityQueries(database))
    _give(container, JobQueries, PostgresJobQueries(database))
    _give(container, SourceQueries, PostgresSourceQueries(database))
    _give(container, SuggestionQueries, PostgresSuggestionQueries(database))
    _give(container, Migrations, PostgresMigrations(database))
    container.register(ListMigrations)


def _give_proofs(
    container: punq.Container, settings: Settings, database: PostgresDatabase, chance: SystemChance
) -> None:
    """Passwords, tokens, and what this process knows about callers."""
    tokens = Ed25519AccessTokens(
        settings.token_seed, issuer=settings.public_url, audience=settings.public_url, chance=chance
    )
    recent = RecentAccess()
    _give(container, PasswordHasher, Argon2Passwords())
    _give(container, AccessTokens, tokens)
    _give(container, RefreshTokens, ChainedRefreshTokens(settings.secret_key.reveal().encode(), chance))
    _give(container, RecentAccess, recent)
    _give(container, Authenticator, Authenticate(tokens, PostgresAccessFacts(database), database.clock, recent))


def _give(container: punq.Container, port: Any, adapter: object) -> None:
    """Fill a port. That the adapter fits is shown by the annotations in the contract tests."""
    container.register(port, instance=adapter)
