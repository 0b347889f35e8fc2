"""Log lines for people: from one JSON object to a short line."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

_SAID: Final = ("at", "level", "event", "logger", "exception", "request_id", "color_message")


def readable(line: str) -> str:
    """The line of a log as a person likes it; anything that is no log line stays as it is."""
    if not line.startswith("{"):
        return line
    try:
        entry: Mapping[str, Any] = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError:
        return line
    time = str(entry.get("at", ""))[11:19]
    level = str(entry.get("level", ""))
    rest = " ".join(f"{name}={value}" for name, value in entry.items() if name not in _SAID)
    text = f"{time} {'' if level == 'info' else f'{level.upper()} '}{entry.get('event', '')} {rest}".strip()
    return f"{text}\n{entry['exception']}" if entry.get("exception") else text
