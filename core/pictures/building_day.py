"""A building's day: rooms down, hours across, free time filled and booked time empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from core.model import Interval
from core.pictures import look
from core.pictures.axis import Axis
from core.pictures.frame import TOP, Data, Foot, foot, framed
from core.pictures.lettering import fitted, width_of
from core.pictures.sheet import MOST_COMPRESSION, Mark, Sheet

_WIDEST_NAME = 160
_HOUR_APART = 40
_HEAD = 44
"""How high the hours above a band are."""

_TIMES, _FEW_TIMES = 6, 2
"""Gaps of a room whose end is written into them: the longest, where they have space."""

_MOST_BYTES_A_ROOM = 1_500
_FEW_ROOMS = 40

_BAND = 20
"""Rooms between one line of hours and the next: nobody has to scroll to see them."""


@dataclass(frozen=True, slots=True)
class RoomBars:
    """A room's day; what is neither a gap nor closed nor unknown is booked."""

    name: str
    gaps: Sequence[Interval]
    closed: Sequence[Interval]
    unknown: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class BuildingPicture:
    """All that the picture shows; `now` is None where it is not to be marked."""

    title: str
    day: str
    hours: Interval
    rooms: Sequence[RoomBars]
    now: datetime | None
    zone: ZoneInfo
    data: Data


def draw_building_day(picture: BuildingPicture) -> bytes:
    """Draw the day; returns a PNG.

    Not larger than 60 KB for 40 rooms: of days that are cut up beyond all measure, fewer gaps
    have their time written into them. The others are read off the hours above.
    """
    most_bytes = _MOST_BYTES_A_ROOM * max(len(picture.rooms), _FEW_ROOMS)
    drawn = _draw(picture, _TIMES).png()
    if len(drawn) > most_bytes:
        drawn = _draw(picture, _FEW_TIMES).png()
    if len(drawn) > most_bytes:
        drawn = _draw(picture, 0).png(compression=MOST_COMPRESSION)
    return drawn


def _draw(picture: BuildingPicture, times: int) -> Sheet:
    rooms = picture.rooms
    bands = [rooms[first : first + _BAND] for first in range(0, len(rooms), _BAND)]
    height = _HEAD * len(bands) + look.ROW * len(rooms)
    sheet = framed(height, picture.title, picture.day, _foot(picture))
    names = min(max((width_of(each.name, look.BODY) for each in rooms), default=0), _WIDEST_NAME)
    left = look.MARGIN + names + 2 * look.GAP
    axis = Axis(picture.hours, left, look.WIDTH - look.MARGIN)
    top = TOP
    for band in bands:
        bottom = _band(sheet, axis, top, band, picture)
        for number, room in enumerate(band):
            _letters(sheet, axis, top + _HEAD + look.ROW * number, room, picture.zone, times)
        top = bottom
    return sheet


def _foot(picture: BuildingPicture) -> Foot:
    marks = [Mark.FREE, Mark.BOOKED]
    if any(each.closed for each in picture.rooms):
        marks.append(Mark.CLOSED)
    if any(each.unknown for each in picture.rooms):
        marks.append(Mark.UNKNOWN)
    day = picture.hours.start.astimezone(picture.zone).date()
    return foot(picture.data, picture.hours, picture.zone, marks=marks, day=day)


def _band(
    sheet: Sheet, axis: Axis, top: int, rooms: Sequence[RoomBars], picture: BuildingPicture
) -> int:
    """Draw some rooms below a line of hours; returns where they end."""
    first = top + _HEAD
    bottom = first + look.ROW * len(rooms)
    now = axis.at(picture.now) if picture.now and picture.now in picture.hours else None
    _hours(sheet, axis, (first, bottom), picture.zone, now)
    for number, room in enumerate(rooms):
        _bars(sheet, axis, first + look.ROW * number, room)
    if now is not None:
        _now(sheet, now, (first, bottom))
    return bottom


def _hours(
    sheet: Sheet, axis: Axis, rows: tuple[int, int], zone: ZoneInfo, now: int | None
) -> None:
    first, bottom = rows
    hidden = range(*_plate(now)) if now is not None else ()
    for at, hour in axis.ticks(zone, least=_HOUR_APART):
        half = width_of(hour, look.SMALL) // 2 + 2
        sheet.fill((at, first - look.GAP, at + 1, bottom), look.LINE)
        if at - half not in hidden and at + half not in hidden:
            sheet.write((at, first - 13), hour, look.SMALL, look.QUIET, align="middle")


def _plate(now: int) -> tuple[int, int]:
    """Return where the word for now begins and ends."""
    half = width_of("now", look.STRONG) // 2 + look.GAP
    middle = min(now, look.WIDTH - look.MARGIN - half)
    return middle - half, middle + half


def _now(sheet: Sheet, at: int, rows: tuple[int, int]) -> None:
    first, bottom = rows
    # On the ground, for those who do not tell its colour from that of free time.
    sheet.fill((at - 3, first, at + 4, bottom), look.GROUND)
    sheet.fill((at - 1, first - look.GAP, at + 2, bottom), look.NOW)
    left, right = _plate(at)
    sheet.fill((left, first - 34, right, first - look.GAP), look.NOW)
    place = ((left + right) // 2, first - 21 + look.STRONG.rise)
    sheet.write(place, "now", look.STRONG, look.ON_NOW, align="middle")


def _bars(sheet: Sheet, axis: Axis, top: int, room: RoomBars) -> None:
    above, below = _bar(top)
    sheet.mark((axis.first, above, axis.last, below), Mark.BOOKED)
    for parts, mark in ((room.closed, Mark.CLOSED), (room.unknown, Mark.UNKNOWN)):
        for each in parts:
            start, end = axis.outer(each)
            sheet.mark((start, above, end, below), mark)
    for each in room.gaps:
        start, end = axis.inner(each)
        sheet.mark((start, above, end, below), Mark.FREE)


def _letters(
    sheet: Sheet, axis: Axis, top: int, room: RoomBars, zone: ZoneInfo, times: int
) -> None:
    middle = top + look.ROW // 2
    name = fitted(room.name, look.BODY, axis.first - look.MARGIN - 2 * look.GAP)
    sheet.write((look.MARGIN, middle + look.BODY.rise), name, look.BODY, look.PLAIN)
    base = middle + look.SMALL.rise
    for each in _longest(room.gaps, times):
        start, end = axis.inner(each)
        until = f"{each.end.astimezone(zone):%H:%M}"
        if width_of(until, look.SMALL) + 2 * look.GAP <= end - start:
            sheet.write((end - look.GAP, base), until, look.SMALL, look.ON_FREE, align="right")
    above, below = _bar(top)
    for each in _longest(room.unknown, 1):
        start, end = axis.outer(each)
        sheet.label((start, above, end, below), "unknown", "?")


def _longest(parts: Sequence[Interval], number: int) -> Sequence[Interval]:
    """Return so many of them."""
    if len(parts) <= number:
        return parts
    return sorted(parts, key=attrgetter("duration"), reverse=True)[:number]


def _bar(top: int) -> tuple[int, int]:
    """Return where the bar of a row begins and ends."""
    above = top + (look.ROW - look.BAR) // 2
    return above, above + look.BAR
