"""What is said to the process that understands calendars, and what it says back: only times."""

import struct
from typing import Literal

from msgspec import Struct

from core.model import MatchingWay

HEADER = struct.Struct("!II")
"""The lengths of a job and of the feed that follows it."""

LENGTH = struct.Struct("!I")
"""The length of an answer."""

ONE_ROOM = ""
"""The id of the room of a feed that is about one room only."""

Seconds = list[int]
"""Bounds in seconds since 1970, start and end in turn: sorted, apart from each other."""


class Place(Struct, frozen=True, array_like=True):
    """A room, and what events may call it; `location` where the campus file says so."""

    room_id: str
    code: str
    building: str
    name: str
    location: str | None = None


class Job(Struct, frozen=True, array_like=True):
    """A feed to be understood between two moments, for a campus in `zone`.

    Without `places` the feed is that of one room, whose id is empty in what is told.
    """

    zone: str
    start: int
    end: int
    match: MatchingWay = "exact"
    places: tuple[Place, ...] = ()


class Told(Struct, frozen=True, array_like=True):
    """What a feed tells, by room id.

    `doubts` are times at which a room may be taken. `named` are the rooms that any event
    named at any time; `homeless` events named none. A feed is `stale` if it has events and
    none of them within the last year, or to come.
    """

    bookings: dict[str, Seconds]
    doubts: dict[str, Seconds]
    named: tuple[str, ...]
    events: int
    homeless: int
    stale: bool


class Fault(Struct, frozen=True, array_like=True):
    """Why a feed is not understood, as a kind of `SourceChangedError`."""

    kind: Literal["too large", "not understood"]
    detail: str
