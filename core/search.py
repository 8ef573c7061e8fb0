"""Which campus, building or feature a member means, from what was typed so far."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar

from core.errors import UnknownBuildingError, UnknownCampusError, UnknownFeatureError
from core.model import Building, Campus

_NEAREST = 3
_LONGEST_CHOICE = 100
"""Characters of a name that a completion can send; Discord takes no more."""

_BETWEEN_CODES = re.compile(r"[\s,+]+")

_Wanted = TypeVar("_Wanted", Campus, Building, str)


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
    codes = _BETWEEN_CODES.split(typed.strip())
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
        raise UnknownFeatureError(typed, nearest, are_known=bool(campus.features))
    return found


def matching_campuses(campuses: Sequence[Campus], typed: str) -> list[Campus]:
    """Return the campuses that fit what was typed so far, in the way of buildings."""
    return _matching(campuses, typed, _campus_names)


def matching_buildings(campus: Campus, typed: str) -> list[Building]:
    """Return the buildings that fit what was typed so far, best first; all for nothing.

    Every word must be in code or name; where that finds none, what is spelt alike is found.
    """
    return _matching(campus.buildings, typed, _building_names)


def matching_features(campus: Campus, typed: str) -> list[str]:
    """Return the features that fit what was typed so far, in the way of buildings."""
    return _matching(campus.features, typed, _feature_names)


def begun_buildings(campus: Campus, typed: str) -> tuple[tuple[Building, ...], str]:
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


_Names = Callable[[_Wanted], tuple[str, ...]]
"""The names under which something is looked for, the short one first."""


def _campus_names(campus: Campus) -> tuple[str, ...]:
    return campus.id, campus.name


def _building_names(building: Building) -> tuple[str, ...]:
    return building.code, building.name


def _feature_names(feature: str) -> tuple[str, ...]:
    return (feature[:_LONGEST_CHOICE],)


def _find(
    among: Sequence[_Wanted], typed: str, names: _Names[_Wanted]
) -> tuple[_Wanted | None, list[_Wanted]]:
    """Return what is called so, or else what is nearest."""
    wanted = _plain(typed)
    for each in among:
        if wanted in map(_plain, names(each)):
            return each, []
    return None, _matching(among, typed, names)[:_NEAREST] if wanted else []


def _matching(among: Sequence[_Wanted], typed: str, names: _Names[_Wanted]) -> list[_Wanted]:
    words = _plain(typed).split()
    if not words:
        return list(among)
    named = [(each, _plain_names(names(each))) for each in among]
    for word in words:
        named = [(each, text) for each, text in named if word in text]
    begins = "".join(words)
    named.sort(key=lambda pair: not pair[1].startswith(begins))
    return [each for each, _ in named] or _alike(among, _plain(typed), names)


def _alike(among: Sequence[_Wanted], wanted: str, names: _Names[_Wanted]) -> list[_Wanted]:
    called: dict[str, _Wanted] = {}
    for each in among:
        whole: tuple[str, ...] = names(each)
        for text in (*whole, *whole[-1].split()):
            called.setdefault(_plain(text), each)
    close = get_close_matches(wanted, list(called), n=2 * _NEAREST)
    return list(dict.fromkeys(called[each] for each in close))


@lru_cache(maxsize=8192)  # The names of a campus stay the same; what is typed is not kept.
def _plain_names(names: tuple[str, ...]) -> str:
    return _plain(" ".join(names))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
