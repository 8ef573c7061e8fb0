"""Type: how wide a text is, how it is cut to fit, and its letters ready to be put down."""

import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from core.images import palette
from core.images.theme import Font, InkOn

_FONT_FOLDER = Path(__file__).parent / "fonts"
_SUBSTITUTES = str.maketrans("\u02b9\u02bc", "''")
"""Marks beside letters that the fonts lack, and what looks like them."""

_PADDING = 2
"""Pixels of ground beside letters: a line that they lie over does not touch them."""


class RenderedText(NamedTuple):
    """A text in places of the palette; `above` is how far its top is above its base line."""

    image: Image.Image
    width: int
    above: int


# The same names and hours are written again and again.
@lru_cache(maxsize=1024)
def render_text(text: str, font: Font, ink: InkOn) -> RenderedText:
    """Return a text, drawn."""
    text, loaded = _printable(text), _load_font(font)
    left, top, right, bottom = (int(each) for each in loaded.getbbox(text, anchor="ls"))
    size = max(right - min(left, 0), 1) + 2 * _PADDING, max(bottom - top, 1)
    image = Image.new("L", size)
    place = (_PADDING - min(left, 0), -top)
    ImageDraw.Draw(image).text(place, text, fill=255, font=loaded, anchor="ls")
    return RenderedText(image.point(palette.coverage_lut(ink)), size[0] - 2 * _PADDING, -top)


@lru_cache(maxsize=4096)
def text_width(text: str, font: Font) -> int:
    """Return how many pixels wide a text is."""
    return round(_load_font(font).getlength(_printable(text)))


@lru_cache(maxsize=1024)
def truncate_to_width(text: str, font: Font, width: int) -> str:
    """Return the text, cut in the middle where it is wider: names often differ in their ends."""
    if text_width(text, font) <= width:
        return text
    text = _printable(text)
    kept = (
        bisect_right(range(len(text)), width, key=lambda n: text_width(_truncate(text, n), font))
        - 1
    )
    return _truncate(text, max(kept, 0))


def _truncate(text: str, length: int) -> str:
    """Return so many of the letters, a third of them from the end."""
    end = length // 3
    return text[: length - end].rstrip() + "…" + text[len(text) - end :].lstrip()


def _printable(text: str) -> str:
    """Return the text in one line and in composed letters, which the fonts know most of.

    Marks that nobody sees are left out. A letter without a glyph gets the fonts' empty box.
    """
    composed = unicodedata.normalize("NFKC", text).translate(_SUBSTITUTES)
    return " ".join("".join(c for c in composed if c.isprintable() or c.isspace()).split())


@cache
def _load_font(font: Font) -> ImageFont.FreeTypeFont:
    name = "Inter-SemiBold.otf" if font.is_bold else "Inter-Regular.otf"
    return ImageFont.truetype(_FONT_FOLDER / name, font.size, layout_engine=ImageFont.Layout.BASIC)
