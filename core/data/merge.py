"""Merges one reading of a campus with the snapshots that it replaces."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.model.bookings import RoomDay, Snapshot
from core.model.campus import Campus
from core.sources.base import ReadResult

MASS_DELETION = "suddenly empty"
"""The failure of rooms whose bookings vanished at once, together with those of most others."""

_MIN_ROOMS = 5


@dataclass(frozen=True, slots=True)
class MergedReading:
    """The snapshots to publish, and how the first day of the reading went.

    `mass_deletion_suspected`: bookings of some day vanished at once, and the old ones are kept.
    """

    snapshots: tuple[Snapshot, ...]
    rooms_read: int
    failures: Mapping[str, int]
    mass_deletion_suspected: bool


def merge_reading(
    campus: Campus,
    result: ReadResult,
    previous: Mapping[date, Snapshot],
    *,
    at: datetime,
    accept_mass_deletion: bool,
) -> MergedReading:
    """Join a reading with the snapshots it replaces.

    A room that failed keeps its data of that day with its own time; with none it is unknown.
    A day of which nothing arrived has no snapshot here: what is stored stays as it is.
    From the first day on whose bookings vanished all at once, the days to come are left as
    they are, too: they are most likely emptied as well.
    With `accept_mass_deletion` bookings that vanished at once are gone: it is the second
    reading in a row without them.
    """
    first = min(result.days.keys() | result.failures.keys())
    failed: Counter[str] = Counter(each.kind for each in result.failures.get(first, {}).values())
    snapshots, read, is_doubted = [], 0, False
    for day, rooms in sorted(result.days.items()):
        prior = previous[day].rooms if day in previous else {}
        doubted = set() if accept_mass_deletion else _emptied_rooms(prior, rooms)
        fresh = {id_: room for id_, room in rooms.items() if id_ not in doubted}
        is_doubted = bool(doubted)
        if day == first:
            read = len(fresh)
            failed.update({MASS_DELETION: len(doubted)} if doubted else {})
        if fresh and (day == first or not doubted):
            kept = {id_: prior[id_] for id_ in _missing(campus, fresh) if id_ in prior}
            snapshots.append(Snapshot(campus.id, day, at, kept | fresh))
        if doubted:
            break
    return MergedReading(tuple(snapshots), read, dict(failed), is_doubted)


def _missing(campus: Campus, fresh: Mapping[str, RoomDay]) -> list[str]:
    return [room.id for room in campus.rooms if room.id not in fresh]


def _emptied_rooms(prior: Mapping[str, RoomDay], fresh: Mapping[str, RoomDay]) -> set[str]:
    """Find the rooms whose bookings vanished, if those of most booked rooms did at once.

    A source that fails behind a polite answer looks just like that.
    """
    booked = [
        id_ for id_, room in prior.items() if id_ in fresh and (room.bookings or room.closures)
    ]
    emptied = {id_ for id_ in booked if not (fresh[id_].bookings or fresh[id_].closures)}
    doubtful = len(emptied) >= _MIN_ROOMS and len(emptied) * 2 > len(booked)
    return emptied if doubtful else set()
