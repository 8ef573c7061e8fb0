"""Which campus, building or feature a member means, from what was typed so far."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

from core.errors import UnknownBuildingError, UnknownCampusError, UnknownFeatureError
from core.model.campus import Building, Campus

_MAX_SUGGESTIONS = 3
_MAX_CHOICE_LENGTH = 100
"""Characters of a name that a completion can send; Discord takes no more."""

_CODE_SEPARATORS = re.compile(r"[\s,+]+")

_Item = TypeVar("_Item", Campus, Building, str)


def find_campus(campuses: Sequence[Campus], typed: str) -> Campus:
    """Return the campus of that id or name, in any case of letters.

    Raises:
        UnknownCampusError: there is none; it names those that are nearest.
    """
    found, nearest = _find(campuses, typed, _campus_names)
    if found is None:
        raise UnknownCampusError(typed, [each.name for each in nearest])
    return found


def find_building(campus: Campus, typed: str) -> Building:
    """Return the building of that code or name, in any case of letters.

    Raises:
        UnknownBuildingError: there is none; it names those that are nearest.
    """
    found, nearest = _find(campus.buildings, typed, _building_names)
    if found is None:
        raise UnknownBuildingError(typed, [(each.code, each.name) for each in nearest])
    return found


def find_buildings(campus: Campus, typed: str) -> tuple[Building, ...]:
    """Return the building of that name, or the buildings of those codes, each once, in order.

    Raises:
        UnknownBuildingError: there is none, or one of several is none.
    """
    codes = _CODE_SEPARATORS.split(typed.strip())
    are_any = any(_find(campus.buildings, each, _building_names)[0] for each in codes)
    if not are_any or _find(campus.buildings, typed, _building_names)[0]:
        return (find_building(campus, typed),)
    found = {find_building(campus, each) for each in codes}
    return tuple(each for each in campus.buildings if each in found)


def find_feature(campus: Campus, typed: str) -> str:
    """Return the feature of that name as the campus writes it, in any case of letters.

    Raises:
        UnknownFeatureError: no room has it; it names those that are nearest.
    """
    found, nearest = _find(campus.features, typed, _feature_names)
    if found is None:
        raise UnknownFeatureError(typed, nearest, listed=campus.features)
    return found


def search_campuses(campuses: Sequence[Campus], typed: str) -> list[Campus]:
    """Return the campuses that fit what was typed so far, in the way of buildings."""
    return _search(campuses, typed, _campus_names)


def search_buildings(campus: Campus, typed: str) -> list[Building]:
    """Return the buildings that fit what was typed so far, best first; all for nothing.

    Every word must be in code or name; where that finds none, what is spelt alike is found.
    """
    return _search(campus.buildings, typed, _building_names)


def search_features(campus: Campus, typed: str) -> list[str]:
    """Return the features that fit what was typed so far, in the way of buildings."""
    return _search(campus.features, typed, _feature_names)


def split_typed_buildings(campus: Campus, typed: str) -> tuple[tuple[Building, ...], str]:
    """Return the buildings whose codes are typed, and what is typed of the next one's.

    None where what is before the last word is no list of codes but a part of a name.
    """
    match = re.fullmatch(r"(.*?)[\s,+]+(\S*)", typed.lstrip(), re.DOTALL)
    if match is None:
        return (), typed
    try:
        return find_buildings(campus, match[1]), match[2]
    except UnknownBuildingError:
        return (), typed


_NamesOf = Callable[[_Item], tuple[str, ...]]
"""The names under which something is looked for, the short one first."""


def _campus_names(campus: Campus) -> tuple[str, ...]:
    return campus.id, campus.name


def _building_names(building: Building) -> tuple[str, ...]:
    return building.code, building.name


def _feature_names(feature: str) -> tuple[str, ...]:
    return (feature[:_MAX_CHOICE_LENGTH],)


def _find(
    items: Sequence[_Item], typed: str, names: _NamesOf[_Item]
) -> tuple[_Item | None, list[_Item]]:
    """Return what is called so, or else what is nearest."""
    wanted = _normalize(typed)
    for each in items:
        if wanted in map(_normalize, names(each)):
            return each, []
    return None, _search(items, typed, names)[:_MAX_SUGGESTIONS] if wanted else []


def _search(items: Sequence[_Item], typed: str, names: _NamesOf[_Item]) -> list[_Item]:
    words = _normalize(typed).split()
    if not words:
        return list(items)
    named = [(each, _normalized_names(names(each))) for each in items]
    for word in words:
        named = [(each, text) for each, text in named if word in text]
    begins = "".join(words)
    named.sort(key=lambda pair: not pair[1].startswith(begins))
    return [each for each, _ in named] or _fuzzy(items, _normalize(typed), names)


def _fuzzy(items: Sequence[_Item], wanted: str, names: _NamesOf[_Item]) -> list[_Item]:
    called: dict[str, _Item] = {}
    for each in items:
        whole: tuple[str, ...] = names(each)
        for text in (*whole, *whole[-1].split()):
            called.setdefault(_normalize(text), each)
    close = get_close_matches(wanted, list(called), n=2 * _MAX_SUGGESTIONS)
    return list(dict.fromkeys(called[each] for each in close))


@lru_cache(maxsize=8192)  # The names of a campus stay the same; what is typed is not kept.
def _normalized_names(names: tuple[str, ...]) -> str:
    return _normalize(" ".join(names))


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())
