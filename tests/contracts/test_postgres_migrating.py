"""Promises of the migrate runner, against a real server."""

import asyncio

import asyncpg
import pytest

from adapters.postgres.database import SchemaMissing, open_pool
from adapters.postgres.migrating import find_drift, migrate_down, migrate_up, migration_status


async def test_applies_every_revision_once(empty_database_url):
    first = await migrate_up(empty_database_url)
    second = await migrate_up(empty_database_url)

    assert [migration.revision for migration in first][:1] == ["0001"]
    assert second == []
    assert all(migration.is_applied for migration in await migration_status(empty_database_url))


async def test_goes_all_the_way_down_and_up_again(fresh_database_url):
    taken_back = await migrate_down(fresh_database_url, "base")

    assert await migration_status(fresh_database_url) == taken_back
    assert len(await migrate_up(fresh_database_url)) == len(taken_back)


async def test_finds_no_drift_in_what_the_revisions_make(database_url):
    assert await find_drift(database_url) == []


async def test_names_a_missing_revision_and_a_changed_table(fresh_database_url):
    connection = await asyncpg.connect(fresh_database_url)
    await connection.execute("ALTER TABLE jobs ADD COLUMN surprise int; ALTER TABLE events NO FORCE ROW LEVEL SECURITY")
    await connection.close()

    findings = await find_drift(fresh_database_url)

    assert any("surprise" in finding for finding in findings)
    assert "table events is not under forced row-level security" in findings


async def test_lets_one_migrator_work_at_a_time(empty_database_url):
    results = await asyncio.gather(*(migrate_up(empty_database_url) for _ in range(4)))

    assert sorted(bool(applied) for applied in results) == [False, False, False, True]


async def test_names_the_remedy_where_the_roles_are_not_there(database_url):
    with pytest.raises(SchemaMissing, match="run `usher migrate up`"):
        await open_pool(database_url, role="usher_of_nowhere")
