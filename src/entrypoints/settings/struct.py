"""The settings of every process. Names outside are `USHER_` and the field's name in capitals."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from entrypoints.settings import checks
from entrypoints.settings.secret import Secret

Check = Callable[[str], str | None]


class Environment(StrEnum):
    """Where this runs. `dev` fills in servers and keys of its own; `test` also lets fail points be set."""

    DEV = "dev"
    TEST = "test"
    PRODUCTION = "production"


class Drafter(StrEnum):
    """Who writes drafts."""

    ANTHROPIC = "anthropic"
    BUILT_IN = "built_in"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _about(
    section: str, description: str, expects: str, example: str, check: Check | None = None, **limits: Any
) -> Meta:
    extra = {"section": section, "expects": expects, "check": check}
    return Meta(description=description, examples=[example], extra=extra, **limits)


def _seconds(section: str, description: str, example: str, *, most: float = 3600) -> Meta:
    return _about(section, description, f"seconds, more than 0, at most {most:g}", example, gt=0, le=most)


def _count(section: str, description: str, example: str, *, least: int = 1, most: int) -> Meta:
    return _about(section, description, f"a whole number from {least} to {most}", example, ge=least, le=most)


_GENERAL, _SERVERS, _DOOR, _JOBS, _AI = "General", "PostgreSQL and Redis", "HTTP", "Jobs", "AI drafts"
_POSTGRES = "postgresql://user:password@host:5432/database"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is decided outside the code. Made by `load_settings` only."""

    env: Annotated[Environment, _about(_GENERAL, "Where this runs.", "dev, test or production", "production")] = (
        Environment.DEV
    )
    public_url: Annotated[
        str,
        _about(
            _GENERAL,
            "What clients type.",
            "an http(s) address, no slash at the end",
            "https://usher.example.com",
            checks.web_url,
        ),
    ] = "http://127.0.0.1:8000"
    secret_key: Annotated[
        Secret,
        _about(_GENERAL, "Signs cursors.", "32 random bytes or more", "(openssl rand -hex 32)", checks.long_enough),
    ]
    token_key: Annotated[
        Secret,
        _about(
            _GENERAL,
            "Signs access tokens: an Ed25519 private key.",
            "PEM, or its 32 bytes in base64",
            "(openssl genpkey -algorithm ed25519)",
            checks.token_key,
        ),
    ]
    log_level: Annotated[LogLevel, _about(_GENERAL, "What is logged.", "debug, info, warning or error", "info")] = (
        LogLevel.INFO
    )
    fail_at: Annotated[
        str | None,
        _about(
            _GENERAL,
            "Kills the process at a fail point; for tests.",
            "a place in the life of a job, only with USHER_ENV=test",
            "after_claim",
            checks.fail_point,
        ),
    ] = None

    database_url: Annotated[
        Secret, _about(_SERVERS, "PostgreSQL 16 or newer.", "a PostgreSQL URL", _POSTGRES, checks.postgres_url)
    ]
    operator_database_url: Annotated[
        Secret | None,
        _about(
            _SERVERS,
            "For work across workspaces; else USHER_DATABASE_URL.",
            "a PostgreSQL URL",
            _POSTGRES,
            checks.postgres_url,
        ),
    ] = None
    owner_database_url: Annotated[
        Secret | None,
        _about(
            _SERVERS,
            "For migrations, as the owner; else USHER_DATABASE_URL.",
            "a PostgreSQL URL",
            _POSTGRES,
            checks.postgres_url,
        ),
    ] = None
    redis_url: Annotated[
        Secret,
        _about(_SERVERS, "Redis 7 or Valkey 8, or newer.", "a Redis URL", "redis://host:6379/0", checks.redis_url),
    ]
    database_pool_smallest: Annotated[
        int, _count(_SERVERS, "Connections kept open by a process.", "1", least=0, most=500)
    ] = 1
    database_pool_largest: Annotated[int, _count(_SERVERS, "Most connections of a process.", "10", most=500)] = 10
    database_acquire_timeout_seconds: Annotated[float, _seconds(_SERVERS, "Wait for a connection.", "5")] = 5.0
    database_command_timeout_seconds: Annotated[float, _seconds(_SERVERS, "Wait for a statement.", "5")] = 5.0
    redis_timeout_seconds: Annotated[float, _seconds(_SERVERS, "Wait for Redis.", "2", most=60)] = 2.0

    host: Annotated[str, _about(_DOOR, "The address to listen on.", "an address or a name", "0.0.0.0")] = "127.0.0.1"  # noqa: S104
    port: Annotated[int, _count(_DOOR, "The port to listen on.", "8000", most=65535)] = 8000
    trusted_proxies: Annotated[
        tuple[str, ...],
        _about(
            _DOOR,
            "Whose X-Forwarded-For is believed.",
            "addresses or networks, with commas",
            "10.0.0.0/8,192.168.1.7",
            checks.network,
        ),
    ] = ()
    body_timeout_seconds: Annotated[float, _seconds(_DOOR, "Wait for a request's body.", "15", most=300)] = 15.0
    drain_timeout_seconds: Annotated[float, _seconds(_DOOR, "Let running work end at shutdown.", "20", most=600)] = 20.0

    worker_threads: Annotated[int, _count(_JOBS, "Jobs at a time in a worker process.", "16", most=256)] = 16
    worker_prefetch: Annotated[int, _count(_JOBS, "Bells of a queue that a worker holds.", "32", most=1024)] = 32
    worker_poll_milliseconds: Annotated[
        int, _count(_JOBS, "How often an idle worker looks at Redis; 20 ms cost 5 % of a core.", "20", most=10_000)
    ] = 20
    lease_seconds: Annotated[float, _seconds(_JOBS, "How long a silent worker keeps a job.", "20")] = 20.0
    sweep_seconds: Annotated[float, _seconds(_JOBS, "How often lost leases are looked for.", "2", most=600)] = 2.0
    relay_poll_seconds: Annotated[float, _seconds(_JOBS, "How often due jobs are looked for.", "1", most=60)] = 1.0

    drafter_chain: Annotated[
        tuple[Drafter, ...],
        _about(
            _AI,
            "Who drafts, in order; the next when one is down.",
            "anthropic, built_in, with commas",
            "anthropic,built_in",
        ),
    ] = (Drafter.BUILT_IN,)
    anthropic_api_key: Annotated[
        Secret | None, _about(_AI, "For the Anthropic drafter.", "a key of the Anthropic console", "sk-ant-...")
    ] = None
    anthropic_model: Annotated[str, _about(_AI, "The model that drafts.", "a model id", "claude-haiku-5-5")] = (
        "claude-haiku-5-5"
    )
    anthropic_base_url: Annotated[
        str,
        _about(
            _AI,
            "Where the API is.",
            "an http(s) address, no slash at the end",
            "https://api.anthropic.com",
            checks.web_url,
        ),
    ] = "https://api.anthropic.com"
    anthropic_timeout_seconds: Annotated[float, _seconds(_AI, "Wait for a draft.", "20", most=600)] = 20.0

    @property
    def is_production(self) -> bool:
        """Whether real people use it."""
        return self.env is Environment.PRODUCTION

    @property
    def operator_url(self) -> str:
        """The database URL of work across workspaces. Reveals its password."""
        return (self.operator_database_url or self.database_url).reveal()

    @property
    def owner_url(self) -> str:
        """The database URL of migrations. Reveals its password."""
        return (self.owner_database_url or self.database_url).reveal()

    @property
    def token_seed(self) -> bytes:
        """The 32 bytes of the Ed25519 key that signs access tokens. Reveals them."""
        return checks.token_seed(self.token_key.reveal())
