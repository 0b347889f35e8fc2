"""Whose account the servers run under. PostgreSQL refuses root, so root lends them an unprivileged one."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from adapters.embedded.trouble import CannotStart

_CANDIDATES = ("postgres", "nobody")
_OWN_FOLDER = 0o700
_OPEN_FOLDER = 0o755


@dataclass(frozen=True, slots=True)
class Started:
    """A server that answers at `url`; `child` where this process started it."""

    url: str
    child: "subprocess.Popen[bytes] | None" = None


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that servers run as; `lent` when it is not the one that this process has."""

    uid: int
    gid: int
    lent: bool

    def spawn(self, argv: Sequence[str | Path], *, cwd: Path, output: IO[bytes] | int) -> "subprocess.Popen[bytes]":
        """Start a process with a small, fixed environment, in a session of its own: Ctrl-C does not reach it."""
        environment: Mapping[str, str] = {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C",
            "HOME": str(cwd),
            "TZ": "UTC",
        }
        return subprocess.Popen(
            [str(part) for part in argv],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid if self.lent else None,
            group=self.gid if self.lent else None,
            extra_groups=[] if self.lent else None,
        )

    def run(self, argv: Sequence[str | Path], *, cwd: Path) -> str:
        """Run a command to its end; its output.

        Raises:
            CannotStart: it failed; the message holds what it printed.
        """
        process = self.spawn(argv, cwd=cwd, output=subprocess.PIPE)
        output = process.communicate()[0].decode(errors="replace")
        if process.returncode:
            raise CannotStart(f"{argv[0]} failed ({process.returncode}): {output.strip()[-2000:]}")
        return output

    def reaches(self, path: Path) -> bool:
        """Whether this account can enter the folder or execute the file; all parents count."""
        if not self.lent:
            return os.access(path, os.X_OK)
        probe = self.spawn(["/bin/sh", "-c", 'test -x "$0"', path], cwd=Path("/"), output=subprocess.DEVNULL)
        return probe.wait() == 0

    def own_folder(self, path: Path) -> Path:
        """Make a folder that only this account (and root) may enter."""
        path.mkdir(mode=_OWN_FOLDER, exist_ok=True)
        if self.lent:
            os.chown(path, self.uid, self.gid)
        return path

    def copy(self, source: Path, target: Path, *, leave_out: tuple[str, ...] = ()) -> None:
        """Copy a file or a tree so that this account can read it, whatever the umask of whoever installed it."""
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            target.chmod(_OPEN_FOLDER)
            for child in source.iterdir():
                if child.name not in leave_out:
                    self.copy(child, target / child.name, leave_out=leave_out)
            return
        shutil.copyfile(source, target)
        target.chmod(_OPEN_FOLDER if os.access(source, os.X_OK) else 0o644)


def account_for(data: Path) -> Account:
    """Ourselves; as root the owner of earlier data, else `postgres` or `nobody`.

    Raises:
        CannotStart: we are root and there is nobody else.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), lent=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, lent=True)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, lent=True)
    raise CannotStart(
        "PostgreSQL does not run as root, and there is neither a `postgres` nor a `nobody` account to lend it; "
        "run as an ordinary user, or set USHER_DATABASE_URL and USHER_REDIS_URL"
    )
