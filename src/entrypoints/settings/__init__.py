"""Settings: one struct from the environment and `.env`, all faults in one message, secrets that never show."""

from entrypoints.settings.example import example_file
from entrypoints.settings.loading import BadSettings, Fault, gather, load_settings
from entrypoints.settings.secret import Secret
from entrypoints.settings.struct import Environment, Settings

__all__ = [
    "BadSettings",
    "Environment",
    "Fault",
    "Secret",
    "Settings",
    "example_file",
    "gather",
    "load_settings",
]
