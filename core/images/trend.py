"""How busy a day gets: today's hourly means as a line over the band of what is usual."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.images import theme
from core.images.axis import Axis
from core.images.canvas import Canvas, Pattern
from core.images.layout import CONTENT_TOP, DataAgeSpan, Footer, build_footer, new_canvas
from core.images.text_rendering import text_width
from core.model.campus import ClockStyle
from core.model.interval import Interval

_HEADER_HEIGHT = 32
_CHART_TOP = CONTENT_TOP + _HEADER_HEIGHT
_CHART_HEIGHT = 300
_BOTTOM_SPACING = 20
_HOUR = timedelta(hours=1)
_MIN_HOUR_SPACING = 40
_MAX_STEPS = 6
_HALF_LINE_WIDTH = 3
"""Half of how thick the line is."""

_MIN_HALF_BAND = 4
"""Half of how thick a band is at least, so that equal weeks are seen."""

_BASELINE_COLOR = theme.SHADES[4]


@dataclass(frozen=True, slots=True)
class TrendImageHour:
    """An hour's mean of free rooms, and the least, the mean and the most that is usual.

    `free` is None where it was not sampled; `is_unknown` says that it was, and no room known.
    """

    starts_at: datetime
    free: float | None
    baseline: tuple[float, float, float] | None
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class TrendImageData:
    """All that the picture shows; `hours` are not empty, and the line ends at `now`.

    The scale ends at the number of `rooms`.
    """

    title: str
    day: str
    rooms: int
    hours: Sequence[TrendImageHour]
    now: datetime
    zone: ZoneInfo
    data_age: DataAgeSpan
    clock: ClockStyle = ClockStyle.HOURS_24


@dataclass(frozen=True, slots=True)
class _Scale:
    """Numbers of rooms up the sheet, none at its foot and all of them at its top."""

    top: int

    @property
    def ticks(self) -> list[int]:
        """The numbers that have a line: round ones, and the last."""
        step = _tick_step(self.top)
        # A round number just below the last would stand upon it.
        below = range(0, self.top - step // 2, step) if step > 1 else range(self.top)
        return [*below, self.top]

    def y_at(self, rooms: float) -> int:
        return _CHART_TOP + _CHART_HEIGHT - round(rooms / self.top * _CHART_HEIGHT)


def draw_trend(image: TrendImageData) -> bytes:
    """Draw the day; returns a PNG."""
    hours = image.hours
    sheet = new_canvas(
        _HEADER_HEIGHT + _CHART_HEIGHT + _BOTTOM_SPACING, image.title, image.day, _footer(image)
    )
    scale = _Scale(max(image.rooms, math.ceil(max(_values(hours), default=0)), 1))
    left = theme.MARGIN + text_width(f"{scale.top:,}", theme.SMALL_FONT) + 2 * theme.SPACING
    axis = Axis(_day_interval(hours), left, theme.WIDTH - theme.MARGIN)
    _draw_room_lines(sheet, axis, scale)
    for each in hours:
        _draw_baseline(sheet, axis, scale, each)
    for at, hour in axis.ticks(image.zone, min_spacing=_MIN_HOUR_SPACING, clock=image.clock):
        sheet.draw_text(
            (at, _CHART_TOP - 13), hour, theme.SMALL_FONT, theme.MUTED_TEXT, align="middle"
        )
    _draw_unknown(sheet, axis, image)
    _draw_today(sheet, axis, scale, image)
    return sheet.to_png()


def _footer(image: TrendImageData) -> Footer:
    words = ["rooms free", "line: today", "band: usual"]
    marks = [Pattern.UNKNOWN] if any(each.is_unknown for each in image.hours) else []
    day = image.now.astimezone(image.zone).date()
    hours = _day_interval(image.hours)
    return build_footer(
        image.data_age, hours, image.zone, patterns=marks, labels=words, day=day, clock=image.clock
    )


def _values(hours: Sequence[TrendImageHour]) -> list[float]:
    free = [each.free for each in hours if each.free is not None]
    return free + [each.baseline[-1] for each in hours if each.baseline]


def _tick_step(largest: float) -> int:
    """Return how many rooms lie between two lines, so that all fit: 1, 2, 5, 10 and so on."""
    unit = 1
    while True:
        for each in (unit, 2 * unit, 5 * unit):
            if each * _MAX_STEPS >= largest:
                return each
        unit *= 10


def _draw_room_lines(canvas: Canvas, axis: Axis, scale: _Scale) -> None:
    for number in scale.ticks:
        at = scale.y_at(number)
        canvas.fill_rect((axis.first, at, axis.last, at + 1), theme.GRID_LINE)
        place = (axis.first - theme.SPACING, at + theme.SMALL_FONT.baseline_shift)
        canvas.draw_text(place, f"{number:,}", theme.SMALL_FONT, theme.MUTED_TEXT, align="right")


def _draw_baseline(canvas: Canvas, axis: Axis, scale: _Scale, hour: TrendImageHour) -> None:
    if hour.baseline is None:
        return
    start, end = axis.pixels_within(_hour_interval(hour))
    least, mean, most = (scale.y_at(each) for each in hour.baseline)
    top, foot = min(most, mean - _MIN_HALF_BAND), max(least, mean + _MIN_HALF_BAND)
    canvas.fill_rect((start, top - 1, end, foot + 2), _BASELINE_COLOR)
    canvas.fill_rect((start, mean - 1, end, mean + 2), theme.BACKGROUND)


def _draw_unknown(canvas: Canvas, axis: Axis, image: TrendImageData) -> None:
    for hour in image.hours:
        if hour.is_unknown:
            start, end = axis.pixels_within(_hour_interval(hour))
            box = (
                start,
                _CHART_TOP,
                min(end, axis.pixel_at(image.now)),
                _CHART_TOP + _CHART_HEIGHT,
            )
            canvas.fill_pattern(box, Pattern.UNKNOWN)
            canvas.label(box, "unknown", "?")


def _draw_today(canvas: Canvas, axis: Axis, scale: _Scale, image: TrendImageData) -> None:
    """Draw the means as steps, each as long as its hour; joined where one follows the other."""
    boxes = []
    before: int | None = None
    for hour in image.hours:
        at = scale.y_at(hour.free) if hour.free is not None else None
        if at is not None:
            start, end = axis.pixels_within(_hour_interval(hour))
            end = min(end, axis.pixel_at(image.now))
            boxes.append((start, at - _HALF_LINE_WIDTH, end, at + _HALF_LINE_WIDTH))
            if before is not None:
                up, down = sorted((at, before))
                boxes.append(
                    (
                        start - _HALF_LINE_WIDTH,
                        up - _HALF_LINE_WIDTH,
                        start + _HALF_LINE_WIDTH,
                        down + _HALF_LINE_WIDTH,
                    )
                )
        before = at
    for left, top, right, bottom in boxes:
        # On the ground, for those who do not tell its colour from that of the band.
        canvas.fill_rect((left - 2, top - 2, right + 2, bottom + 2), theme.BACKGROUND)
    for box in boxes:
        canvas.fill_rect(box, theme.FREE)


def _hour_interval(hour: TrendImageHour) -> Interval:
    return Interval(hour.starts_at, hour.starts_at + _HOUR)


def _day_interval(hours: Sequence[TrendImageHour]) -> Interval:
    return Interval(hours[0].starts_at, hours[-1].starts_at + _HOUR)
