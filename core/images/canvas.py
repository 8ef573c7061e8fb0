"""A sheet that is drawn on: solid fields, stripes and smooth type, in one small palette."""

from enum import Enum
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image

from core.images import palette, theme
from core.images.text_rendering import render_text, text_width
from core.images.theme import Color, Font, InkOn

COMPRESSION, MAX_COMPRESSION = 6, 9
"""Less than the first writes files half as large again; the other takes six times as long."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; the last two are outside."""

Align = Literal["left", "middle", "right"]


class Pattern(Enum):
    """How a stretch of time looks, and what that is called."""

    FREE = "free"
    BOOKED = "booked"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Canvas:
    """A picture being drawn, in places of the palette."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("L", (theme.WIDTH, height), palette.color_index(theme.BACKGROUND))

    def fill_rect(self, box: Box, color: Color) -> None:
        """Fill a box; one that is empty or reversed is nothing."""
        left, top, right, bottom = box
        if left < right and top < bottom:
            self._image.paste(palette.color_index(color), box)

    def fill_pattern(self, box: Box, pattern: Pattern) -> None:
        """Fill a box with what a mark looks like."""
        if pattern is Pattern.FREE:
            self.fill_rect(box, theme.FREE)
        elif pattern is Pattern.BOOKED:
            self.fill_rect(box, theme.BOOKED)
        else:
            self._fill_stripes(box, pattern)

    def _fill_stripes(self, box: Box, pattern: Pattern) -> None:
        """Lay stripes over a box, all parts of one large pattern."""
        left, top, right, bottom = box
        if left >= right:
            return
        tile = _stripe_tile(pattern)
        for upper in range(top, bottom, _TILE_HEIGHT):
            x, y, lower = (
                left % _STRIPE_PERIOD,
                upper % _STRIPE_PERIOD,
                min(upper + _TILE_HEIGHT, bottom),
            )
            part = tile.crop((x, y, x + right - left, y + lower - upper))
            self._image.paste(part, (left, upper))

    def label(self, box: Box, *texts: str) -> None:
        """Write the first of the texts that fits into the middle of a box, on a plain ground.

        Where it would cover the whole box, it does not fit.
        """
        left, top, right, bottom = box
        middle, center = (left + right) // 2, (top + bottom) // 2
        for text in texts:
            half = text_width(text, theme.SMALL_FONT) // 2 + theme.SPACING
            start, end = _centered_span(middle, half, (left, right))
            above, below = _centered_span(center, theme.SMALL_FONT.size * 3 // 5, (top, bottom))
            has_space = 2 * half <= right - left and theme.SMALL_FONT.size <= bottom - top
            if has_space and (start, above, end, below) != box:
                self.fill_rect((start, above, end, below), theme.BACKGROUND)
                place = (middle, center + theme.SMALL_FONT.baseline_shift)
                self.draw_text(place, text, theme.SMALL_FONT, theme.TEXT, align="middle")
                return

    def draw_text(
        self, position: tuple[int, int], text: str, font: Font, ink: InkOn, *, align: Align = "left"
    ) -> None:
        """Write text beside a place on its base line, over whatever lies there."""
        drawn = render_text(text, font, ink)
        before = {"left": 0, "middle": drawn.width // 2, "right": drawn.width}[align]
        beyond = (drawn.image.width - drawn.width) // 2
        self._image.paste(drawn.image, (position[0] - before - beyond, position[1] - drawn.above))

    def to_png(self, *, compression: int = COMPRESSION) -> bytes:
        """Return the picture as a file."""
        self._image.putpalette([part for colour in palette.COLORS for part in colour])
        file = BytesIO()
        self._image.save(file, "PNG", compress_level=compression)
        return file.getvalue()


def _centered_span(middle: int, half: int, ends: tuple[int, int]) -> tuple[int, int]:
    """Return a plain stretch in the middle; all of it where just crumbs of stripes are left."""
    first, last = ends
    is_whole = min(middle - half - first, last - middle - half) < _STRIPE_PERIOD // 2
    return ends if is_whole else (middle - half, middle + half)


_STRIPE_PERIOD = 16
_TILE_HEIGHT = 64
_STRIPE_STEP = 2
"""Pixels that stripes rise at once: lines that are alike make the file small."""

_CLOSED_STRIPE = "####............"
_UNKNOWN_STRIPE = "##......" * 2


@cache
def _stripe_tile(pattern: Pattern) -> Image.Image:
    """Return as much of a pattern as any crop of it needs: closed rises, unknown falls."""
    width, height = theme.WIDTH + _STRIPE_PERIOD, _TILE_HEIGHT + _STRIPE_PERIOD
    form, ink, slope = (
        (_CLOSED_STRIPE, theme.CLOSED_STRIPES, 1)
        if pattern is Pattern.CLOSED
        else (_UNKNOWN_STRIPE, theme.UNKNOWN_HATCHES, -1)
    )
    colours = {"#": ink.color, ".": ink.background}
    row = bytes(palette.color_index(colours[each]) for each in form) * (width // _STRIPE_PERIOD + 2)
    offsets = (slope * (y - y % _STRIPE_STEP) % _STRIPE_PERIOD for y in range(height))
    return Image.frombytes("L", (width, height), b"".join(row[at : at + width] for at in offsets))
