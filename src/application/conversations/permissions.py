"""The permissions that conversations ask for; roles hold them by the table of the identity context."""

from typing import Final

READ: Final = "conversations:read"
WRITE: Final = "conversations:write"
