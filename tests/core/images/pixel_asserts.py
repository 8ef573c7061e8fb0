"""Reads pictures as one who looks at them: what each pixel of a bar shows."""

from io import BytesIO
from itertools import groupby

from PIL import Image

from core.images import building_day, theme
from core.images.layout import CONTENT_TOP

FREE = {theme.FREE}
BOOKED = {theme.BOOKED}
CLOSED = {theme.CLOSED, theme.CLOSED_STRIPES.color}
UNKNOWN = {theme.BACKGROUND, theme.UNKNOWN_HATCHES.color}
END = theme.WIDTH - theme.MARGIN


def seen(png):
    """Return the picture in full colour."""
    return Image.open(BytesIO(png)).convert("RGB")


def row_at(number):
    """Return the height at which a room's bar is, above the letters in it."""
    heads = building_day._HEADER_HEIGHT * (1 + number // building_day._ROOMS_PER_BAND)
    return (
        CONTENT_TOP
        + heads
        + theme.ROW_HEIGHT * number
        + (theme.ROW_HEIGHT - theme.BAR_HEIGHT) // 2
        + 1
    )


def line_at(image, height, *, first=0, last=END):
    """Return the colours of a line of the picture."""
    return [image.getpixel((x, height)) for x in range(first, last)]


def runs(line, colours):
    """Return where stretches of those colours begin and end."""
    found, at = [], 0
    for is_wanted, run in groupby(line, key=lambda each: each in colours):
        length = len(list(run))
        if is_wanted:
            found.append((at, at + length))
        at += length
    return found
