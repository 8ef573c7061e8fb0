"""What is said to the process that understands calendars, and what it says back: only times."""

import struct
from typing import Literal

from msgspec import Struct

from core.sources.ical.config import LocationMatchMode

REQUEST_HEADER = struct.Struct("!II")
"""The lengths of a job and of the feed that follows it."""

REPLY_LENGTH = struct.Struct("!I")
"""The length of an answer."""

SINGLE_ROOM = ""
"""The id of the room of a feed that is about one room only."""

EpochIntervals = list[int]
"""Bounds in seconds since 1970, start and end in turn: sorted, apart from each other."""


class RoomNames(Struct, frozen=True, array_like=True):
    """A room, and what events may call it; `location` where the campus file says so."""

    room_id: str
    building_code: str
    building_name: str
    room_name: str
    location: str | None = None


class ParseJob(Struct, frozen=True, array_like=True):
    """A feed to be understood between two moments, for a campus in `zone`.

    Without `places` the feed is that of one room, whose id is empty in what is told.
    """

    zone: str
    start: int
    end: int
    match_mode: LocationMatchMode = "exact"
    rooms: tuple[RoomNames, ...] = ()


class ParsedFeed(Struct, frozen=True, array_like=True):
    """What a feed tells, by room id.

    `doubts` are times at which a room may be taken. `named` are the rooms that any event
    named at any time; `homeless` events named none. A feed is `stale` if it has events and
    none of them within the last year, or to come.
    """

    bookings: dict[str, EpochIntervals]
    uncertain: dict[str, EpochIntervals]
    named_rooms: tuple[str, ...]
    event_count: int
    unmatched_count: int
    is_stale: bool


class ParseError(Struct, frozen=True, array_like=True):
    """Why a feed is not understood, as a kind of `SourceChangedError`."""

    kind: Literal["too large", "not understood"]
    detail: str
