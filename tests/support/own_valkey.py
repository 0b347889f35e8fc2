"""A Valkey of one test alone, that may be killed and started again empty."""

import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from adapters.embedded.accounts import account_for
from adapters.embedded.binaries import valkey_program


class OwnValkey:
    """Nothing is kept on disk: what it knew is lost when it is killed."""

    def __init__(self, folder: Path) -> None:
        self._program = valkey_program(account_for(folder / "valkey"), folder)
        self._address = folder / "v"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._address}?db=0"

    def start(self) -> None:
        options = f"--port 0 --unixsocket {self._address} --appendonly no --daemonize no"
        self._process = subprocess.Popen(
            [self._program, *options.split(), "--save", ""], stdout=subprocess.DEVNULL, cwd=self._address.parent
        )
        end = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < end
            time.sleep(0.01)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._address.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self._address))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False
