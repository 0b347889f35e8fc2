"""Small parts of the HTTP door, without the door."""

import io
import logging
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
import structlog
from litestar import Controller, get
from litestar.di import NamedDependency

from domain.shared.correlation import Correlation, correlation
from entrypoints import logs
from entrypoints.http import wiring
from entrypoints.http.app import create_app
from entrypoints.http.edge.exchange import Exchange, enter
from entrypoints.http.edge.operations import handlers_of
from entrypoints.http.etags import names
from entrypoints.http.faults import from_message
from entrypoints.http.fields import at, at_or_none, id_or_none
from entrypoints.http.openapi.export import Nobody
from entrypoints.http.prefer import Waits, seconds_to_wait
from entrypoints.http.settings import HttpSettings


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0), ("", 0), ("wait=10", 10), ("WAIT=10", 10), ("respond-async, wait=5", 5), ("wait = 7; x=1", 7),
        ('wait="3"', 3), ("wait=999", 30), ("wait=-1", 0), ("wait=1.5", 0), ("await=5", 0), ("wait=", 0),
        ("wait=" + "9" * 50, 0),
    ],
)  # fmt: skip
def test_reads_how_long_a_client_would_wait(prefer: str | None, seconds: int) -> None:
    assert seconds_to_wait(prefer, at_most=30) == seconds


def test_lets_so_many_of_a_caller_wait_and_so_many_in_all() -> None:
    waits, got = Waits(longest_seconds=30, most=3, most_each=2), list[int]()
    with ExitStack() as held:
        for caller in ("ada", "ada", "ada", "bob", "eve"):
            exchange = Exchange(request_id="r", method="GET", path="/", query=b"", headers={})
            exchange.caller = caller
            enter(exchange)
            got.append(held.enter_context(waits.place("wait=5")))
    with waits.place("wait=5") as afterwards:
        got.append(afterwards)
    with waits.place(None) as unasked:
        got.append(unasked)

    assert got == [5, 5, 0, 5, 0, 5, 0]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 7, 33, tzinfo=UTC), "2026-11-20T07:33:00.000Z"),
        (datetime(2026, 11, 20, 7, 33, 1, 999_999, tzinfo=UTC), "2026-11-20T07:33:01.999Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00.000Z"),
    ],
)
def test_writes_time_points_with_three_decimals(moment: datetime, text: str) -> None:
    assert at(moment) == text
    assert at_or_none(moment) == text


def test_writes_nothing_for_nothing() -> None:
    assert at_or_none(None) is None
    assert id_or_none("usr", None) is None
    assert id_or_none("usr", UUID(int=1)) == "usr_00000000000000000000000001"


@pytest.mark.parametrize(
    ("header", "is_named"), [(b'"1"', True), (b'W/"1"', True), (b'"2", "1"', True), (b"*", True), (b'"12"', False)]
)
def test_compares_tags_weakly(header: bytes, is_named: bool) -> None:
    assert names(header, b'"1"') is is_named


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ("Expected `int`, got `str` - at `$.a.b[0]`", "wrong_type", "/x/a/b/0"),
        ("Expected `str | null`, got `int`", "wrong_type", "/x"),
        ("Object missing required field `a` - at `$[...]`", "required", "/x/..."),
        ("Invalid RFC3339 encoded datetime", "invalid_format", "/x"),
        ("Invalid enum value 'secret'", "unknown_value", "/x"),
        ("Something msgspec has never said", "invalid", "/x"),
    ],
)
def test_says_in_our_words_what_msgspec_found(text: str, code: str, pointer: str) -> None:
    problem = from_message("/x", text)

    assert (problem.code, problem.pointer) == (code, pointer)
    assert "secret" not in problem.message


class One:
    pass


class Two:
    pass


class First(Controller):
    @get("/first", operation_id="first_get")
    async def show(self, thing: NamedDependency[One]) -> None: ...


class Second(Controller):
    @get("/second", operation_id="second_get")
    async def show(self, thing: NamedDependency[Two]) -> None: ...


def test_refuses_one_name_for_two_things() -> None:
    with pytest.raises(wiring.WiringError, match="thing is a Two here and a One elsewhere"):
        wiring.dependencies([First, Second], Nobody(), {})


def test_resolves_dependencies_in_turn_and_never_in_a_task_group() -> None:
    app = create_app(Nobody(), HttpSettings(secret_key=b""))
    batches = [batch for *_, kwargs in handlers_of(app.litestar) for batch in kwargs.dependency_batches]

    assert batches
    assert all(len(batch) == 1 for batch in batches)


def test_hides_the_key_that_signs() -> None:
    assert "hunter2" not in repr(HttpSettings(secret_key=b"hunter2"))


def lines(stream: io.BytesIO) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]


def test_logs_libraries_and_ourselves_in_one_shape_under_one_request() -> None:
    stream = io.BytesIO()
    logs.configure("info", stream)
    token = correlation.set(Correlation("req_1"))
    structlog.get_logger("usher.test").info("made", count=1)
    logging.getLogger("somebody.else").warning("careful: %s", "a\nb")
    correlation.reset(token)
    structlog.get_logger("usher.test").debug("not shown")

    ours, theirs = lines(stream)
    assert (ours["event"], ours["level"], ours["count"], ours["request_id"]) == ("made", "info", 1, "req_1")
    assert (theirs["event"], theirs["level"], theirs["request_id"]) == ("careful: a\nb", "warning", "req_1")


def test_logs_a_trace_without_local_variables() -> None:
    stream = io.BytesIO()
    logs.configure("info", stream)
    password = "hunter2"
    assert password
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("usher.test").exception("failed")

    (line,) = lines(stream)
    assert "ValueError: no" in line["exception"]
    assert "hunter2" not in line["exception"].replace('password = "hunter2"', "")


def test_logs_what_is_no_text() -> None:
    stream = io.BytesIO()
    logs.configure("info", stream)
    structlog.get_logger("usher.test").info("odd", value="a\ud800b", number=1)
    logging.getLogger("somebody.else").warning("odd: %s", "\udcff")

    assert [line["level"] for line in lines(stream)] == ["info", "warning"]
