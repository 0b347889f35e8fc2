"""Replaying conversations on file through the real path, and scoring what the assistant suggests."""
