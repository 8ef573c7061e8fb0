"""Which features of rooms a member means: "projector, white board"."""

import re

from core.errors import UnknownFeatureError
from core.lookup.names import match_names
from core.lookup.search import search_features
from core.model.campus import Campus

_MAX_SUGGESTIONS = 3
_MAX_CHOICE_LENGTH = 100
"""Characters of a name that a completion can send; Discord takes no more."""

_SEPARATORS = re.compile(r"\s*(?:[,;/+&]|\b(?:and|with|und|mit|et|avec|y|con)\b)\s*", re.IGNORECASE)


def find_features(campus: Campus, typed: str) -> tuple[str, ...]:
    """Return the features that a text names, as the campus writes them, each once.

    Raises:
        UnknownFeatureError: one of them is that of no room, or may be one of several; it names
            those that share a word with it.
    """
    whole = _matches(campus, typed)
    if len(whole) == 1:
        return (whole[0],)
    found: dict[str, None] = {}
    for part in filter(None, _SEPARATORS.split(typed.strip())):
        matches = _matches(campus, part)
        if len(matches) != 1:
            raise _unknown(campus, part, matches)
        found[matches[0]] = None
    if not found:
        raise _unknown(campus, typed, [])
    return tuple(found)


def complete_features(campus: Campus, typed: str) -> list[tuple[str, ...]]:
    """Return the features that a text may become, best first; behind others, with those.

    Each is read back as the same features.
    """
    *before, rest = re.split(r"\s*,\s*", typed)
    begun: tuple[str, ...] = ()
    if before:
        try:
            begun = find_features(campus, ", ".join(before))
        except UnknownFeatureError:
            rest = typed
    found = [(*begun, each) for each in search_features(campus, rest) if each not in begun]
    return [names for names in found if _is_read_as(campus, names)]


def _is_read_as(campus: Campus, names: tuple[str, ...]) -> bool:
    text = ", ".join(names)[:_MAX_CHOICE_LENGTH]
    try:
        return find_features(campus, text) == names
    except UnknownFeatureError:
        return False


def _matches(campus: Campus, typed: str) -> list[str]:
    singular = re.sub(r"(?<=\w{3})s\b", "", typed)
    for text in (typed, singular):
        if found := match_names(campus.features, text, _names):
            return found
    return []


def _names(feature: str) -> tuple[str, ...]:
    return (feature[:_MAX_CHOICE_LENGTH],)


def _unknown(campus: Campus, typed: str, matches: list[str]) -> UnknownFeatureError:
    return UnknownFeatureError(typed, matches[:_MAX_SUGGESTIONS], listed=campus.features)
