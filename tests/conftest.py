"""Fixtures for everybody. Servers are real, and start only when a test asks for them."""

import io
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.embedded import EmbeddedServers
from entrypoints import logs
from tests.support import servers as session

ROOT = Path(__file__).resolve().parents[1]
_OWN_STATE = pytest.StashKey[bool]()
_COUNT = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    # As in the product: unconfigured, each logged error draws its traceback for a terminal, which takes a second.
    logs.configure("info", io.BytesIO())
    config.stash[_OWN_STATE] = session.announce_state()


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(_OWN_STATE, False):
        session.forget_state()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this test process."""
    return str(getattr(request.config, "workerinput", {"workerid": "main"})["workerid"])


@pytest.fixture(scope="session")
def servers() -> Iterator[EmbeddedServers]:
    """A real PostgreSQL and a real Valkey, shared by the session."""
    with session.start_session_servers() as running:
        yield running


@pytest.fixture(scope="session")
def database_url(servers: EmbeddedServers, worker: str) -> str:
    """A migrated database of this test process, as its owner. Tests keep apart by new workspaces."""
    session.make_template(servers)
    return session.apart(session.clone_database(servers.database_url, f"usher_{worker}"))


@pytest.fixture
async def fresh_database_url(servers: EmbeddedServers, worker: str) -> AsyncIterator[str]:
    """A migrated database of this test alone."""
    session.make_template(servers)
    name = f"usher_{worker}_{next(_COUNT)}"
    yield await session.clone_database(servers.database_url, name)
    await session.drop_database(servers.database_url, name)


@pytest.fixture
async def empty_database_url(servers: EmbeddedServers, worker: str) -> AsyncIterator[str]:
    """A database of this test alone, without any table."""
    name = f"usher_{worker}_{next(_COUNT)}"
    await session.create_database(servers.database_url, name)
    yield session.with_database(servers.database_url, name)
    await session.drop_database(servers.database_url, name)


@pytest.fixture(scope="session")
def redis_url(servers: EmbeddedServers, worker: str) -> str:
    """A database of the session's Valkey, of this test process alone."""
    number = 0 if worker == "main" else int(worker.removeprefix("gw")) + 1
    return servers.redis_url.replace("db=0", f"db={number}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared conversations beside the checkout; a plain clone does not have it."""
    folder = ROOT.parent / "shared" / "data" / "conversations"
    if not folder.is_dir():
        if os.environ.get("USHER_CI") == "1":
            pytest.fail(f"{folder} must be there when USHER_CI=1")
        pytest.skip("needs ../shared/data/conversations, which a plain clone does not have")
    return folder
