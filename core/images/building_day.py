"""A building's day: rooms down, hours across, free time filled and booked time empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from core.clock_text import clock_text
from core.images import theme
from core.images.axis import Axis
from core.images.canvas import MAX_COMPRESSION, Canvas, Pattern
from core.images.layout import CONTENT_TOP, DataAgeSpan, Footer, build_footer, new_canvas
from core.images.text_rendering import text_width, truncate_to_width
from core.model.campus import ClockStyle
from core.model.interval import Interval

_MAX_NAME_WIDTH = 160
_MIN_HOUR_SPACING = 40
_HEADER_HEIGHT = 44
"""How high the hours above a band are."""

_MAX_TIMES, _FEWER_TIMES = 6, 2
"""Gaps of a room whose end is written into them: the longest, where they have space."""

_MAX_BYTES_PER_ROOM = 1_500
_MIN_ROOMS_IN_BUDGET = 40

_ROOMS_PER_BAND = 20
"""Rooms between one line of hours and the next: nobody has to scroll to see them."""


@dataclass(frozen=True, slots=True)
class RoomBars:
    """A room's day; what is neither a gap nor closed nor unknown is booked."""

    name: str
    gaps: Sequence[Interval]
    closed: Sequence[Interval]
    unknown: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class BuildingDayImageData:
    """All that the picture shows; `now` is None where it is not to be marked."""

    title: str
    day: str
    hours: Interval
    rooms: Sequence[RoomBars]
    now: datetime | None
    zone: ZoneInfo
    data_age: DataAgeSpan
    clock: ClockStyle = ClockStyle.HOURS_24


def draw_building_day(image: BuildingDayImageData) -> bytes:
    """Draw the day; returns a PNG.

    Not larger than 60 KB for 40 rooms: of days that are cut up beyond all measure, fewer gaps
    have their time written into them. The others are read off the hours above.
    """
    most_bytes = _MAX_BYTES_PER_ROOM * max(len(image.rooms), _MIN_ROOMS_IN_BUDGET)
    drawn = _draw(image, _MAX_TIMES).to_png()
    if len(drawn) > most_bytes:
        drawn = _draw(image, _FEWER_TIMES).to_png()
    if len(drawn) > most_bytes:
        drawn = _draw(image, 0).to_png(compression=MAX_COMPRESSION)
    return drawn


def _draw(image: BuildingDayImageData, times: int) -> Canvas:
    rooms = image.rooms
    bands = [
        rooms[first : first + _ROOMS_PER_BAND] for first in range(0, len(rooms), _ROOMS_PER_BAND)
    ]
    height = _HEADER_HEIGHT * len(bands) + theme.ROW_HEIGHT * len(rooms)
    sheet = new_canvas(height, image.title, image.day, _footer(image))
    names = min(
        max((text_width(each.name, theme.BODY_FONT) for each in rooms), default=0), _MAX_NAME_WIDTH
    )
    left = theme.MARGIN + names + 2 * theme.SPACING
    axis = Axis(image.hours, left, theme.WIDTH - theme.MARGIN)
    top = CONTENT_TOP
    for band in bands:
        bottom = _draw_band(sheet, axis, top, band, image)
        for number, room in enumerate(band):
            _draw_labels(
                sheet,
                axis,
                top + _HEADER_HEIGHT + theme.ROW_HEIGHT * number,
                room,
                image,
                times,
            )
        top = bottom
    return sheet


def _footer(image: BuildingDayImageData) -> Footer:
    marks = [Pattern.FREE, Pattern.BOOKED]
    if any(each.closed for each in image.rooms):
        marks.append(Pattern.CLOSED)
    if any(each.unknown for each in image.rooms):
        marks.append(Pattern.UNKNOWN)
    day = image.hours.start.astimezone(image.zone).date()
    return build_footer(
        image.data_age, image.hours, image.zone, patterns=marks, day=day, clock=image.clock
    )


def _draw_band(
    canvas: Canvas, axis: Axis, top: int, rooms: Sequence[RoomBars], image: BuildingDayImageData
) -> int:
    """Draw some rooms below a line of hours; returns where they end."""
    first = top + _HEADER_HEIGHT
    bottom = first + theme.ROW_HEIGHT * len(rooms)
    now = axis.pixel_at(image.now) if image.now and image.now in image.hours else None
    _draw_hours(canvas, axis, (first, bottom), image, now)
    for number, room in enumerate(rooms):
        _draw_bars(canvas, axis, first + theme.ROW_HEIGHT * number, room)
    if now is not None:
        _draw_now(canvas, now, (first, bottom))
    return bottom


def _draw_hours(
    canvas: Canvas, axis: Axis, rows: tuple[int, int], image: BuildingDayImageData, now: int | None
) -> None:
    first, bottom = rows
    hidden = range(*_now_badge(now)) if now is not None else ()
    for at, hour in axis.ticks(image.zone, min_spacing=_MIN_HOUR_SPACING, clock=image.clock):
        half = text_width(hour, theme.SMALL_FONT) // 2 + 2
        canvas.fill_rect((at, first - theme.SPACING, at + 1, bottom), theme.GRID_LINE)
        if at - half not in hidden and at + half not in hidden:
            canvas.draw_text(
                (at, first - 13), hour, theme.SMALL_FONT, theme.MUTED_TEXT, align="middle"
            )


def _now_badge(now: int) -> tuple[int, int]:
    """Return where the word for now begins and ends."""
    half = text_width("now", theme.BOLD_FONT) // 2 + theme.SPACING
    middle = min(now, theme.WIDTH - theme.MARGIN - half)
    return middle - half, middle + half


def _draw_now(canvas: Canvas, at: int, rows: tuple[int, int]) -> None:
    first, bottom = rows
    # On the ground, for those who do not tell its colour from that of free time.
    canvas.fill_rect((at - 3, first, at + 4, bottom), theme.BACKGROUND)
    canvas.fill_rect((at - 1, first - theme.SPACING, at + 2, bottom), theme.NOW)
    left, right = _now_badge(at)
    canvas.fill_rect((left, first - 34, right, first - theme.SPACING), theme.NOW)
    place = ((left + right) // 2, first - 21 + theme.BOLD_FONT.baseline_shift)
    canvas.draw_text(place, "now", theme.BOLD_FONT, theme.ON_NOW, align="middle")


def _draw_bars(canvas: Canvas, axis: Axis, top: int, room: RoomBars) -> None:
    above, below = _bar_span(top)
    canvas.fill_pattern((axis.first, above, axis.last, below), Pattern.BOOKED)
    for parts, mark in ((room.closed, Pattern.CLOSED), (room.unknown, Pattern.UNKNOWN)):
        for each in parts:
            start, end = axis.pixels_touching(each)
            canvas.fill_pattern((start, above, end, below), mark)
    for each in room.gaps:
        start, end = axis.pixels_within(each)
        canvas.fill_pattern((start, above, end, below), Pattern.FREE)


def _draw_labels(
    canvas: Canvas, axis: Axis, top: int, room: RoomBars, image: BuildingDayImageData, times: int
) -> None:
    middle = top + theme.ROW_HEIGHT // 2
    name = truncate_to_width(
        room.name, theme.BODY_FONT, axis.first - theme.MARGIN - 2 * theme.SPACING
    )
    canvas.draw_text(
        (theme.MARGIN, middle + theme.BODY_FONT.baseline_shift), name, theme.BODY_FONT, theme.TEXT
    )
    base = middle + theme.SMALL_FONT.baseline_shift
    for each in _longest(room.gaps, times):
        start, end = axis.pixels_within(each)
        until = clock_text(each.end.astimezone(image.zone), image.clock)
        if text_width(until, theme.SMALL_FONT) + 2 * theme.SPACING <= end - start:
            canvas.draw_text(
                (end - theme.SPACING, base), until, theme.SMALL_FONT, theme.ON_FREE, align="right"
            )
    above, below = _bar_span(top)
    for each in _longest(room.unknown, 1):
        start, end = axis.pixels_touching(each)
        canvas.label((start, above, end, below), "unknown", "?")


def _longest(parts: Sequence[Interval], number: int) -> Sequence[Interval]:
    """Return so many of them."""
    if len(parts) <= number:
        return parts
    return sorted(parts, key=attrgetter("duration"), reverse=True)[:number]


def _bar_span(top: int) -> tuple[int, int]:
    """Return where the bar of a row begins and ends."""
    above = top + (theme.ROW_HEIGHT - theme.BAR_HEIGHT) // 2
    return above, above + theme.BAR_HEIGHT
