"""What the HTTP door needs to know, whatever the settings of the process are called."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """Settings of the door.

    `public_url` is what clients type, without a trailing slash. `secret_key` (32 bytes or more) signs cursors; it is
    never shown. Sizes are bytes.
    """

    public_url: str = "http://127.0.0.1:8000"
    secret_key: bytes = field(repr=False)
    version: str = "0.0.0"
    body_timeout_seconds: float = 15.0
    largest_body: int = 1024 * 1024
    largest_public_body: int = 64 * 1024
    """For routes open to everybody, where nobody answers for the work."""
    longest_uri: int = 8 * 1024
    largest_headers: int = 32 * 1024
    most_running: int = 1000
    """Requests at a time in this process; more are told to come back."""
    longest_wait_seconds: int = 30
    """The most that `Prefer: wait=N` may ask for."""
    most_waiting: int = 200
    most_waiting_each: int = 20
    """Requests that wait in this process, in all and of one caller; more are answered at once."""
    cursor_hours: int = 24

    @property
    def is_secure(self) -> bool:
        """Whether clients reach the door by https."""
        return self.public_url.startswith("https:")
