"""The permissions that sources ask for; roles hold them by the table of the identity context."""

from typing import Final

READ: Final = "sources:read"
WRITE: Final = "sources:write"
