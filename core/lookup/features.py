"""Which features of rooms a member means: "projector, white board"."""

import re

from core.errors import UnknownFeatureError
from core.lookup.names import match_names
from core.model.campus import Campus

_MAX_SUGGESTIONS = 3
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


def _matches(campus: Campus, typed: str) -> list[str]:
    singular = re.sub(r"(?<=\w{3})s\b", "", typed)
    for text in (typed, singular):
        if found := match_names(campus.features, text, lambda feature: (feature,)):
            return found
    return []


def _unknown(campus: Campus, typed: str, matches: list[str]) -> UnknownFeatureError:
    return UnknownFeatureError(
        typed, matches[:_MAX_SUGGESTIONS], has_features=bool(campus.features)
    )
