"""Which of the rooms that a provider lists are classrooms, and why the others are not."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.sources.discovery import DiscoveryError, ListedRoom

OTHER_CATEGORY = "of other categories"
NOT_USED = "marked not used"
NO_SEATS = "of capacity 0 or 1"
LISTED_TWICE = "listed twice"
NO_ID = "without a usable id or name"

_CLASSROOM = re.compile(r"\b(?:class ?rooms?|general assignment)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:non|not|no)\b", re.IGNORECASE)
_UNUSED = re.compile(r"\b(?:not (?:in )?used?|unused|inactive)\b", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected rooms, in the order of the list.

    `excluded` counts the other rooms by reason. `categories` are those that were selected;
    none where no category speaks of classrooms, or with `include_all`.
    """

    rooms: tuple[ListedRoom, ...]
    excluded: Mapping[str, int]
    categories: tuple[str, ...]
    include_all: bool


def select_classrooms(
    listed: Sequence[ListedRoom], *, categories: Sequence[str] = (), include_all: bool = False
) -> Selection:
    """Select the rooms of these `categories`, or of those that speak of classrooms.

    Any part of a category's name selects it. Where the list names no category that
    speaks of classrooms, rooms of every category are chosen.

    Raises:
        DiscoveryError: no room remains.
    """
    selected_categories = () if include_all else _matching_categories(listed, categories)
    excluded: Counter[str] = Counter()
    rooms: dict[str, ListedRoom] = {}
    for room in listed:
        reason = _invalid_reason(room, rooms)
        if reason is None and not include_all:
            reason = _excluded_reason(room, selected_categories)
        if reason:
            excluded[reason] += 1
        else:
            rooms[room.id] = room
    if not rooms:
        counts = ", ".join(f"{count} {reason}" for reason, count in excluded.items())
        raise DiscoveryError(f"no room remains of {len(listed)}: {counts}; --all keeps them")
    return Selection(tuple(rooms.values()), excluded, selected_categories, include_all)


def _matching_categories(listed: Sequence[ListedRoom], typed: Sequence[str]) -> tuple[str, ...]:
    available = sorted({category for room in listed for category in room.categories})
    if not typed:
        return tuple(
            each for each in available if _CLASSROOM.search(each) and not _NEGATION.search(each)
        )
    matches = {
        each: [one for one in available if each.casefold() in one.casefold()] for each in typed
    }
    for each, found in matches.items():
        if not found:
            raise DiscoveryError(
                f"no category is called {each!r}; there is {', '.join(available) or 'none'}"
            )
    return tuple(sorted({one for found in matches.values() for one in found}))


def _invalid_reason(room: ListedRoom, seen: Mapping[str, ListedRoom]) -> str | None:
    if room.id in seen:
        return LISTED_TWICE
    return None if _ID.fullmatch(room.id) and room.name else NO_ID


def _excluded_reason(room: ListedRoom, categories: Sequence[str]) -> str | None:
    if categories and not set(categories) & set(room.categories):
        return OTHER_CATEGORY
    if _UNUSED.search(f"{room.name} {room.formal_name}"):
        return NOT_USED
    return NO_SEATS if room.capacity in {0, 1} else None
