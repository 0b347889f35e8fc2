"""Kinds of jobs: name, body, limits."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from domain.operations.jobs import RetryPolicy
from domain.shared.jobs import JobRun, Queue

Body = Callable[[JobRun], Awaitable[Mapping[str, object] | None]]
"""Does the work. It finishes the job in the transaction of its effect with `tx.jobs.finish(run, result)`, or
returns the result where there is no effect. It may run twice: see `docs/decisions/0011-job-ledger.md`."""

P = TypeVar("P", bound=msgspec.Struct)

UNKNOWN_KIND: Final = "unknown-kind"
"""The actor for kinds that a worker does not know; the ledger parks their jobs."""


def actor_name(kind: str, queue: Queue) -> str:
    """Dramatiq orders a process's own short queue by actor, so a kind has one actor for each queue."""
    return f"{kind}@{queue}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """One kind of job. `time_limit_seconds` is longer than the sum of the body's own timeouts."""

    name: str
    body: Body
    time_limit_seconds: float = 30.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


class Kinds(dict[str, JobKind]):
    """All kinds that a worker knows, by name."""

    @classmethod
    def of(cls, kinds: Iterable[JobKind], /) -> "Kinds":
        """Collect them.

        Raises:
            ValueError: two share a name.
        """
        table = cls()
        for kind in kinds:
            if kind.name in table:
                raise ValueError(f"two kinds of jobs are called {kind.name}")
            table[kind.name] = kind
        return table


class PayloadUnreadable(Exception):
    """The payload does not fit its kind; trying again cannot help."""


def payload_of(run: JobRun, type: type[P], /) -> P:
    """The job's payload as this Struct; ids and times come from their text, unknown members are passed over.

    Raises:
        PayloadUnreadable: it does not fit.
    """
    try:
        return msgspec.convert(run.payload, type, strict=False)
    except msgspec.ValidationError as error:
        raise PayloadUnreadable(str(error)) from error
