"""What only operators hold: views across workspaces, under the operator's role."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.postgres.database import OPERATOR_ROLE, PoolSize, open_pool
from adapters.postgres.operations.queries import PostgresJobRecords
from application.operations.queries import JobRecords
from entrypoints.settings import Settings


@asynccontextmanager
async def open_job_records(settings: Settings) -> AsyncGenerator[JobRecords]:
    """The jobs of all workspaces, while the block lasts.

    Raises:
        ProviderUnavailable: the database does not answer.
    """
    size = PoolSize(smallest=1, largest=1)
    async with await open_pool(settings.operator_url, role=OPERATOR_ROLE, size=size) as pool:
        yield PostgresJobRecords(pool)
