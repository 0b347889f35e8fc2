"""Where the servers keep their data and their sockets."""

import hashlib
import os
import tempfile
from pathlib import Path

from adapters.embedded.accounts import Account
from adapters.embedded.trouble import CannotStart

_CLOSED_HOMES = Path("/var/lib/usher")
_LONGEST_SOCKET = 100
"""Bytes. A Unix socket's path holds at most 107 (103 on macOS). Source: unix(7), sun_path."""
_NOTE = "data-is-in"


def digest_of(folder: Path) -> str:
    """A short, stable name for a folder."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def data_folder(state: Path, account: Account) -> Path:
    """The folder for data: `state`, unless its parents are closed to the account that the servers run as.

    Then it is `/var/lib/usher/<digest of the state folder>`, and a note in `state` says so.
    """
    state.mkdir(parents=True, exist_ok=True)
    if not account.lent:
        return state
    state.chmod(0o711)
    if account.reaches(state):
        return state
    home = _CLOSED_HOMES / digest_of(state)
    for folder in (_CLOSED_HOMES, home):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    (state / _NOTE).write_text(f"{home}\n")
    return home


def socket_folder(home: Path, account: Account) -> Path:
    """A folder for sockets that only the account may enter, with a path short enough for them.

    Raises:
        CannotStart: the place is taken by somebody else.
    """
    own = home / "run"
    if len(os.fsencode(own / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
        return account.own_folder(own)
    short = Path(tempfile.gettempdir()) / f"usher-{account.uid}-{digest_of(home)}"
    if len(os.fsencode(short)) > _LONGEST_SOCKET - 20:
        short = Path("/tmp") / short.name  # noqa: S108 - checked below: ours alone, no link
    account.own_folder(short)
    found = short.lstat()
    if short.is_symlink() or found.st_uid != account.uid or found.st_mode & 0o077:
        raise CannotStart(f"{short} is not a private folder of uid {account.uid}; remove it")
    return short
