"""How busy a day gets: today's hourly means as a line over the band of what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Interval
from core.pictures import look
from core.pictures.axis import Axis
from core.pictures.frame import TOP, Data, Foot, foot, framed
from core.pictures.lettering import width_of
from core.pictures.sheet import Mark, Sheet

_HEAD = 32
_FIRST = TOP + _HEAD
_HEIGHT = 300
_BELOW = 20
_HOUR = timedelta(hours=1)
_HOUR_APART = 40
_MOST_LINES = 5
_HALF = 3
"""Half of how thick the line is."""

_BAND = look.SHADES[4]


@dataclass(frozen=True, slots=True)
class HourFigures:
    """An hour's mean of free rooms, and the least, the mean and the most that is usual.

    `free` is None where it was not sampled; `is_unknown` says that it was, and no room known.
    """

    begins_at: datetime
    free: float | None
    usual: tuple[float, float, float] | None
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class TrendPicture:
    """All that the picture shows; `hours` are not empty, and the line ends at `now`."""

    title: str
    day: str
    hours: Sequence[HourFigures]
    now: datetime
    zone: ZoneInfo
    data: Data


@dataclass(frozen=True, slots=True)
class _Scale:
    """Numbers of rooms up the sheet, none at its foot, with a line every `step`."""

    step: int

    @property
    def top(self) -> int:
        return self.step * _MOST_LINES

    def at(self, rooms: float) -> int:
        return _FIRST + _HEIGHT - round(rooms / self.top * _HEIGHT)


def draw_trend(picture: TrendPicture) -> bytes:
    """Draw the day; returns a PNG."""
    hours = picture.hours
    sheet = framed(_HEAD + _HEIGHT + _BELOW, picture.title, picture.day, _foot(picture))
    scale = _Scale(_step(max(_figures(hours), default=0)))
    left = look.MARGIN + width_of(f"{scale.top:,}", look.SMALL) + 2 * look.GAP
    axis = Axis(_whole_day(hours), left, look.WIDTH - look.MARGIN)
    _rooms(sheet, axis, scale)
    for each in hours:
        _usual(sheet, axis, scale, each)
    for at, hour in axis.ticks(picture.zone, least=_HOUR_APART):
        sheet.write((at, _FIRST - 13), hour, look.SMALL, look.QUIET, align="middle")
    _unknown(sheet, axis, picture)
    _today(sheet, axis, scale, picture)
    return sheet.png()


def _foot(picture: TrendPicture) -> Foot:
    words = ["rooms free", "line: today", "band: last 4 weeks"]
    marks = [Mark.UNKNOWN] if any(each.is_unknown for each in picture.hours) else []
    day = picture.now.astimezone(picture.zone).date()
    hours = _whole_day(picture.hours)
    return foot(picture.data, hours, picture.zone, marks=marks, words=words, day=day)


def _figures(hours: Sequence[HourFigures]) -> list[float]:
    free = [each.free for each in hours if each.free is not None]
    return free + [each.usual[-1] for each in hours if each.usual]


def _step(most: float) -> int:
    """Return how many rooms lie between two lines, so that all fit: 1, 2, 5, 10 and so on."""
    unit = 1
    while True:
        for each in (unit, 2 * unit, 5 * unit):
            if each * _MOST_LINES >= most:
                return each
        unit *= 10


def _rooms(sheet: Sheet, axis: Axis, scale: _Scale) -> None:
    for number in range(0, scale.top + 1, scale.step):
        at = scale.at(number)
        sheet.fill((axis.first, at, axis.last, at + 1), look.LINE)
        place = (axis.first - look.GAP, at + look.SMALL.rise)
        sheet.write(place, f"{number:,}", look.SMALL, look.QUIET, align="right")


def _usual(sheet: Sheet, axis: Axis, scale: _Scale, hour: HourFigures) -> None:
    if hour.usual is None:
        return
    start, end = axis.inner(_whole(hour))
    least, mean, most = (scale.at(each) for each in hour.usual)
    sheet.fill((start, most - 1, end, least + 2), _BAND)
    sheet.fill((start, mean - 1, end, mean + 2), look.GROUND)


def _unknown(sheet: Sheet, axis: Axis, picture: TrendPicture) -> None:
    for hour in picture.hours:
        if hour.is_unknown:
            start, end = axis.inner(_whole(hour))
            box = (start, _FIRST, min(end, axis.at(picture.now)), _FIRST + _HEIGHT)
            sheet.mark(box, Mark.UNKNOWN)
            sheet.label(box, "unknown", "?")


def _today(sheet: Sheet, axis: Axis, scale: _Scale, picture: TrendPicture) -> None:
    """Draw the means as steps, each as long as its hour; joined where one follows the other."""
    boxes = []
    before: int | None = None
    for hour in picture.hours:
        at = scale.at(hour.free) if hour.free is not None else None
        if at is not None:
            start, end = axis.inner(_whole(hour))
            end = min(end, axis.at(picture.now))
            boxes.append((start, at - _HALF, end, at + _HALF))
            if before is not None:
                up, down = sorted((at, before))
                boxes.append((start - _HALF, up - _HALF, start + _HALF, down + _HALF))
        before = at
    for left, top, right, bottom in boxes:
        # On the ground, for those who do not tell its colour from that of the band.
        sheet.fill((left - 2, top - 2, right + 2, bottom + 2), look.GROUND)
    for box in boxes:
        sheet.fill(box, look.FREE)


def _whole(hour: HourFigures) -> Interval:
    return Interval(hour.begins_at, hour.begins_at + _HOUR)


def _whole_day(hours: Sequence[HourFigures]) -> Interval:
    return Interval(hours[0].begins_at, hours[-1].begins_at + _HOUR)
