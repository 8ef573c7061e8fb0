"""The messages to and from the process that parses feeds; only times and rooms travel back."""

import struct
from typing import Literal

from msgspec import Struct

from core.sources.ical.config import LocationMatchMode

REQUEST_HEADER = struct.Struct("!II")
"""The lengths of a job and of the feed that follows it."""

REPLY_LENGTH = struct.Struct("!I")
"""The length of a reply."""

SINGLE_ROOM = ""
"""The id of the room of a feed that is about one room only."""

EpochIntervals = list[int]
"""Bounds in seconds since 1970, start and end in turn: sorted, apart from each other."""


class RoomNames(Struct, frozen=True, array_like=True):
    """A room and its names; `location` is its name in the feed where the campus file has one."""

    room_id: str
    building_code: str
    building_name: str
    room_name: str
    location: str | None = None


class ParseJob(Struct, frozen=True, array_like=True):
    """A feed to be parsed for the time between two moments, for a campus in `zone`.

    Without `rooms` the feed is that of one room, whose id is empty in the result.
    """

    zone: str
    start: int
    end: int
    match_mode: LocationMatchMode = "exact"
    rooms: tuple[RoomNames, ...] = ()


class FeedIssue(Struct, frozen=True, array_like=True):
    """Why rooms are in doubt from `start` to `end`: the event by its line and its date.

    Without `rooms` many rooms are in doubt, of which too many to list.
    """

    line: int
    event_date: str
    reason: str
    rooms: tuple[str, ...]
    start: int
    end: int


class ParsedFeed(Struct, frozen=True, array_like=True):
    """What a feed says, by room id.

    `uncertain` are times at which a room may be taken. `named_rooms` are the rooms that any
    event names at any time; `unmatched_count` events name none. A feed is stale if it has
    events and none of them within the last year, or to come. It knows nothing before `first`
    and after `last`, None where it does not say. `last_events` are the ends of the last event
    of each room, 0 for one without end; `transparent_rooms` are those whose events nearly all
    claim to take no time.
    """

    bookings: dict[str, EpochIntervals]
    uncertain: dict[str, EpochIntervals]
    named_rooms: tuple[str, ...]
    event_count: int
    unmatched_count: int
    is_stale: bool
    first: int | None = None
    last: int | None = None
    last_events: dict[str, int] = {}
    transparent_rooms: tuple[str, ...] = ()
    issues: tuple[FeedIssue, ...] = ()


class ParseError(Struct, frozen=True, array_like=True):
    """Why a feed is not understood, as a kind of `SourceFormatError`."""

    kind: Literal["too large", "not understood"]
    detail: str
