"""One JSON object per line on standard output, for every process: time, level, event, request id, fields.

Values are escaped, so nothing that a client sends can forge a line. Tracebacks carry no local variables: these hold
secrets. Who logs says `structlog.get_logger("usher.<what>")`.
"""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

import msgspec
import structlog

from domain.shared.correlation import correlation

_encode: Final = msgspec.json.Encoder(enc_hook=str).encode
_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

_open: Final[list[BinaryIO]] = []
"""Where lines go, once that is known."""

_least: Final = [logging.INFO]
"""The level of the quietest lines that are shown."""

Line = MutableMapping[str, Any]


def configure(level: str = "info", output: BinaryIO | None = None) -> None:
    """Set the logs of this process up; also those of libraries, which speak through `logging`.

    Args:
        level: `debug`, `info`, `warning` or `error`.
        output: where lines go; standard output if None.
    """
    stream = output or sys.stdout.buffer
    _open[:] = [stream]
    _least[:] = [_LEVELS[level]]
    structlog.configure(
        processors=[_stamp, structlog.processors.format_exc_info, _render],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(_LEVELS[level], logging.INFO), handlers=[_LibraryHandler()], force=True)
    for noisy in ("uvicorn.access", "httpx", "httpx2", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def write(line: msgspec.Struct, level: str = "info") -> None:
    """Write a line of a fixed shape, for what is logged with every request: a fifth of the cost of a logger.

    It is shown where `configure` was called with that level or a lower one, and lost where it was not.
    """
    if _open and _LEVELS[level] >= _least[0]:
        _put(_encode(line))


def _put(line: bytes) -> None:
    stream = _open[-1]
    stream.write(line + b"\n")
    stream.flush()


class _Lines:
    """Where structlog leaves finished lines."""

    def __init__(self, *_: object) -> None:
        self.debug = self.info = self.warning = self.error = self.critical = _put


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def _stamp(_: object, method: str, line: Line) -> Line:
    stamped: Line = {"at": _now(), "level": method, **line}
    if "request_id" not in line:
        request_id = correlation.get().request_id
        if request_id is not None:
            stamped["request_id"] = request_id
    return stamped


def _render(_: object, __: str, line: Line) -> bytes:
    try:
        return _encode(line)
    except UnicodeEncodeError:
        # Half a surrogate pair, from a file name or a broken message: a log must not fail for it.
        return _encode({name: _readable(value) for name, value in line.items()})


def _readable(value: object) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


_ITS_OWN: Final = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
"""What every record has; the rest are the facts that a caller gave as `extra`."""


class _LibraryHandler(logging.Handler):
    """Lines of libraries and of the application, in the same shape, with their `extra` facts."""

    def emit(self, record: logging.LogRecord) -> None:
        line: Line = {
            "at": _now(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        request_id = correlation.get().request_id
        if request_id is not None:
            line["request_id"] = request_id
        line |= {name: value for name, value in vars(record).items() if name not in _ITS_OWN}
        if record.exc_info:
            line["exception"] = logging.Formatter().formatException(record.exc_info)
        _put(_render(None, "", line))
