"""Search over dictionaries, by the promises of PostgreSQL's: words that begin so, or similar ones."""

from application.shared.excerpts import excerpt, words_of


def has_words(text: str, query: str) -> bool:
    """Whether every word of the query begins some word of the text."""
    there = words_of(text)
    wanted = words_of(query)
    return bool(wanted) and all(any(word.startswith(begin) for word in there) for begin in wanted)


def is_similar(text: str, query: str) -> bool:
    """Whether some word of the text could be a mistyped word of the query."""
    return bool(words_of(query)) and bool(excerpt(text, query).spans)
