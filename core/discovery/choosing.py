"""Which of the rooms that a provider lists are classrooms, and why the others are not."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.discovery.listing import DiscoveryError, ListedRoom

OTHER_CATEGORY = "of other categories"
NOT_USED = "marked not used"
NO_SEATS = "of capacity 0 or 1"
LISTED_TWICE = "listed twice"
NO_ID = "without a usable id or name"

_CLASSROOM = re.compile(r"\b(?:class ?rooms?|general assignment)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:non|not|no)\b", re.IGNORECASE)
_UNUSED = re.compile(r"\b(?:not (?:in )?used?|unused|inactive)\b", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """The rooms that were chosen, in the order of the list.

    `left_out` counts the others by reason. `categories` are those that were chosen by; none
    where no category speaks of classrooms, or where `everything` was wanted.
    """

    rooms: tuple[ListedRoom, ...]
    left_out: Mapping[str, int]
    categories: tuple[str, ...]
    everything: bool


def choose(
    listed: Sequence[ListedRoom], *, wanted: Sequence[str] = (), everything: bool = False
) -> Choice:
    """Choose the rooms of the `wanted` categories, or those that are called classrooms.

    A wanted category is meant by any part of its name. Where the list names no category that
    speaks of classrooms, rooms of every category are chosen.

    Raises:
        DiscoveryError: no room remains.
    """
    categories = () if everything else _categories(listed, wanted)
    left_out: Counter[str] = Counter()
    rooms: dict[str, ListedRoom] = {}
    for room in listed:
        reason = _fault(room, rooms)
        if reason is None and not everything:
            reason = _reason(room, categories)
        if reason:
            left_out[reason] += 1
        else:
            rooms[room.id] = room
    if not rooms:
        counts = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise DiscoveryError(f"no room remains of {len(listed)}: {counts}; --all keeps them")
    return Choice(tuple(rooms.values()), left_out, categories, everything)


def _categories(listed: Sequence[ListedRoom], wanted: Sequence[str]) -> tuple[str, ...]:
    there = sorted({category for room in listed for category in room.categories})
    if not wanted:
        return tuple(each for each in there if _CLASSROOM.search(each) and not _NOT.search(each))
    meant = {each: [one for one in there if each.casefold() in one.casefold()] for each in wanted}
    for each, found in meant.items():
        if not found:
            raise DiscoveryError(
                f"no category is called {each!r}; there is {', '.join(there) or 'none'}"
            )
    return tuple(sorted({one for found in meant.values() for one in found}))


def _fault(room: ListedRoom, seen: Mapping[str, ListedRoom]) -> str | None:
    if room.id in seen:
        return LISTED_TWICE
    return None if _ID.fullmatch(room.id) and room.name else NO_ID


def _reason(room: ListedRoom, categories: Sequence[str]) -> str | None:
    if categories and not set(categories) & set(room.categories):
        return OTHER_CATEGORY
    if _UNUSED.search(f"{room.name} {room.formal_name}"):
        return NOT_USED
    return NO_SEATS if room.capacity in {0, 1} else None
