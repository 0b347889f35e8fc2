"""One written form for what looks the same: widths, accents, digits of all scripts, look-alike letters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LOOK_ALIKES: Final = str.maketrans(
    # Cyrillic, then Greek, letters that a reader takes for Latin ones.
    "АВЕЅІЈКМНОРСТХУавеѕіјкмнорстхуԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορτυ",
    "ABESIJKMHOPCTXYabesijkmhopctxydqwABEZHIKMNOPTYXavoptu",
)
_PUNCTUATION: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′`´", "'"),  # noqa: RUF001  typographic quotes are meant
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001  typographic dashes are meant
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
    }
)
_HIDDEN: Final = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\ufff9-\ufffb]"
)
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")
_POSSESSIVE: Final = re.compile(r"(?:n't|'(?:s|ll|ve|re|d|m)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its comparable form. `origins[i]` is where character i stood in the original; one more for the end."""

    text: str
    origins: tuple[int, ...] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text that became `text[start:end]`."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text: `word` in lower case without apostrophes, `capital` as it was written."""

    word: str
    start: int
    end: int
    capital: bool


@lru_cache(maxsize=512)
def fold(text: str) -> Folded:
    """Bring to the comparable form; hidden characters vanish, the rest keeps its place."""
    if text.isascii():
        return Folded(text.translate(_PUNCTUATION), None)
    characters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for plain in _plain(character):
            characters.append(plain)
            origins.append(place)
    origins.append(len(text))
    return Folded("".join(characters), tuple(origins))


def _plain(character: str) -> str:
    if character.isascii():
        return character.translate(_PUNCTUATION)
    if _HIDDEN.match(character):
        return ""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    flat = unicodedata.normalize("NFKD", character.translate(_PUNCTUATION).translate(_LOOK_ALIKES))
    return "".join(part for part in flat if unicodedata.category(part) != "Mn").translate(_PUNCTUATION)


def disguises(text: str) -> list[tuple[int, int, str]]:
    """Stretches written so as to be misread: (start, end, what it is). None in honest writing."""
    if text.isascii():
        return []
    found = [
        (match.start(), match.end(), "a hidden character")
        for match in _HIDDEN.finditer(text)
        if _beside_word(text, match.start(), match.end())
    ]
    for match in re.finditer(r"\w[\w\u0300-\u036f\u20d0-\u20ff]*", text):
        reason = _odd_word(match.group())
        if reason:
            found.append((match.start(), match.end(), reason))
    return sorted(found)


def _beside_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (before.isalnum() or before in "$€£@.,:-/") or after.isalnum()


def _odd_word(word: str) -> str | None:
    return None if word.isascii() else _odd_letters(word) or _odd_digits(word)


def _odd_letters(word: str) -> str | None:
    scripts = {name for character in word if character.isalpha() for name in _SCRIPTS if _is_script(character, name)}
    if len(scripts) > 1:
        return "a word that mixes alphabets"
    alike = scripts and "LATIN" not in scripts and word.translate(_LOOK_ALIKES).isascii()
    return "a word of look-alike letters" if alike and len(word) > 1 else None


def _odd_digits(word: str) -> str | None:
    if any(character.isdigit() and not character.isdecimal() for character in word):
        return "raised, lowered or circled digits"
    if re.search(r"\d[\u0300-\u036f\u20d0-\u20ff]", word):
        return "a digit with a mark over it"
    scripts = {unicodedata.name(character).rsplit(" ", 1)[0] for character in word if character.isdecimal()}
    return "digits of several scripts" if len(scripts) > 1 else None


def _is_script(character: str, script: str) -> bool:
    return unicodedata.name(character, "").startswith(script)


@lru_cache(maxsize=2048)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a folded text, in order."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        end = match.end()
        possessive = _POSSESSIVE.search(raw)
        if possessive:
            end -= len(possessive.group())
        found.append(Token(_word(raw), match.start(), end, raw[0].isupper()))
    return tuple(found)


@lru_cache(maxsize=8192)
def _word(raw: str) -> str:
    return "and" if raw == "&" else _POSSESSIVE.sub("", raw).replace("'", "").lower()


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The comparable words of any text."""
    return tuple(token.word for token in tokens(fold(text).text))
