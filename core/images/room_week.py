"""A room's week: days across, hours down, free time filled and booked time empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.clock_text import clock_text
from core.images import theme
from core.images.axis import Axis
from core.images.canvas import Canvas, Pattern
from core.images.layout import CONTENT_TOP, DataAgeSpan, Footer, build_footer, new_canvas
from core.images.text_rendering import text_width, truncate_to_width
from core.model.campus import ClockStyle
from core.model.interval import Interval

_HOUR = timedelta(hours=1)
_HOUR_HEIGHT = 40
"""So that also in half an hour there is space for a time."""

_MIN_HOUR_SPACING = 30
_HOUR_COLUMN_WIDTHS = {ClockStyle.HOURS_24: 40, ClockStyle.HOURS_12: 64}
_HEADER_HEIGHT = 40
_BOTTOM_SPACING = 12
_MIN_HOURS = 8
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
class WeekImageData:
    """All that the picture shows; `now` is None where it is not to be marked."""

    title: str
    week: str
    days: Sequence[DayBars]
    now: datetime | None
    zone: ZoneInfo
    data_age: DataAgeSpan
    clock: ClockStyle = ClockStyle.HOURS_24


def draw_room_week(image: WeekImageData) -> bytes:
    """Draw the week; returns a PNG."""
    longest = max(each.hours.duration for each in image.days) / _HOUR
    an_hour = _HOUR_HEIGHT * max(1, _MIN_HOURS / longest)
    height = _HEADER_HEIGHT + round(an_hour * longest) + _BOTTOM_SPACING
    sheet = new_canvas(height, image.title, image.week, _footer(image))
    axes = [_axis(each.hours, an_hour) for each in image.days]
    hours = [
        each.ticks(image.zone, min_spacing=_MIN_HOUR_SPACING, clock=image.clock) for each in axes
    ]
    # A day on which the clocks are changed has hours of its own, and so has the day after it.
    is_own = [number == 0 or each != hours[number - 1] for number, each in enumerate(hours)]
    column = _HOUR_COLUMN_WIDTHS[image.clock]
    space = theme.WIDTH - 2 * theme.MARGIN - column * sum(is_own)
    left = theme.MARGIN
    for number, day in enumerate(image.days):
        if is_own[number]:
            left += column
            _draw_hours(sheet, left, hours[number])
        right = left + space // len(image.days)
        _draw_day(sheet, (left + 3, right - 3), axes[number], day, image)
        left = right
    return sheet.to_png()


def _axis(hours: Interval, an_hour: float) -> Axis:
    """Return the axis of a day; an hour is as long on all of them."""
    top = CONTENT_TOP + _HEADER_HEIGHT
    return Axis(hours, top, top + round(hours.duration / _HOUR * an_hour))


def _footer(image: WeekImageData) -> Footer:
    marks = [Pattern.FREE, Pattern.BOOKED]
    if any(each.closed for each in image.days):
        marks.append(Pattern.CLOSED)
    if any(each.unknown for each in image.days):
        marks.append(Pattern.UNKNOWN)
    week = Interval(image.days[0].hours.start, image.days[-1].hours.end)
    today = [each.hours.start for each in image.days if each.is_today]
    day = today[0].astimezone(image.zone).date() if today else None
    return build_footer(
        image.data_age, week, image.zone, patterns=marks, day=day, clock=image.clock
    )


def _draw_hours(canvas: Canvas, right: int, hours: Sequence[tuple[int, str]]) -> None:
    """Name the hours to the left of the days."""
    for at, hour in hours:
        place = (right - theme.SPACING, at + theme.SMALL_FONT.baseline_shift)
        canvas.draw_text(place, hour, theme.SMALL_FONT, theme.MUTED_TEXT, align="right")
        canvas.fill_rect(
            (right - 4, at, right + 3, at + 1),
            theme.GRID_LINE,
        )


def _draw_day(
    canvas: Canvas, column: tuple[int, int], axis: Axis, day: DayBars, image: WeekImageData
) -> None:
    left, right = column
    _draw_name(canvas, column, axis.first, day)
    canvas.fill_pattern((left, axis.first, right, axis.last), Pattern.BOOKED)
    for parts, mark in ((day.closed, Pattern.CLOSED), (day.unknown, Pattern.UNKNOWN)):
        for each in parts:
            top, bottom = axis.pixels_touching(each)
            canvas.fill_pattern((left, top, right, bottom), mark)
    for each in day.gaps:
        top, bottom = axis.pixels_within(each)
        canvas.fill_pattern((left, top, right, bottom), Pattern.FREE)
    if image.now and day.is_today and image.now in day.hours:
        _draw_now(canvas, column, axis.pixel_at(image.now))
    for each in day.gaps:
        top, bottom = axis.pixels_within(each)
        _draw_times(canvas, (left, top, right, bottom), each, image)
    for each in day.unknown:
        top, bottom = axis.pixels_touching(each)
        canvas.label((left, top, right, bottom), "unknown", "?")


def _draw_name(canvas: Canvas, column: tuple[int, int], first: int, day: DayBars) -> None:
    left, right = column
    if day.is_today:
        canvas.fill_rect((left, first - 34, right, first - 4), theme.NOW)
    face, ink = (theme.BOLD_FONT, theme.ON_NOW) if day.is_today else (theme.SMALL_FONT, theme.TEXT)
    name = truncate_to_width(day.name, face, right - left)
    place = ((left + right) // 2, first - 19 + face.baseline_shift)
    canvas.draw_text(place, name, face, ink, align="middle")


def _draw_now(canvas: Canvas, column: tuple[int, int], at: int) -> None:
    left, right = column
    # On the ground, for those who do not tell its colour from that of free time.
    canvas.fill_rect((left, at - 3, right, at + 4), theme.BACKGROUND)
    canvas.fill_rect((left - 3, at - 1, right + 3, at + 2), theme.NOW)


def _draw_times(
    canvas: Canvas, box: tuple[int, int, int, int], gap: Interval, image: WeekImageData
) -> None:
    """Write the times of a gap: from and to, or in less space just until when."""
    left, top, right, bottom = box
    start, end = (
        clock_text(each.astimezone(image.zone), image.clock) for each in (gap.start, gap.end)
    )
    middle, line = (left + right) // 2, theme.SMALL_FONT.size
    if bottom - top >= 2 * line + theme.SPACING:
        _draw_time(canvas, (middle, top + line // 2 + 3), start)
        _draw_time(canvas, (middle, bottom - line // 2 - 3), end)
    elif bottom - top >= line - 2 and text_width(f"–{end}", theme.SMALL_FONT) <= right - left:
        _draw_time(canvas, (middle, (top + bottom) // 2), f"–{end}")


def _draw_time(canvas: Canvas, center: tuple[int, int], text: str) -> None:
    place = (center[0], center[1] + theme.SMALL_FONT.baseline_shift)
    canvas.draw_text(place, text, theme.SMALL_FONT, theme.ON_FREE, align="middle")
