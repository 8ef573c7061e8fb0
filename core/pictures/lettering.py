"""Type: how wide a text is, how it is cut to fit, and its letters ready to be put down."""

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from core.pictures import palette
from core.pictures.look import Face, Ink

_FONTS = Path(__file__).parent / "fonts"
_STAND_INS = str.maketrans("\u02b9\u02bc", "''")
"""Marks beside letters that the fonts lack, and what looks like them."""

_PAD = 2
"""Pixels of ground beside letters: a line that they lie over does not touch them."""


class Letters(NamedTuple):
    """A text in places of the palette; `above` is how far its top is above its base line."""

    image: Image.Image
    width: int
    above: int


# The same names and hours are written again and again.
@lru_cache(maxsize=1024)
def letters(text: str, face: Face, ink: Ink) -> Letters:
    """Return a text, drawn."""
    text, font = _drawable(text), _font(face)
    left, top, right, bottom = (int(each) for each in font.getbbox(text, anchor="ls"))
    size = max(right - min(left, 0), 1) + 2 * _PAD, max(bottom - top, 1)
    image = Image.new("L", size)
    place = (_PAD - min(left, 0), -top)
    ImageDraw.Draw(image).text(place, text, fill=255, font=font, anchor="ls")
    return Letters(image.point(palette.places(ink)), size[0] - 2 * _PAD, -top)


@lru_cache(maxsize=4096)
def width_of(text: str, face: Face) -> int:
    """Return how many pixels wide a text is."""
    return round(_font(face).getlength(_drawable(text)))


@lru_cache(maxsize=1024)
def fitted(text: str, face: Face, width: int) -> str:
    """Return the text, cut in the middle where it is wider: names often differ in their ends."""
    if width_of(text, face) <= width:
        return text
    text = _drawable(text)
    kept = bisect_right(range(len(text)), width, key=lambda n: width_of(_cut(text, n), face)) - 1
    return _cut(text, max(kept, 0))


def _cut(text: str, kept: int) -> str:
    """Return so many of the letters, a third of them from the end."""
    end = kept // 3
    return text[: kept - end].rstrip() + "…" + text[len(text) - end :].lstrip()


def _drawable(text: str) -> str:
    """Return the text in one line and in composed letters, which the fonts know most of.

    Marks that nobody sees are left out. A letter without a glyph gets the fonts' empty box.
    """
    composed = unicodedata.normalize("NFKC", text).translate(_STAND_INS)
    return " ".join("".join(c for c in composed if c.isprintable() or c.isspace()).split())


@cache
def _font(face: Face) -> ImageFont.FreeTypeFont:
    name = "Inter-SemiBold.otf" if face.is_bold else "Inter-Regular.otf"
    return ImageFont.truetype(_FONTS / name, face.size, layout_engine=ImageFont.Layout.BASIC)
