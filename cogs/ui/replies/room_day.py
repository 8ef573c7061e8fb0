"""How a room's day is written: when it is free, closed and unknown."""

from collections.abc import Sequence
from datetime import datetime

from cogs.ui.formatting import escape_name, timestamp_time
from core.model.campus import Room, RoomAccess
from core.model.interval import Interval

LOCKED_NOTE = "nothing booked all day: the door may be locked"

_ACCESS = {
    RoomAccess.OPEN: "",
    RoomAccess.CARD: "needs a card",
    RoomAccess.KEY: "needs a key",
    RoomAccess.DEPARTMENT: "department only",
}


def access_text(room: Room) -> str:
    """Return what it takes to get into a room, empty where it takes nothing."""
    return _ACCESS[room.access]


def closed_text(reason: str) -> str:
    """Return `closed (Spring recess)`, or `closed` where no reason is known."""
    return f"closed ({escape_name(reason)})" if reason else "closed"


def gap_span(gap: Interval, now: datetime) -> str:
    """Show a gap from its start to its end, bold while it holds."""
    text = span_text(gap)
    return f"**{text}**" if now in gap else text


def span_text(interval: Interval) -> str:
    """Show an interval from its start to its end."""
    return f"{timestamp_time(interval.start)}–{timestamp_time(interval.end)}"


def unknown_span(part: Interval, hours: Interval) -> str:
    """Show which part of the opening hours is unknown."""
    return f"unknown {_position(part, hours)}"


def closed_span(part: Interval, hours: Interval) -> str:
    """Show which part of the opening hours a room is closed."""
    return f"closed {_position(part, hours)}"


def _position(part: Interval, hours: Interval) -> str:
    if part.start <= hours.start:
        return f"before {timestamp_time(part.end)}"
    if part.end >= hours.end:
        return f"from {timestamp_time(part.start)}"
    return f"from {timestamp_time(part.start)} to {timestamp_time(part.end)}"


def without_gap(booked: Sequence[Interval], unknown: Sequence[Interval]) -> str:
    """Return what a day without a free time is: booked, as far as it is known."""
    if not booked:
        return ""
    return "no free time" if unknown else "booked all day"
