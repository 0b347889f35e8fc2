"""Proper names in a reply: known values in any case and in part, and words that no list of plain English has."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from domain.assistance.verifier.catalogue import Vocabulary
from domain.assistance.verifier.normalise import Token
from domain.assistance.verifier.spans import Span
from domain.assistance.verifier.taken import Taken
from domain.assistance.verifier.verdict import SpanKind
from domain.assistance.verifier.vocabulary import FUNCTION_WORDS, is_misspelt, is_ordinary
from domain.assistance.verifier.wordlists import bag

_PLACE_NOUNS: Final = bag(
    "station airport terminal depot plaza square street avenue boulevard drive district village tower harbour"
    " mall garage"
)
_PLACE_SORTS: Final = bag(
    "destination origin departure arrival bus train gas railway subway metro rail petrol nearest closest "
    "main local same different next first new right exact actual specific certain international regional "
    "domestic available nearby convenient preferred desired particular pick pickup drop dropoff rental "
    "car which test long get take want need like choose pick find use visit reach leave enter which "
    "airport station city downtown central parking "
)
_INTRODUCING: Final = frozenset({"a", "an", "called", "named"})

_COURTESY: Final = bag("""
wi fi
abs absolutely ac am asap atm available booking car cars cd certainly check cheers class compact confirm congrats
congratulations date dear definitely drop dvd economy enjoy eta eur faq full gbp good gps hope hotel id led
location luxury madam mr mrs ms nice note pdf pick please pm regards reservation rsvp sincerely sir size sized
standard suv time tv type usb usd vin wifi
""")
_OPENERS: Final = re.compile(r"(?:^|[.!?:;\n\"(*•>|/-]|\.\.\.)[\s\"'(*_•-]*$")
_STREET: Final = re.compile(r"\d{1,3}(?:st|nd|rd|th)\s(?=street|avenue|ave\b|st\b|road|boulevard)", re.IGNORECASE)
_JOINERS: Final = bag("of the de la le du and at in on by for vs with el los las san")


def known(words: Sequence[Token], vocabulary: Vocabulary, taken: Taken) -> list[Span]:
    """Mentions of values of the facts, whole or by a telling part, whatever their case."""
    found: list[Span] = []
    place = 0
    while place < len(words):
        length = _longest(words, place, vocabulary)
        span = _mention(words, place, length, vocabulary) if length else None
        if span is None or not taken.is_free(span.start, span.end):
            place += 1
            continue
        found.append(span)
        taken.add(span.start, span.end)
        place += length
    return found


def _longest(words: Sequence[Token], place: int, vocabulary: Vocabulary) -> int:
    places = vocabulary.places.get(words[place].word)
    length = 0
    current = places
    while current:
        length += 1
        if place + length >= len(words):
            break
        following = vocabulary.places.get(words[place + length].word, set[tuple[int, int]]())
        current = {(value, start) for value, start in current if (value, start + length) in following}
    return _trim(words, place, length, vocabulary)


def _trim(words: Sequence[Token], place: int, length: int, vocabulary: Vocabulary) -> int:
    """A part of a name does not end in "of" or "the"."""
    while length:
        run = tuple(token.word for token in words[place : place + length])
        if run in vocabulary.ids or run[-1] not in FUNCTION_WORDS:
            return length
        length -= 1
    return 0


def _mention(words: Sequence[Token], place: int, length: int, vocabulary: Vocabulary) -> Span | None:
    tokens = words[place : place + length]
    run = tuple(token.word for token in tokens)
    whole = run in vocabulary.ids
    plain = all(is_ordinary(word) or word[0].isdigit() for word in run)
    written_small = not any(token.capital for token in tokens)
    if all(word.isdigit() for word in run) and vocabulary.ids.get(run) not in vocabulary.identifying:
        return None
    if not whole and (run[0] in FUNCTION_WORDS or len(run[0]) == 1 or (plain and (written_small or len(run) == 1))):
        return None
    weak = len(run) == 1 and is_ordinary(run[0]) and written_small and not _introduced(words, place, vocabulary)
    return Span(SpanKind.NAME, tokens[0].start, tokens[-1].end, words=run, values=vocabulary.holding(run), weak=weak)


def _introduced(words: Sequence[Token], place: int, vocabulary: Vocabulary) -> bool:
    """Whether the word before makes a name of a plain one: "a fit", "a compact fit"."""
    before = words[place - 1].word if place else ""
    return before in _INTRODUCING or (before in vocabulary.places and before not in FUNCTION_WORDS)


def unknown(
    text: str, words: Sequence[Token], vocabulary: Vocabulary, familiar: frozenset[str], taken: Taken
) -> list[Span]:
    """Capitalised words that do not just open a sentence, and words that are neither plain English nor familiar."""
    found: list[Span] = []
    run: list[Token] = []
    for token in words:
        if taken.is_free(token.start, token.end) and _is_name(text, token, familiar, inside=bool(run)):
            run.append(token)
            continue
        found += _close(run, vocabulary)
        run = []
    found += _close(run, vocabulary)
    for one in found:
        taken.add(one.start, one.end)
    return found + list(_small_places(words, vocabulary, taken))


def _small_places(words: Sequence[Token], vocabulary: Vocabulary, taken: Taken) -> Iterator[Span]:
    """Places written small, of plain words: "harbor point station"."""
    for place, token in enumerate(words):
        if token.word not in _PLACE_NOUNS or token.capital or not taken.is_free(token.start, token.end):
            continue
        first = place
        while first and place - first < 3 and _may_name_place(words[first - 1], taken):
            first -= 1
        if first < place:
            said = tuple(one.word for one in words[first : place + 1])
            yield Span(SpanKind.NAME, words[first].start, token.end, words=said, values=vocabulary.holding(said))


def _may_name_place(token: Token, taken: Taken) -> bool:
    return (
        not token.capital
        and taken.is_free(token.start, token.end)
        and token.word not in FUNCTION_WORDS
        and token.word not in _PLACE_SORTS
    )


def _close(run: list[Token], vocabulary: Vocabulary) -> list[Span]:
    while run and run[-1].word in _JOINERS:
        run = run[:-1]
    if not run:
        return []
    said = tuple(token.word for token in run)
    return [Span(SpanKind.NAME, run[0].start, run[-1].end, words=said, values=vocabulary.holding(said))]


def _is_name(text: str, token: Token, familiar: frozenset[str], *, inside: bool) -> bool:
    word = token.word
    if _STREET.match(text, token.start):
        return True
    if word.isdigit() or len(word) == 1:
        return False
    if inside and word in _JOINERS and not token.capital:
        return text[token.end : token.end + 2].strip()[:1].isupper()
    if token.capital and not _opens(text, token):
        return word not in FUNCTION_WORDS and word not in _COURTESY
    return not (is_ordinary(word) or word in _COURTESY or word in familiar or is_misspelt(word))


def _opens(text: str, token: Token) -> bool:
    before = text[max(0, token.start - 8) : token.start]
    return _OPENERS.search(before if token.start <= len(before) else "x" + before) is not None
