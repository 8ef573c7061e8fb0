"""Which buildings or which room a member means, by any usual name."""

import re
from collections.abc import Sequence

from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    UnknownBuildingError,
    UnknownRoomError,
)
from core.lookup.names import fold, match_names, name_words
from core.lookup.rooms import exact_rooms, is_room_id, room_by_id, search_rooms
from core.lookup.search import search_buildings
from core.model.campus import Building, Campus, Room

MAX_CANDIDATES = 3
"""So many buildings or rooms are offered as buttons."""

_WHOLE_CAMPUS = frozenset(
    [
        "all",
        "any",
        "whole",
        "entire",
        "anywhere",
        "anything",
        "everywhere",
        "every",
        "everything",
        "whatever",
        "campus",
        "alle",
        "alles",
        "egal",
        "uberall",
        "irgendwo",
        "tous",
        "tout",
        "partout",
        "todos",
        "todo",
        "cualquiera",
    ]
)
_SEPARATORS = re.compile(r"\s*(?:[,;/+&]|\b(?:and|or|und|oder|et|ou|y|o)\b)\s*", re.IGNORECASE)
_ROOM_WORDS = frozenset(
    [
        "room",
        "rooms",
        "rm",
        "raum",
        "zimmer",
        "salle",
        "aula",
        "sala",
        "salon",
        "classroom",
        "no",
        "nr",
    ]
)
_WORDS_OF_ALL = frozenset(["buildings", "building", "the", "of", "on", "rooms", "room"])


def find_places(campus: Campus, typed: str) -> tuple[Building, ...] | Room:
    """Return the buildings that a text names, none for the whole campus; or the one room.

    Raises:
        UnknownBuildingError: it names none, or one of several names is none.
        AmbiguousBuildingError: a name is that of several.
        AmbiguousRoomError: it is the number of several rooms.
    """
    if _is_whole_campus(typed):
        return ()
    found = match_names(campus.buildings, typed, _building_names)
    if len(found) == 1:
        return (found[0],)
    several = _buildings_by_parts(campus, typed)
    if several:
        return several
    if room := _room_or_none(campus, typed):
        return room
    raise _no_building(campus, typed, found)


def find_named_building(campus: Campus, typed: str) -> Building:
    """Return the one building that a text names.

    Raises:
        UnknownBuildingError: it names none.
        AmbiguousBuildingError: it names several.
    """
    found = match_names(campus.buildings, typed, _building_names)
    if len(found) == 1:
        return found[0]
    raise _no_building(campus, typed, found)


def find_building_or_campus(campus: Campus, typed: str) -> Building | None:
    """Return the one building that a text names, None for the whole campus.

    Raises:
        UnknownBuildingError: it names none.
        AmbiguousBuildingError: it names several.
    """
    return None if _is_whole_campus(typed) else find_named_building(campus, typed)


def find_building_or_room(campus: Campus, typed: str) -> Building | Room:
    """Return the one building that a text names, or else the one room.

    Raises:
        UnknownBuildingError: it names neither.
        AmbiguousBuildingError: it names several buildings, or each of them: "CRN and GRV".
        AmbiguousRoomError: it names several rooms.
    """
    found = find_places(campus, typed)
    if isinstance(found, Room):
        return found
    if len(found) == 1:
        return found[0]
    if not found:
        raise _no_building(campus, typed, ())
    pairs = [(each.code, each.name) for each in found[:MAX_CANDIDATES]]
    raise AmbiguousBuildingError(typed, pairs)


def find_room_or_building(campus: Campus, typed: str) -> Room | Building:
    """Return the room that a text names, or the building where it names no room of it.

    Raises:
        UnknownRoomError: it names none.
        UnknownBuildingError: it names a room of a building that is not on this campus.
        AmbiguousRoomError: it names several.
    """
    if is_room_id(typed):
        return room_by_id(campus, typed.removeprefix("id:"))[1]
    found = _rooms(campus, typed)
    buildings = match_names(campus.buildings, typed, _building_names)
    if len(buildings) == 1 and not any(_is_named(room, typed) for room in found):
        return buildings[0]
    if len(found) == 1:
        return found[0]
    if found:
        raise _several_rooms(typed, found)
    if unknown := _unknown_building_of(campus, typed):
        raise _no_building(campus, unknown, ())
    example = next((each.label for each in campus.rooms), "")
    raise UnknownRoomError(typed, _nearest_labels(campus, typed), example=example)


def _building_names(building: Building) -> tuple[str, ...]:
    return building.code, building.name


def _is_whole_campus(typed: str) -> bool:
    words = fold(typed).split()
    has_word = bool(_WHOLE_CAMPUS.intersection(words))
    return has_word and (_WHOLE_CAMPUS | _WORDS_OF_ALL).issuperset(words)


def _buildings_by_parts(campus: Campus, typed: str) -> tuple[Building, ...]:
    """Return the buildings of "CRN and GRV" or "crn grv" in the campus's order.

    Raises:
        UnknownBuildingError: some parts are buildings, and one is none.
    """
    for parts in (_SEPARATORS.split(typed.strip()), re.split(r"[\s,;/+&]+", typed.strip())):
        named = [part for part in parts if part]
        matches = [match_names(campus.buildings, part, _building_names) for part in named]
        are_buildings = [len(found) == 1 for found in matches]
        if len(named) > 1 and all(are_buildings):
            chosen = {found[0].code for found in matches}
            return tuple(each for each in campus.buildings if each.code in chosen)
        if len(named) > 1 and any(are_buildings) and not any(map(_has_digit, named)):
            wrong = are_buildings.index(False)
            raise _no_building(campus, named[wrong], matches[wrong])
    return ()


def _has_digit(text: str) -> bool:
    return any(char.isdecimal() for char in text)


def _no_building(
    campus: Campus, typed: str, found: Sequence[Building]
) -> UnknownBuildingError | AmbiguousBuildingError:
    if len(found) > 1:
        pairs = [(each.code, each.name) for each in found[:MAX_CANDIDATES]]
        return AmbiguousBuildingError(typed, pairs)
    nearest = [each for each in search_buildings(campus, typed) if _shares_word(each, typed)]
    pairs = [(each.code, each.name) for each in nearest[:MAX_CANDIDATES]]
    example = next((each.code for each in campus.buildings), "")
    return UnknownBuildingError(typed, pairs, example=example)


def _shares_word(building: Building, typed: str) -> bool:
    words = {word for name in _building_names(building) for word in name_words(name)}
    if len(typed.strip()) > 1 and fold(building.code).startswith(fold(typed.strip())):
        return True
    return any(
        word in words or match_names([building], word, _building_names)
        for word in name_words(typed)
    )


def _room_or_none(campus: Campus, typed: str) -> Room | None:
    found = _rooms(campus, typed) if _has_digit(typed) else []
    if len(found) > 1:
        raise _several_rooms(typed, found)
    return found[0] if found else None


def _several_rooms(typed: str, found: Sequence[Room]) -> AmbiguousRoomError:
    return AmbiguousRoomError(typed, [(each.id, each.label) for each in found[:MAX_CANDIDATES]])


def _is_named(room: Room, typed: str) -> bool:
    return name_words(typed) in {name_words(room.name), name_words(room.label)}


def _rooms(campus: Campus, typed: str) -> list[Room]:
    """Return the rooms that a text names: by label, by building and number, or by number."""
    if found := exact_rooms(campus, typed):
        return found
    tokens = [token for token in typed.split() if fold(token).strip(".#") not in _ROOM_WORDS]
    if not tokens:
        return []
    without = " ".join(tokens).replace("#", " ")
    if without != typed and (found := exact_rooms(campus, without)):
        return found
    return _rooms_of_named_building(campus, re.split(r"[\s,]+", without.strip()))


def _rooms_of_named_building(campus: Campus, tokens: Sequence[str]) -> list[Room]:
    """Return the rooms whose building is named before or after their own name."""
    for split in range(len(tokens) - 1, 0, -1):
        for named, numbered in (
            (tokens[:split], tokens[split:]),
            (tokens[len(tokens) - split :], tokens[: len(tokens) - split]),
        ):
            buildings = match_names(campus.buildings, " ".join(named), _building_names)
            wanted = "".join(name_words(" ".join(numbered)))
            found = [
                room
                for building in buildings
                for room in building.rooms
                if "".join(name_words(room.name)) == wanted
            ]
            if found:
                return found
    return []


def _unknown_building_of(campus: Campus, typed: str) -> str:
    """Return the code before a room's number that no building of the campus has: "CAS 131"."""
    match = re.fullmatch(r"\s*([^\W\d_]{2,})[\s-]+\w*\d\w*\s*", typed)
    if match is None or fold(match[1]) in _ROOM_WORDS:
        return ""
    found = match_names(campus.buildings, match[1], _building_names)
    begun = any(fold(each.code).startswith(fold(match[1])) for each in campus.buildings)
    return "" if found or begun else match[1]


def _nearest_labels(campus: Campus, typed: str) -> list[str]:
    """Return rooms that begin like the text; none where its building is not on this campus."""
    words = [word for word in name_words(typed) if word not in _ROOM_WORDS]
    if not words:
        return []
    in_building = [
        room
        for room in search_rooms(campus, typed)
        if all(_is_near(word, room, campus) for word in words)
    ]
    return [room.label for room in in_building[:MAX_CANDIDATES]]


def _is_near(word: str, room: Room, campus: Campus) -> bool:
    building = campus.building(room.building)
    names = [*name_words(room.label), *(name_words(building.name) if building else ())]
    return any(each.startswith(word) for each in names) or bool(
        building and match_names([building], word, _building_names)
    )
