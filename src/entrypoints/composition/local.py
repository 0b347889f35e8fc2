"""Servers and keys of a machine that has none: for trying and for developing."""

import base64
import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from adapters.embedded import CannotStart, EmbeddedServers, start_servers

__all__ = ["CannotStart", "EmbeddedServers", "local_keys", "start_servers"]

_OURS_ALONE: Final = 0o600


def local_keys(state: Path) -> Path:
    """The file with this checkout's own keys, made on first use; readable by its owner alone."""
    file = state / "keys.env"
    if not file.exists():
        state.mkdir(parents=True, exist_ok=True)
        draft = state / f"keys.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OURS_ALONE), "w") as handle:
            handle.write(f"USHER_SECRET_KEY={secrets.token_hex(32)}\n")
            handle.write(f"USHER_TOKEN_KEY={base64.b64encode(secrets.token_bytes(32)).decode()}\n")
        with contextlib.suppress(FileExistsError):  # another process was first, and its keys stay
            file.hardlink_to(draft)
        draft.unlink()
    return file
