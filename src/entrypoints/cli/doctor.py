"""`usher doctor`: what would keep Usher from working here, all of it at once."""

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from domain.shared.errors import ProviderUnavailable
from entrypoints.cli.here import STATE, values_here
from entrypoints.cli.output import FAILED, OK, json_option, show, table
from entrypoints.settings import BadSettings, Settings, load_settings

_TIMEOUT_SECONDS: Final = 5
_OLDEST_POSTGRES: Final = 16
_LEAST_FREE_BYTES: Final = 500_000_000
_ROLES: Final = 2


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    verdict: Literal["good", "bad"]
    detail: str


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Look for what would keep Usher from working here."""
    findings = [*_machine(), *_services()]
    rows = [("ok" if finding.verdict == "good" else "BAD", finding.what, finding.detail) for finding in findings]
    show({"findings": findings}, table(rows), as_json=as_json)
    return OK if all(finding.verdict == "good" for finding in findings) else FAILED


def _finding(what: str, is_good: bool, detail: str) -> Finding:
    return Finding(what=what, verdict="good" if is_good else "bad", detail=detail)


def _machine() -> Iterator[Finding]:
    is_new = sys.version_info >= (3, 11)
    yield _finding("python", is_new, f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    folder = STATE if STATE.exists() else Path()
    yield _finding("writable", os.access(folder, os.W_OK), str(folder.resolve()))
    free = shutil.disk_usage(folder).free
    yield _finding("disk", free > _LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free")


def _services() -> Iterator[Finding]:
    try:
        with values_here() as values:
            settings = load_settings(values)
            yield _finding("settings", is_good=True, detail=f"for {settings.env}")
            for what, question in _QUESTIONS.items():
                yield _asked(what, question, settings)
    except BadSettings as error:
        yield from (
            _finding("settings", is_good=False, detail=f"{fault.name}: {fault.expected}") for fault in error.faults
        )
    except click.ClickException as error:
        yield _finding("embedded servers", is_good=False, detail=error.message)


def _asked(what: str, question: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return question(settings)
    except (OSError, ProviderUnavailable) as error:
        return _finding(what, is_good=False, detail=str(error) or type(error).__name__)


def _postgres(settings: Settings) -> Finding:
    from entrypoints.composition.probes import ask_postgres

    major, roles = asyncio.run(ask_postgres(settings.owner_url, timeout_seconds=_TIMEOUT_SECONDS))
    detail = f"PostgreSQL {major}, {roles} of {_ROLES} roles"
    return _finding("postgresql", major >= _OLDEST_POSTGRES and roles == _ROLES, detail)


def _redis(settings: Settings) -> Finding:
    from entrypoints.composition.probes import ask_redis

    version = asyncio.run(ask_redis(settings.redis_url.reveal(), timeout_seconds=_TIMEOUT_SECONDS))
    return _finding("redis", is_good=True, detail=f"version {version}")


def _schema(settings: Settings) -> Finding:
    from entrypoints.composition.schema import migration_status

    pending = [m.revision for m in asyncio.run(migration_status(settings.owner_url)) if not m.is_applied]
    return _finding(
        "schema", not pending, f"run `usher migrate up` for {', '.join(pending)}" if pending else "up to date"
    )


_QUESTIONS: Final = {"postgresql": _postgres, "redis": _redis, "schema": _schema}
