"""Lines that come through `logging` keep their facts."""

import io
import json
import logging

from entrypoints import logs


def test_keeps_the_facts_of_a_line():
    stream = io.BytesIO()
    logs.configure("info", stream)
    try:
        logging.getLogger("application.operations").warning("job parked", extra={"job_id": "job_1", "deaths": 3})
    finally:
        logs.configure("error", io.BytesIO())

    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["job_id"], line["deaths"]) == ("job parked", "warning", "job_1", 3)
    assert set(line) == {"at", "level", "event", "logger", "job_id", "deaths"}
