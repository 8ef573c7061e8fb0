"""The campus at a glance: buildings down, hours across, how much of each is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core.availability.heatmap import hour_slots
from core.clock_text import hour_labels
from core.images import theme
from core.images.canvas import Box, Canvas, Pattern
from core.images.layout import CONTENT_TOP, DataAgeSpan, Footer, build_footer, new_canvas
from core.images.text_rendering import text_width, truncate_to_width
from core.model.campus import ClockStyle
from core.model.interval import Interval

_ROW_HEIGHT = 44
_HEADER_HEIGHT = 44
_BAND_SPACING = 16
"""Between two bands."""

_UNKNOWN_STRIP_HEIGHT = 10
"""How high the mark is of what is partly unknown."""

_MAX_NAME_WIDTH = 200


@dataclass(frozen=True, slots=True)
class HeatmapImageRow:
    """A building's hours: the share of its known rooms' time that is free, from 0 to 1.

    None where nothing is known; an hour that is absent is one in which it is closed.
    `unknown` has the share of all its rooms' time of which nothing is known, where there is any.
    """

    name: str
    free_shares: Mapping[datetime, float | None]
    unknown_shares: Mapping[datetime, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeatmapImageData:
    """All that the picture shows; `hours` hold the opening hours of all buildings.

    The shares' hours are those that `hour_slots` makes of them.
    """

    title: str
    day: str
    hours: Interval
    rows: Sequence[HeatmapImageRow]
    now: datetime | None
    zone: ZoneInfo
    data_age: DataAgeSpan
    clock: ClockStyle = ClockStyle.HOURS_24


def draw_heatmap(image: HeatmapImageData) -> bytes:
    """Draw the campus; returns a PNG.

    Days of more hours than there is space for are drawn in bands, one below the other.
    """
    names = min(
        max((text_width(each.name, theme.BODY_FONT) for each in image.rows), default=0),
        _MAX_NAME_WIDTH,
    )
    left = theme.MARGIN + names + 2 * theme.SPACING
    slots = hour_slots(image.hours, image.zone)
    bands = _bands(slots, theme.WIDTH - theme.MARGIN - left)
    high = _HEADER_HEIGHT + _ROW_HEIGHT * len(image.rows) + _BAND_SPACING
    sheet = new_canvas(
        high * len(bands) - _BAND_SPACING, image.title, image.day, _footer(image, slots)
    )
    for number, band in enumerate(bands):
        _draw_band(sheet, (left, CONTENT_TOP + high * number), band, len(bands[0]), image)
    return sheet.to_png()


def _bands(slots: Sequence[Interval], space: int) -> list[Sequence[Interval]]:
    """Divide the hours in equal parts that have space for their numbers."""
    most = space // (text_width("100", theme.SMALL_FONT) + 4)
    number = -(-len(slots) // most)
    size = -(-len(slots) // number)
    return [slots[first : first + size] for first in range(0, len(slots), size)]


def _footer(image: HeatmapImageData, slots: Sequence[Interval]) -> Footer:
    rows = image.rows
    marks = []
    if any(slot.start not in each.free_shares for each in rows for slot in slots):
        marks.append(Pattern.CLOSED)
    if any(each.unknown_shares or None in each.free_shares.values() for each in rows):
        marks.append(Pattern.UNKNOWN)
    words = ["% free, lighter is freer"]
    day = image.hours.start.astimezone(image.zone).date()
    return build_footer(
        image.data_age,
        image.hours,
        image.zone,
        patterns=marks,
        labels=words,
        day=day,
        clock=image.clock,
    )


def _draw_band(
    canvas: Canvas,
    position: tuple[int, int],
    slots: Sequence[Interval],
    columns: int,
    image: HeatmapImageData,
) -> None:
    """Draw some hours of all buildings, `most` being how many there are in the longest band."""
    left, top = position
    first = top + _HEADER_HEIGHT
    space = theme.WIDTH - theme.MARGIN - left
    edges = [left + space * number // columns for number in range(columns + 1)]
    labels = hour_labels(
        [slot.start.astimezone(image.zone) for slot in slots], image.clock, is_narrow=True
    )
    for slot, label, start, end in zip(slots, labels, edges, edges[1:], strict=False):
        is_now = image.now is not None and image.now in slot
        _draw_hour(canvas, (start + 1, first - 36, end - 1, first - 4), label, is_now=is_now)
    for number, row in enumerate(image.rows):
        above = first + _ROW_HEIGHT * number
        name = truncate_to_width(row.name, theme.BODY_FONT, left - theme.MARGIN - 2 * theme.SPACING)
        base = above + _ROW_HEIGHT // 2 + theme.BODY_FONT.baseline_shift
        canvas.draw_text((theme.MARGIN, base), name, theme.BODY_FONT, theme.TEXT)
        for slot, start, end in zip(slots, edges, edges[1:], strict=False):
            _draw_cell(
                canvas, (start + 1, above + 1, end - 1, above + _ROW_HEIGHT - 1), row, slot.start
            )


def _draw_hour(canvas: Canvas, box: Box, label: str, *, is_now: bool) -> None:
    if is_now:
        canvas.fill_rect(box, theme.NOW)
    face, ink = (theme.BOLD_FONT, theme.ON_NOW) if is_now else (theme.SMALL_FONT, theme.MUTED_TEXT)
    _draw_centered(canvas, box, label, face, ink)


def _draw_cell(canvas: Canvas, box: Box, row: HeatmapImageRow, moment: datetime) -> None:
    if moment not in row.free_shares:
        canvas.fill_pattern(box, Pattern.CLOSED)
        return
    share = row.free_shares[moment]
    if share is None:
        canvas.fill_pattern(box, Pattern.UNKNOWN)
        canvas.label(box, "?")
        return
    tenth = round(share * 10)
    canvas.fill_rect(box, theme.SHADES[tenth])
    _draw_centered(canvas, box, f"{_percent(share)}", theme.SMALL_FONT, theme.ON_SHADES[tenth])
    if unknown := row.unknown_shares.get(moment):
        left, _, right, bottom = box
        width = max(round(unknown * (right - left)), _UNKNOWN_STRIP_HEIGHT)
        canvas.fill_pattern(
            (left, bottom - _UNKNOWN_STRIP_HEIGHT, left + width, bottom), Pattern.UNKNOWN
        )


def _draw_centered(canvas: Canvas, box: Box, text: str, font: theme.Font, ink: theme.InkOn) -> None:
    left, top, right, bottom = box
    place = ((left + right) // 2, (top + bottom) // 2 + font.baseline_shift)
    canvas.draw_text(place, text, font, ink, align="middle")


def _percent(share: float) -> int:
    """Return hundredths; none and all only where it is none and all."""
    return min(max(round(share * 100), 1 if share else 0), 100 if share == 1 else 99)
