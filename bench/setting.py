"""Servers, schema, a workspace with an API key, and as many conversations as wanted."""

import asyncio
import base64
import contextlib
import os
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from adapters.embedded import start_servers
from adapters.postgres.migrating import migrate_up
from domain.shared.ids import public_id
from entrypoints.composition.services import open_services
from entrypoints.demo.seeding import SeedDemo
from entrypoints.settings import load_settings

_FILL = """
INSERT INTO conversations (id, workspace_id, version, number, customer_name, customer_email, channel, subject, priority,
                           status, last_sequence, episode, created_at, last_message_at, episode_started_at,
                           waiting_since_at)
SELECT (lpad(to_hex((1.76e12 + n)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8'
        || substr(md5(n::text), 4, 15))::uuid,
       $1, 1, 1000000 + n, 'Customer ' || n, 'customer' || n || '@example.com', 'email',
       'Question ' || n || ' about a car', 'normal', 'open', 0, 1,
       now() - (($2 - n) || ' seconds')::interval, now() - (($2 - n) || ' seconds')::interval, now(), now()
FROM generate_series(1, $2) AS n
"""


@dataclass(slots=True)
class Setting:
    """Where everything is. `environment` is that of our own processes."""

    database_url: str
    environment: dict[str, str]
    workspace_id: uuid.UUID
    api_key: str
    ids: list[uuid.UUID] = field(default_factory=list[uuid.UUID])

    def some_ids(self, start: int, count: int, *, public: bool) -> list[str]:
        """`count` conversations spread over all of them, others for each `start`; as they go into a path."""
        step = max(1, len(self.ids) // count)
        chosen = [self.ids[(start * 7 + number * step) % len(self.ids)] for number in range(count)]
        return [public_id("conv", each) if public else str(each) for each in chosen]


@contextlib.contextmanager
def prepare(folder: Path, core: int) -> Iterator[Setting]:
    """Servers on that core, with a migrated database and the demo workspace."""
    os.sched_setaffinity(0, {core})
    with start_servers(folder) as servers:
        environment = {
            "USHER_ENV": "production",
            "USHER_DATABASE_URL": servers.database_url,
            "USHER_REDIS_URL": servers.redis_url,
            "USHER_SECRET_KEY": secrets.token_hex(32),
            "USHER_TOKEN_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "USHER_DATABASE_POOL_SMALLEST": "10",
            "USHER_PUBLIC_URL": "https://usher.example.com",
        }
        yield asyncio.run(_workspace(servers.database_url, environment))


async def _workspace(database_url: str, environment: dict[str, str]) -> Setting:
    await migrate_up(database_url)
    async with open_services(load_settings(environment)) as services:
        seeded = await services.resolve(SeedDemo)()
    if seeded.api_key is None:
        raise SystemExit("the demo workspace was there already")
    return Setting(database_url, environment, seeded.workspace_id, seeded.api_key)


async def fill(setting: Setting, rows: int) -> None:
    """Exactly so many conversations, besides nothing."""
    connection = await asyncpg.connect(setting.database_url)
    try:
        await connection.execute("TRUNCATE conversations CASCADE")
        await connection.execute(_FILL, setting.workspace_id, rows)
        await connection.execute("VACUUM ANALYZE conversations")
        found = await connection.fetch("SELECT id FROM conversations ORDER BY random() LIMIT 20000")
        setting.ids = [row["id"] for row in found]
    finally:
        await connection.close()
