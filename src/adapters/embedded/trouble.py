"""What can keep the embedded servers from starting."""


class CannotStart(RuntimeError):
    """The servers cannot run here; the message says why and what to do about it."""
