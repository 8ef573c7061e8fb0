"""A sheet that is drawn on: solid fields, stripes and smooth type, in one small palette."""

from enum import Enum
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image

from core.pictures import look, palette
from core.pictures.lettering import letters, width_of
from core.pictures.look import Colour, Face, Ink

COMPRESSION, MOST_COMPRESSION = 6, 9
"""Less than the first writes files half as large again; the other takes six times as long."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; the last two are outside."""

Align = Literal["left", "middle", "right"]


class Mark(Enum):
    """How a stretch of time looks, and what that is called."""

    FREE = "free"
    BOOKED = "booked"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Sheet:
    """A picture being drawn, in places of the palette."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("L", (look.WIDTH, height), palette.place(look.GROUND))

    def fill(self, box: Box, colour: Colour) -> None:
        """Fill a box; one that is empty or reversed is nothing."""
        left, top, right, bottom = box
        if left < right and top < bottom:
            self._image.paste(palette.place(colour), box)

    def mark(self, box: Box, mark: Mark) -> None:
        """Fill a box with what a mark looks like."""
        if mark is Mark.FREE:
            self.fill(box, look.FREE)
        elif mark is Mark.BOOKED:
            self.fill(box, look.TRACK)
        else:
            self._stripe(box, mark)

    def _stripe(self, box: Box, mark: Mark) -> None:
        """Lay stripes over a box, all parts of one large pattern."""
        left, top, right, bottom = box
        if left >= right:
            return
        pattern = _pattern(mark)
        for upper in range(top, bottom, _PATTERN):
            x, y, lower = left % _PERIOD, upper % _PERIOD, min(upper + _PATTERN, bottom)
            part = pattern.crop((x, y, x + right - left, y + lower - upper))
            self._image.paste(part, (left, upper))

    def label(self, box: Box, *texts: str) -> None:
        """Write the first of the texts that fits into the middle of a box, on a plain ground.

        Where it would cover the whole box, it does not fit.
        """
        left, top, right, bottom = box
        middle, center = (left + right) // 2, (top + bottom) // 2
        for text in texts:
            half = width_of(text, look.SMALL) // 2 + look.GAP
            start, end = _around(middle, half, (left, right))
            above, below = _around(center, look.SMALL.size * 3 // 5, (top, bottom))
            has_space = 2 * half <= right - left and look.SMALL.size <= bottom - top
            if has_space and (start, above, end, below) != box:
                self.fill((start, above, end, below), look.GROUND)
                place = (middle, center + look.SMALL.rise)
                self.write(place, text, look.SMALL, look.PLAIN, align="middle")
                return

    def write(
        self, place: tuple[int, int], text: str, face: Face, ink: Ink, *, align: Align = "left"
    ) -> None:
        """Write text beside a place on its base line, over whatever lies there."""
        drawn = letters(text, face, ink)
        before = {"left": 0, "middle": drawn.width // 2, "right": drawn.width}[align]
        beyond = (drawn.image.width - drawn.width) // 2
        self._image.paste(drawn.image, (place[0] - before - beyond, place[1] - drawn.above))

    def png(self, *, compression: int = COMPRESSION) -> bytes:
        """Return the picture as a file."""
        self._image.putpalette([part for colour in palette.COLOURS for part in colour])
        file = BytesIO()
        self._image.save(file, "PNG", compress_level=compression)
        return file.getvalue()


def _around(middle: int, half: int, ends: tuple[int, int]) -> tuple[int, int]:
    """Return a plain stretch in the middle; all of it where just crumbs of stripes are left."""
    first, last = ends
    is_whole = min(middle - half - first, last - middle - half) < _PERIOD // 2
    return ends if is_whole else (middle - half, middle + half)


_PERIOD = 16
_PATTERN = 64
_STAIR = 2
"""Pixels that stripes rise at once: lines that are alike make the file small."""

_CLOSED = "####............"
_UNKNOWN = "##......" * 2


@cache
def _pattern(mark: Mark) -> Image.Image:
    """Return as much of a pattern as any crop of it needs: closed rises, unknown falls."""
    width, height = look.WIDTH + _PERIOD, _PATTERN + _PERIOD
    form, ink, slope = (
        (_CLOSED, look.STRIPES, 1) if mark is Mark.CLOSED else (_UNKNOWN, look.HATCHES, -1)
    )
    colours = {"#": ink.colour, ".": ink.ground}
    row = bytes(palette.place(colours[each]) for each in form) * (width // _PERIOD + 2)
    offsets = (slope * (y - y % _STAIR) % _PERIOD for y in range(height))
    return Image.frombytes("L", (width, height), b"".join(row[at : at + width] for at in offsets))
