"""A room's week: days across, hours down, free time filled and booked time empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Interval
from core.pictures import look
from core.pictures.axis import Axis
from core.pictures.frame import TOP, Data, Foot, foot, framed
from core.pictures.lettering import fitted, width_of
from core.pictures.sheet import Mark, Sheet

_HOUR = timedelta(hours=1)
_HOUR_HEIGHT = 40
"""So that also in half an hour there is space for a time."""

_HOUR_APART = 30
_HOURS_WIDE = 40
_HEAD = 40
_BELOW = 12
_LEAST = 8
"""Hours for which there is always space."""


@dataclass(frozen=True, slots=True)
class DayBars:
    """A day of the week; what is neither a gap nor closed nor unknown is booked."""

    name: str
    hours: Interval
    gaps: Sequence[Interval]
    closed: Sequence[Interval]
    unknown: Sequence[Interval]
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class WeekPicture:
    """All that the picture shows; `now` is None where it is not to be marked."""

    title: str
    week: str
    days: Sequence[DayBars]
    now: datetime | None
    zone: ZoneInfo
    data: Data


def draw_room_week(picture: WeekPicture) -> bytes:
    """Draw the week; returns a PNG."""
    longest = max(each.hours.duration for each in picture.days) / _HOUR
    an_hour = _HOUR_HEIGHT * max(1, _LEAST / longest)
    height = _HEAD + round(an_hour * longest) + _BELOW
    sheet = framed(height, picture.title, picture.week, _foot(picture))
    axes = [_axis(each.hours, an_hour) for each in picture.days]
    hours = [each.ticks(picture.zone, least=_HOUR_APART) for each in axes]
    # A day on which the clocks are changed has hours of its own, and so has the day after it.
    is_own = [number == 0 or each != hours[number - 1] for number, each in enumerate(hours)]
    space = look.WIDTH - 2 * look.MARGIN - _HOURS_WIDE * sum(is_own)
    left = look.MARGIN
    for number, day in enumerate(picture.days):
        if is_own[number]:
            _hours(sheet, left, hours[number])
            left += _HOURS_WIDE
        right = left + space // len(picture.days)
        _day(sheet, (left + 3, right - 3), axes[number], day, picture)
        left = right
    return sheet.png()


def _axis(hours: Interval, an_hour: float) -> Axis:
    """Return the axis of a day; an hour is as long on all of them."""
    top = TOP + _HEAD
    return Axis(hours, top, top + round(hours.duration / _HOUR * an_hour))


def _foot(picture: WeekPicture) -> Foot:
    marks = [Mark.FREE, Mark.BOOKED]
    if any(each.closed for each in picture.days):
        marks.append(Mark.CLOSED)
    if any(each.unknown for each in picture.days):
        marks.append(Mark.UNKNOWN)
    week = Interval(picture.days[0].hours.start, picture.days[-1].hours.end)
    today = [each.hours.start for each in picture.days if each.is_today]
    day = today[0].astimezone(picture.zone).date() if today else None
    return foot(picture.data, week, picture.zone, marks=marks, day=day)


def _hours(sheet: Sheet, left: int, hours: Sequence[tuple[int, str]]) -> None:
    for at, hour in hours:
        place = (left + _HOURS_WIDE - look.GAP, at + look.SMALL.rise)
        sheet.write(place, hour, look.SMALL, look.QUIET, align="right")
        sheet.fill((left + _HOURS_WIDE - 4, at, left + _HOURS_WIDE + 3, at + 1), look.LINE)


def _day(
    sheet: Sheet, column: tuple[int, int], axis: Axis, day: DayBars, picture: WeekPicture
) -> None:
    left, right = column
    _name(sheet, column, axis.first, day)
    sheet.mark((left, axis.first, right, axis.last), Mark.BOOKED)
    for parts, mark in ((day.closed, Mark.CLOSED), (day.unknown, Mark.UNKNOWN)):
        for each in parts:
            top, bottom = axis.outer(each)
            sheet.mark((left, top, right, bottom), mark)
    for each in day.gaps:
        top, bottom = axis.inner(each)
        sheet.mark((left, top, right, bottom), Mark.FREE)
    if picture.now and day.is_today and picture.now in day.hours:
        _now(sheet, column, axis.at(picture.now))
    for each in day.gaps:
        top, bottom = axis.inner(each)
        _times(sheet, (left, top, right, bottom), each, picture.zone)
    for each in day.unknown:
        top, bottom = axis.outer(each)
        sheet.label((left, top, right, bottom), "unknown", "?")


def _name(sheet: Sheet, column: tuple[int, int], first: int, day: DayBars) -> None:
    left, right = column
    if day.is_today:
        sheet.fill((left, first - 34, right, first - 4), look.NOW)
    face, ink = (look.STRONG, look.ON_NOW) if day.is_today else (look.SMALL, look.PLAIN)
    name = fitted(day.name, face, right - left)
    place = ((left + right) // 2, first - 19 + face.rise)
    sheet.write(place, name, face, ink, align="middle")


def _now(sheet: Sheet, column: tuple[int, int], at: int) -> None:
    left, right = column
    # On the ground, for those who do not tell its colour from that of free time.
    sheet.fill((left, at - 3, right, at + 4), look.GROUND)
    sheet.fill((left - 3, at - 1, right + 3, at + 2), look.NOW)


def _times(sheet: Sheet, box: tuple[int, int, int, int], gap: Interval, zone: ZoneInfo) -> None:
    """Write the times of a gap: from and to, or in less space just until when."""
    left, top, right, bottom = box
    start, end = (f"{each.astimezone(zone):%H:%M}" for each in (gap.start, gap.end))
    middle, line = (left + right) // 2, look.SMALL.size
    if bottom - top >= 2 * line + look.GAP:
        _time(sheet, (middle, top + line // 2 + 3), start)
        _time(sheet, (middle, bottom - line // 2 - 3), end)
    elif bottom - top >= line - 2 and width_of(f"–{end}", look.SMALL) <= right - left:
        _time(sheet, (middle, (top + bottom) // 2), f"–{end}")


def _time(sheet: Sheet, center: tuple[int, int], text: str) -> None:
    place = (center[0], center[1] + look.SMALL.rise)
    sheet.write(place, text, look.SMALL, look.ON_FREE, align="middle")
