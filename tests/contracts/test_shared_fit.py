"""Where the type checker proves that each adapter fits its port, and both databases every context's slice.

What counts is that `make check` accepts the annotations; the test sees that no port is forgotten.
"""

import ast
from pathlib import Path
from typing import Final

from adapters.anthropic.model import AnthropicModel
from adapters.crypto.access_tokens import Ed25519AccessTokens
from adapters.crypto.passwords import Argon2Passwords
from adapters.crypto.refresh_tokens import ChainedRefreshTokens
from adapters.memory.assistance import MemorySuggestionQueries
from adapters.memory.conversations import MemoryConversationQueries
from adapters.memory.database import MemoryDatabase
from adapters.memory.identity.access import MemoryAccessFacts
from adapters.memory.identity.queries import MemoryIdentityQueries
from adapters.memory.knowledge import MemorySourceQueries
from adapters.memory.operations import MemoryLedger
from adapters.memory.operations_queries import MemoryFeedQueries, MemoryJobQueries
from adapters.postgres.assistance.queries import PostgresSuggestionQueries
from adapters.postgres.conversations.queries import PostgresConversationQueries
from adapters.postgres.database import PostgresDatabase
from adapters.postgres.health import PostgresMigrations, PostgresProbe
from adapters.postgres.identity.access import PostgresAccessFacts
from adapters.postgres.identity.queries import PostgresIdentityQueries
from adapters.postgres.knowledge.queries import PostgresSourceQueries
from adapters.postgres.operations.dispatch import PostgresDispatch
from adapters.postgres.operations.housekeeping import PostgresBin
from adapters.postgres.operations.ledger import PostgresLedger
from adapters.postgres.operations.queries import PostgresFeedQueries, PostgresJobQueries, PostgresJobRecords
from adapters.redis.bells import RedisBells
from adapters.redis.health import RedisProbe
from adapters.system import SystemChance, SystemClock, TimeOrderedIds
from application.assistance.built_in import BuiltInDrafter
from application.assistance.call_book import LedgerBook
from application.assistance.chain import CallBook
from application.assistance.model_drafter import ModelDrafter
from application.assistance.queries import SuggestionQueries
from application.conversations.queries import ConversationQueries
from application.identity.access import AccessFacts
from application.identity.queries import IdentityQueries
from application.knowledge.queries import SourceQueries
from application.operations.health import Migrations, Probe
from application.operations.queries import FeedQueries, JobQueries, JobRecords
from application.shared.once import AnswersTx
from domain.assistance.ports import AssistanceTx, Drafter, LanguageModel
from domain.conversations.ports import ConversationsTx
from domain.identity.ports import AccessTokens, IdentityTx, PasswordHasher, RefreshTokens
from domain.knowledge.ports import KnowledgeTx
from domain.operations.ports import Bells, Bin, DeskTx, Dispatch, Ledger, SlotsTx
from domain.shared.ports import Chance, Clock, Ids, Transactions

SRC: Final = Path(__file__).resolve().parents[2] / "src"


class Slices:
    """What each context sees of a transaction, and with it every repository."""

    answers: tuple[type[Transactions[AnswersTx]], ...] = (PostgresDatabase, MemoryDatabase)
    assistance: tuple[type[Transactions[AssistanceTx]], ...] = (PostgresDatabase, MemoryDatabase)
    conversations: tuple[type[Transactions[ConversationsTx]], ...] = (PostgresDatabase, MemoryDatabase)
    identity: tuple[type[Transactions[IdentityTx]], ...] = (PostgresDatabase, MemoryDatabase)
    knowledge: tuple[type[Transactions[KnowledgeTx]], ...] = (PostgresDatabase, MemoryDatabase)
    desk: tuple[type[Transactions[DeskTx]], ...] = (PostgresDatabase, MemoryDatabase)
    slots: tuple[type[Transactions[SlotsTx]], ...] = (PostgresDatabase, MemoryDatabase)


class Readers:
    """What screens are read through."""

    access: tuple[type[AccessFacts], ...] = (PostgresAccessFacts, MemoryAccessFacts)
    conversations: tuple[type[ConversationQueries], ...] = (PostgresConversationQueries, MemoryConversationQueries)
    feed: tuple[type[FeedQueries], ...] = (PostgresFeedQueries, MemoryFeedQueries)
    identity: tuple[type[IdentityQueries], ...] = (PostgresIdentityQueries, MemoryIdentityQueries)
    jobs: tuple[type[JobQueries], ...] = (PostgresJobQueries, MemoryJobQueries)
    records: type[JobRecords] = PostgresJobRecords
    sources: tuple[type[SourceQueries], ...] = (PostgresSourceQueries, MemorySourceQueries)
    suggestions: tuple[type[SuggestionQueries], ...] = (PostgresSuggestionQueries, MemorySuggestionQueries)


class Others:
    """The machine, the ledger, proofs, drafters."""

    clock: type[Clock] = SystemClock
    ids: type[Ids] = TimeOrderedIds
    chance: type[Chance] = SystemChance
    ledger: tuple[type[Ledger], ...] = (PostgresLedger, MemoryLedger)
    dispatch: type[Dispatch] = PostgresDispatch
    bells: type[Bells] = RedisBells
    bin: type[Bin] = PostgresBin
    probes: tuple[type[Probe], ...] = (PostgresProbe, RedisProbe)
    migrations: type[Migrations] = PostgresMigrations
    passwords: type[PasswordHasher] = Argon2Passwords
    access_tokens: type[AccessTokens] = Ed25519AccessTokens
    refresh_tokens: type[RefreshTokens] = ChainedRefreshTokens
    book: type[CallBook] = LedgerBook
    drafters: tuple[type[Drafter], ...] = (BuiltInDrafter, ModelDrafter)
    model: type[LanguageModel] = AnthropicModel


def _ports() -> dict[str, set[str]]:
    """Port -> the ports that its own members hand out."""
    found: dict[str, set[str]] = {}
    for file in [*SRC.glob("domain/*/*.py"), *SRC.glob("application/*/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases):
                members = [member for member in node.body if isinstance(member, ast.FunctionDef)]
                found[node.name] = {ast.unparse(member.returns) for member in members if member.returns}
    return found


def test_no_port_is_without_a_proof_of_its_adapters():
    ports = _ports()
    annotated = {
        name.id
        for node in ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.AnnAssign)
        for name in ast.walk(node.annotation)
        if isinstance(name, ast.Name)
    }
    through_slices = set[str]().union(*(ports[name] for name in annotated & ports.keys()))
    functions = {"Check"}

    assert len(ports) > 30
    assert ports.keys() - annotated - through_slices - functions == set()
