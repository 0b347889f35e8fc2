"""Logs of the door go where tests can read them."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from entrypoints import logs


@pytest.fixture(autouse=True)
def log_lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged so far in this test, line by line."""
    stream = io.BytesIO()
    logs.configure("debug", stream)
    yield lambda: [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    logs.configure("error", io.BytesIO())
