"""Times and dates as typed, rewritten to the few words and marks that the grammar knows."""

import re
import unicodedata

from core.lookup.when.vocabulary import LONGEST_PHRASE, STAND_INS

MAX_LENGTH = 100
"""Characters of a text that can be a time; Discord sends no more."""

_APOSTROPHES = re.compile(r"['’‘`´]")
_DASHES = re.compile(r"[‐‑‒–—−]")
_MERIDIEM = re.compile(r"(?<=\d)(?:\s*([ap])\s?\.?\s?m\b\.?|([ap])(?![a-z])\.?)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_WORD_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_TOKEN = re.compile(r"[a-z]+|\d+|[:./+@&-]|\S")
_SEPARATORS = re.compile(r"[,;()]")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er)\b")
_ISH = re.compile(r"(?<=\d)\s?ish\b")
_ISO_T = re.compile(r"(?<=\d)t(?=\d)")
_END = re.compile(r"\s*[?!.,;]?\s*\Z")


def canonical_text(typed: str) -> str:
    """Return what was typed in the grammar's words, a blank after each word, number and mark.

    "Übermorgen, 15 Uhr" becomes "overmorrow 15 oclock ". Empty for a text that is too long.
    """
    if len(typed) > MAX_LENGTH:
        return ""
    text = _DASHES.sub("-", _APOSTROPHES.sub("", _fold(typed)))
    text = _ISO_T.sub(" ", text.replace("½", ".5"))
    text = _MERIDIEM.sub(lambda match: f" {match[1] or match[2]}m ", text)
    text = _ISH.sub("", _ORDINAL.sub(" nth", text))
    text = _SEPARATORS.sub(" ", _DECIMAL_COMMA.sub(".", _END.sub("", text)))
    tokens = _TOKEN.findall(_WORD_HYPHEN.sub(" ", text))
    return "".join(f"{word} " for word in _replace_words(tokens))


def _fold(typed: str) -> str:
    """Return a text without capitals and accents, its digits as on a Western keyboard."""
    folded = []
    for char in unicodedata.normalize("NFD", typed.casefold()):
        if not unicodedata.combining(char):
            digit = unicodedata.decimal(char, None)
            folded.append(char if digit is None else str(digit))
    return "".join(folded)


def _replace_words(tokens: list[str]) -> list[str]:
    """Return the stand-ins; the longest phrase wins, and an unknown word becomes a `?`."""
    words: list[str] = []
    start = 0
    while start < len(tokens):
        for size in range(LONGEST_PHRASE, 0, -1):
            stand_in = STAND_INS.get(tuple(tokens[start : start + size]))
            if stand_in and start + size <= len(tokens):
                words += stand_in
                start += size
                break
        else:
            token = tokens[start]
            words.append("?" if token.isalpha() else token)
            start += 1
    return words
