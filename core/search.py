"""Which building a member means, from what was typed so far."""

from difflib import get_close_matches

from core.errors import UnknownBuildingError
from core.model import Building, Campus

_NEAREST = 3


def find_building(campus: Campus, typed: str) -> Building:
    """Return the building of that code or name, in any case of letters.

    Raises:
        UnknownBuildingError: there is none; it names those that are nearest.
    """
    wanted = _plain(typed)
    for building in campus.buildings:
        if wanted in {_plain(building.code), _plain(building.name)}:
            return building
    nearest = matching_buildings(campus, typed)[:_NEAREST] if wanted else []
    raise UnknownBuildingError(typed, [(each.code, each.name) for each in nearest])


def matching_buildings(campus: Campus, typed: str) -> list[Building]:
    """Return the buildings that fit what was typed so far, best first; all for nothing.

    Every word must be in code or name; where that finds none, what is spelt alike is found.
    """
    words = _plain(typed).split()
    found = [each for each in campus.buildings if all(word in _text(each) for word in words)]
    found.sort(key=lambda each: not _plain(each.code).startswith("".join(words)))
    return found or _alike(campus, _plain(typed))


def _alike(campus: Campus, wanted: str) -> list[Building]:
    names: dict[str, Building] = {}
    for building in campus.buildings:
        for text in (building.code, building.name, *building.name.split()):
            names.setdefault(_plain(text), building)
    close = get_close_matches(wanted, list(names), n=2 * _NEAREST)
    return list(dict.fromkeys(names[each] for each in close))


def _text(building: Building) -> str:
    return _plain(f"{building.code} {building.name}")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
