"""Log lines as `usher dev` shows them."""

import pytest

from entrypoints.cli.lines import readable


def test_shortens_a_log_line():
    line = '{"at":"2026-11-20T10:38:22.887Z","level":"info","event":"request","status":200,"route":"/docs"}'

    assert readable(line) == "10:38:22 request status=200 route=/docs"


def test_shows_what_is_not_well_and_its_trace():
    line = '{"at":"2026-11-20T10:38:22.887Z","level":"error","event":"job failed","exception":"Traceback\\n  here"}'

    assert readable(line) == "10:38:22 ERROR job failed\nTraceback\n  here"


@pytest.mark.parametrize("line", ["plain words", "{not json", '{"a":', "[1]", ""])
def test_leaves_other_lines_alone(line):
    assert readable(line) == line
