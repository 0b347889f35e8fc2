"""Word lists written as running text."""


def listed(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())


def bag(text: str) -> frozenset[str]:
    """The set of words of a text."""
    return frozenset(text.split())
