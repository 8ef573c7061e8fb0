"""Names as people write them: other spellings, typos, words left out, words in any order.

`match_names` is for answers: it returns only what shares every word with the text that was
typed. Completion, which may offer more, is in `core.lookup.search`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

_Item = TypeVar("_Item")

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s\x00-\x7f]+")
_MIN_PREFIX = 3
_MIN_LETTERS_FOR_TYPO = 5
_LETTERS_FOR_SECOND_TYPO = 9

_SPELLINGS = {
    "centre": "center",
    "ctr": "center",
    "theatre": "theater",
    "bldg": "building",
    "dept": "department",
    "univ": "university",
    "sciences": "science",
    "arts": "art",
    "labs": "lab",
    "saint": "st",
    "colour": "color",
}
"""Words that are written in two ways, each with the way that names are compared in."""

_FILLERS = frozenset(
    [
        "the",
        "of",
        "at",
        "in",
        "on",
        "and",
        "building",
        "hall",
        "house",
        "center",
        "block",
        "tower",
        "campus",
        "und",
        "der",
        "die",
        "das",
        "gebaude",
        "haus",
        "et",
        "la",
        "le",
        "les",
        "du",
        "de",
        "batiment",
        "y",
        "el",
        "los",
        "edificio",
    ]
)
"""Words of a name that may be left out, or be said where the name does not have them."""


def fold(text: str) -> str:
    """Return a text without capitals and accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def is_same_text(one: str, other: str) -> bool:
    """Tell whether two texts differ in capitals and blanks alone."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


@lru_cache(maxsize=8192)  # The names of a campus stay the same, and each is compared often.
def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared; letters and digits are apart."""
    folded = fold(text).replace("'", "").replace("’", "")
    return tuple(_SPELLINGS.get(word, word) for word in _WORD.findall(folded))


def match_names(
    items: Sequence[_Item], typed: str, names: Callable[[_Item], Sequence[str]]
) -> list[_Item]:
    """Return the items that a text names, by the strictest reading that finds any.

    The readings: a whole name; the words of one, in any order; the beginnings of its words,
    three letters or more; its words with a typo. Each word that was typed is in the name.
    """
    words = name_words(typed)
    if not words:
        return []
    named = [(each, [name_words(name) for name in names(each)]) for each in items]
    joined = "".join(words)
    whole = [each for each, parts in named if any("".join(part) == joined for part in parts)]
    if whole:
        return whole
    telling = [word for word in words if word not in _FILLERS] or list(words)
    for is_alike in (_is_same, _is_beginning, _is_typo):
        found = [
            each
            for each, parts in named
            if all(
                any(is_alike(word, other) for part in parts for other in part) for word in telling
            )
        ]
        if found:
            return found
    return []


def _is_same(typed: str, word: str) -> bool:
    return typed == word


def _is_beginning(typed: str, word: str) -> bool:
    return typed == word or (len(typed) >= _MIN_PREFIX and word.startswith(typed))


def _is_typo(typed: str, word: str) -> bool:
    """Tell whether a word is another one misspelt; short words and numbers never are."""
    if _is_beginning(typed, word):
        return True
    shorter = min(len(typed), len(word))
    if shorter < _MIN_LETTERS_FOR_TYPO or not typed.isalpha():
        return is_slip(typed, word)
    return edit_distance(typed, word) <= (1 if shorter < _LETTERS_FOR_SECOND_TYPO else 2)


def is_slip(typed: str, word: str) -> bool:
    """Tell whether a short word has two letters swapped or one doubled; "CGS" for "CAS" is none."""
    if len(word) < _MIN_PREFIX or not (typed.isalpha() and word.isalpha()):
        return False
    if len(typed) == len(word):
        return sorted(typed) == sorted(word) and edit_distance(typed, word) == 1
    return len(typed) == len(word) + 1 and re.sub(r"(.)\1", r"\1", typed) == word


def edit_distance(one: str, other: str) -> int:
    """Return how many letters to add, drop, change or swap with the next make one the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, previous, row = row, before, [at]
        for to, wanted in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            is_swap = at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted
            row.append(min(cost, previous[to - 2] + 1) if is_swap else cost)
    return row[-1]
