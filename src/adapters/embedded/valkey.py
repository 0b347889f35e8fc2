"""The embedded Valkey: one server in a folder, reached by a Unix socket, no TCP port."""

import contextlib
import socket
import time
from pathlib import Path
from urllib.parse import quote

from adapters.embedded.accounts import Account, Started
from adapters.embedded.postgres import tail
from adapters.embedded.trouble import CannotStart

_PATIENCE_SECONDS = 30.0


def start_valkey(program: Path, home: Path, sockets: Path, account: Account, *, durable: bool) -> Started:
    """Start the server with its data in `home`. Reuses a running one.

    Raises:
        CannotStart: with the end of the server's log.
    """
    data, address, log = account.own_folder(home / "valkey"), sockets / "valkey", home / "valkey.log"
    url = f"unix://{quote(str(address), safe='/')}?db=0"
    if _answers(address):
        return Started(url)
    address.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(address),
        "dir": str(data),
        "pidfile": str(data / "pid"),
        "daemonize": "no",
        "save": "",
        "appendonly": "yes" if durable else "no",
    }
    argv: list[str | Path] = [
        program,
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]
    with log.open("ab") as output:
        process = account.spawn(argv, cwd=data, output=output)
    end = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(address):
        if time.monotonic() > end or process.poll() is not None:
            raise CannotStart(f"Valkey did not start; the end of {log}:\n{tail(log)}")
        time.sleep(0.005)
    return Started(url, process)


def _answers(address: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        client.connect(str(address))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False
